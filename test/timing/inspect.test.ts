/**
 * An inspection takes milliseconds whatever the size of the file, reads next to nothing of it, and does not hold the JS thread; recognising a
 * format costs little beside loading a small file.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Hdf5Child, Hdf5File } from '../../lib/engine/reading/hdf5-file.js'
import { entriesIn } from '../../lib/formats/workspace/reading/entries.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  inspect,
  loadSpikeData,
  SpikeData,
} from '../../lib/index.js'
import { slowdown } from '../support/event-loop.mjs'
import { loaderOf, writeEverything } from '../support/every-reader.js'
import { checkTurns } from '../support/short-turns.js'

const UNITS = 500
const SPIKES = 26_000
/** The bytes of all times: 104 MB. */
const BYTES = 8 * UNITS * SPIKES

/** A pickle takes the longest: each of its arrays is skipped with a read of its own. */
const MOST_MS = 60
const MOST_READ = BYTES / 20
const ROUNDS = 5
/** Twice what opening a file twice takes here, or reading the directory of an archive twice. */
const MOST_MORE_MS = 3

const dir = t.testdir()
const nwb = { sessionStartTime: '2026-03-01T14:05:00Z' }
const WRITERS: Record<string, (sd: SpikeData, path: string) => Promise<unknown>> = {
  ragged: (sd, path) => exportSpikeDataToHdf5(sd, path),
  'ragged, compressed': (sd, path) => exportSpikeDataToHdf5(sd, path, { compression: { level: 1 } }),
  paired: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'paired' }),
  group: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'group' }),
  nwb: (sd, path) => exportSpikeDataToNwb(sd, path, { fsHz: 30000, nwb }),
  kilosort: (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: 30000, phy: true }),
  'pickle 5': (sd, path) => exportToPickle(sd, path),
  'pickle 2': (sd, path) => exportToPickle(sd, path, { protocol: 2 }),
  workspace: (sd, path) => exportToWorkspace({ day: { sd } }, `${path}.h5`),
}

/** The bytes that this process has read by system calls. */
function bytesRead(): number {
  return Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
}

const flat = Float64Array.from({ length: UNITS * SPIKES }, (_, i) => (i % SPIKES) * 3.25)
const recording = SpikeData.fromFlat(
  flat,
  Array.from({ length: UNITS }, (_, unit) => (unit + 1) * SPIKES),
)

for (const [name, write] of Object.entries(WRITERS)) {
  t.test(name, async (t) => {
    const path = `${dir}/${name}`
    await write(recording, path)
    const found = await inspect(path)
    t.equal(found.spikes, UNITS * SPIKES)
    // Of some the units are known only by what belongs to each spike.
    t.equal(found.units, name === 'paired' || name === 'kilosort' ? undefined : UNITS)
    const before = bytesRead()
    let fastest = Infinity
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now()
      await inspect(path)
      fastest = Math.min(fastest, performance.now() - started)
    }
    const read = (bytesRead() - before) / ROUNDS
    t.ok(fastest < MOST_MS * slowdown(), `${fastest.toFixed(1)} ms`)
    t.ok(read < MOST_READ, `${read} bytes of ${BYTES} are read`)
    await checkTurns(t, () => inspect(path))
  })
}

t.test('a namespace with very many links', async (t) => {
  const links: Hdf5Child[] = Array.from({ length: 1_000_000 }, (_, i) => ({ name: `${i}`, kind: 'group' }) as Hdf5Child)
  const enough = new Error('enough')
  const file = {
    children: async (path: string) => (path === '/' ? [{ name: 'day', kind: 'group' }] : links),
    describeAll: async () => {
      throw enough
    },
  } as unknown as Hdf5File
  const namesOnly = async () => {
    for await (const { key } of entriesIn(file, undefined)) t.fail(key)
  }
  await t.rejects(namesOnly(), enough)
  await checkTurns(t, () => namesOnly().catch(() => {}))
})

t.test('recognising a small file costs little beside loading it', async (t) => {
  const timeOf = async (call: () => Promise<unknown>) => {
    const started = performance.now()
    await call()
    return performance.now() - started
  }
  const usual = (times: number[]) => times.sort((a, b) => a - b)[times.length / 10] as number
  for (const { name, format, path, options } of await writeEverything(t.testdir())) {
    if (name === 'kilosort') continue
    const [own, any]: [number[], number[]] = [[], []]
    // In turn, so that both have the same machine.
    for (let i = 0; i < 100; i++) {
      own.push(await timeOf(() => loaderOf(format)(path, options)))
      any.push(await timeOf(() => loadSpikeData(path)))
    }
    const more = usual(any) - usual(own)
    t.ok(more < MOST_MORE_MS * slowdown(), `${name}: ${more.toFixed(2)} ms more than ${usual(own).toFixed(2)} ms`)
  }
})
