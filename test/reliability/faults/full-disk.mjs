/**
 * Exports to a disk that is too small for them, from one that holds nothing to one that holds almost all, and then to one that is
 * large enough. Prints what it found as JSON.
 *
 *     node full-disk.mjs FOLDER ROUNDS
 *
 * FOLDER is a small file system. Each of ROUNDS leaves a little more room, until it is enough for every export.
 */
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { contentsAt, EXPORTS, leftovers, recording, removeAt } from './exports.mjs'

const [folder, rounds] = process.argv.slice(2)
const found = { refused: 0, written: 0, problems: /** @type {string[]} */ ([]) }
const [before, after] = [recording(3, 0), recording(12_000, 1)]

for (const [name, write] of Object.entries(EXPORTS)) {
  const path = `${folder}/${name}`
  const empty = room()
  await write(after, path, {})
  const whole = contentsAt(path)
  const needed = empty - room()
  removeAt(path)
  await write(before, path, {})
  const old = contentsAt(path)
  for (let round = 0; round < Number(rounds); round++) {
    const left = Math.round(1.2 * needed * (round / Number(rounds)))
    writeFileSync(`${folder}/filler`, Buffer.alloc(Math.max(0, room() - left)))
    const error = await write(after, path, {}).then(
      () => undefined,
      (thrown) => thrown,
    )
    rmSync(`${folder}/filler`)
    const wanted = error ? old : whole
    if (error && error.code !== 'ENOSPC') found.problems.push(`${name} in ${left} bytes: ${error.stack}`)
    if (JSON.stringify(contentsAt(path)) !== JSON.stringify(wanted)) found.problems.push(`${name} in ${left} bytes: not as it should be`)
    if (leftovers(folder).length > 0) found.problems.push(`${name}: left ${leftovers(folder)}`)
    found[error ? 'refused' : 'written']++
    if (!error) await write(before, path, {})
  }
  await write(after, path, {})
  if (JSON.stringify(contentsAt(path)) !== JSON.stringify(whole)) found.problems.push(`${name}: the last export differs`)
  removeAt(path)
}
console.log(JSON.stringify(found))

/** The bytes that are free. */
function room() {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
