/**
 * Exports of every kind with few file descriptors left: every count up to what each of them takes, and some more, as how many a job
 * has open at once is not the same each time. Prints what it found as JSON.
 *
 *     sh -c 'ulimit -n 160; exec node descriptors.mjs FOLDER STORE'
 *
 * STORE is the address of an S3 store that takes everything; TMPDIR is empty, and on the file system of FOLDER.
 */
import { closeSync, openSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { exportToPickle } from 'spikeport'
import { contentsAt, EXPORTS, leftovers, recording, removeAt } from './exports.mjs'

const MOST = 64
/** How often in a row an export must be written before it is taken to have enough. */
const ENOUGH = 12
const [folder, store] = process.argv.slice(2)
const [before, after] = [recording(3, 0), recording(300, 1)]
const found = { refused: 0, written: 0, enough: 0, problems: /** @type {string[]} */ ([]) }

for (const [name, write] of Object.entries(EXPORTS)) {
  const path = `${folder}/${name}`
  await write(before, path, {})
  const old = contentsAt(path)
  await write(after, path, {})
  const whole = contentsAt(path)
  for (const isNew of [false, true]) {
    for (const durable of [false, true]) {
      for (let free = 0, inRow = 0; free <= MOST && inRow < ENOUGH; free++) {
        removeAt(path)
        if (!isNew) await write(before, path, {})
        const error = await withFree(free, () => write(after, path, { durable }))
        const what = `${name}, ${isNew ? 'new' : 'existing'}, ${durable ? 'durable, ' : ''}${free} free`
        inRow = error ? 0 : inRow + 1
        if (inRow === ENOUGH) found.enough++
        check(what, error, path)
        if (!isSame(contentsAt(path), error ? (isNew ? {} : old) : whole)) found.problems.push(`${what}: not as it should be`)
        if (leftovers(folder).length > 0) found.problems.push(`${what}: left ${leftovers(folder)}`)
        await write(after, path, {})
        if (!isSame(contentsAt(path), whole)) found.problems.push(`${what}: the next export differs`)
      }
    }
  }
  removeAt(path)
}

const s3 = {
  s3Upload: true,
  s3Endpoint: store,
  forcePathStyle: true,
  regionName: 'us-east-1',
  awsAccessKeyId: 'id',
  awsSecretAccessKey: 'secret',
}
const upload = () => exportToPickle(after, 's3://bucket/a.pkl', s3)
await upload()
for (let free = 0, inRow = 0; free <= MOST && inRow < ENOUGH; free++) {
  const error = await withFree(free, upload)
  inRow = error ? 0 : inRow + 1
  if (inRow === ENOUGH) found.enough++
  const cause = error?.code === 'ERR_S3_UPLOAD' ? error.cause : error
  check(`S3, ${free} free`, cause, '')
  if (readdirSync(tmpdir()).length > 0) found.problems.push(`S3, ${free} free: left ${readdirSync(tmpdir())}`)
}
console.log(JSON.stringify(found))

/** Runs something with a number of free descriptors. Returns what it throws. */
async function withFree(count, run) {
  const taken = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error
  }
  for (const fd of taken.splice(0, count)) closeSync(fd)
  const error = await run().then(
    () => undefined,
    (thrown) => thrown,
  )
  for (const fd of taken) closeSync(fd)
  return error
}

/** An error names EMFILE, the call, and one of the caller's paths: the target, the folder it is in, or that of spools. */
function check(what, error, path) {
  found[error ? 'refused' : 'written']++
  if (!error) return
  const { code, syscall, message } = error
  // The second file of a workspace is beside the first.
  const isOfTarget = [folder, tmpdir()].includes(error.path) || (error.path ?? '').startsWith(path.replace(/\.h5$/, ''))
  const isRight = code === 'EMFILE' && /^\w+$/.test(syscall) && isOfTarget && !message.includes('.spikeport-')
  if (!isRight) found.problems.push(`${what}: ${error.stack}`)
}

function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}
