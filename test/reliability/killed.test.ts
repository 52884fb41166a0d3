/**
 * Processes that are killed while they export: the target is one whole export or the other, and the next export cleans up.
 */
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startProcess } from '../support/child.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { contentsAt, EXPORTS, leftovers, recording } from './faults/exports.mjs'

type Write = (sd: unknown, path: string, options: object) => Promise<unknown>

/** How many processes are killed in the middle of each kind of export. */
const KILLS_A_KIND = Number(process.env.SPIKEPORT_KILLS ?? 4)

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()

t.test('processes that are killed while they replace what is there', async (t) => {
  const folder = `${dir}/killed`
  mkdirSync(folder)
  let kills = 0
  for (const [name, write] of Object.entries(EXPORTS) as [string, Write][]) {
    const path = `${folder}/${name}`
    const wholes: Record<string, string>[] = []
    for (const kind of [0, 1]) {
      await write(recording(60_000, kind), path, {})
      wholes.push(contentsAt(path))
    }
    for (let i = 0; i < KILLS_A_KIND; i++) {
      const { child, ended } = startProcess(process.execPath, [`${here}replace.mjs`, name, path])
      await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
      await sleep(Math.random() * 20)
      child.kill(i % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
      t.match(await ended, { signal: i % 2 === 0 ? 'SIGKILL' : 'SIGTERM', stderr: '' })
      const left: Record<string, string> = contentsAt(path)
      const files = Object.keys(wholes[0]!)
      const torn = files.filter((file) => wholes.every((whole) => whole[file] !== left[file]))
      if (torn.length > 0) t.fail(`${name}: torn: ${torn}`)
      kills++
    }
    await write(recording(60_000, 0), path, {})
    t.strictSame(contentsAt(path), wholes[0], `${name}: the next export is whole`)
    t.strictSame(leftovers(folder), [], `${name}: and has cleaned up`)
  }
  t.equal(kills, KILLS_A_KIND * Object.keys(EXPORTS).length)
})
