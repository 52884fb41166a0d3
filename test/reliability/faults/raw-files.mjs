/**
 * Exports of raw data that stays in its file, while every system call fails, reads among them: for a process in which faulty_io is
 * loaded. Prints what it found as JSON.
 *
 *     node raw-files.mjs FOLDER CONTROL
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, rawFile, SpikeData } from 'spikeport'
import { faultControl } from './control.mjs'
import { contentsAt, leftovers } from './exports.mjs'

const [folder, controlPath] = process.argv.slice(2)
const { errno } = os.constants
/** Failures that an export may survive. */
const SURVIVABLE = ['lock', 'open', 'fchmod', 'close']
const [channels, samples] = [5, 30_000]

const { fail, failedKind } = faultControl(controlPath)
const out = `${folder}/out`
mkdirSync(out)
writeFileSync(
  `${folder}/samples.dat`,
  Int16Array.from({ length: channels * samples }, (_, i) => i * 7919),
)

const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }
const raw = { rawDataset: 'raw', rawTimeDataset: 'raw_time' }
const phy = /** @type {const} */ ({ templates: 'raw', recording: { write: true } })
/** @type {Record<string, (sd: SpikeData, path: string, options?: object) => Promise<unknown>>} */
const WRITERS = {
  tiles: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { compression: {}, ...raw, ...options }),
  contiguous: (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb, rawData: { conversion: 1 }, layout: 'contiguous', ...options }),
  phy: (sd, path, options) => exportSpikeDataToKilosort(sd, path, { fsHz: 20_000, phy, ...options }),
  chunks: (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb, rawData: { conversion: 1 }, layout: 'contiguous', ...options }),
}
const flat = () => rawFile(`${folder}/samples.dat`, { dtype: 'int16', channels })
// The HDF5 library opens a dataset, whose calls are not of interest here; exports read it without.
await exportSpikeDataToNwb(new SpikeData([[1]], { rawData: await flat(), rawTime: 20 }), `${folder}/samples.nwb`, {
  nwb,
  rawData: { conversion: 1 },
  compression: {},
  chunkBytes: 65_536,
})
const dataset = await rawFile(`${folder}/samples.nwb`)

async function exported(name, path, options) {
  const rawData = name === 'chunks' ? dataset : await flat()
  const times = Float64Array.from({ length: 100 }, (_, i) => i * 9.7)
  const sd = new SpikeData([times, times], { rawData, rawTime: 20, neuronAttributes: [{ ch: 0 }, { ch: 4 }] })
  await WRITERS[name](sd, path, options)
}

const found = { injected: /** @type {Record<string, number>} */ ({}), problems: /** @type {string[]} */ ([]) }
for (const name of Object.keys(WRITERS)) {
  const path = `${out}/${name}`
  await exported(name, path, {})
  const whole = contentsAt(path)
  for (const code of /** @type {const} */ (['EIO', 'EINTR'])) {
    for (let countdown = 0; ; countdown++) {
      rmSync(path, { recursive: true })
      fail(countdown, errno[code])
      const error = await exported(name, path, { durable: true }).then(
        () => undefined,
        (thrown) => thrown,
      )
      const kind = failedKind()
      fail(-1)
      const what = `${name}, ${code} in ${kind} ${countdown}`
      if (kind !== '') {
        found.injected[kind] = (found.injected[kind] ?? 0) + 1
        // A call that was interrupted is made again.
        const isSurvivable = SURVIVABLE.includes(kind) || (code === 'EINTR' && ['read', 'write', 'fallocate'].includes(kind))
        if (!error && !(isSurvivable && isWhole(path, whole))) found.problems.push(`${what}: no error was reported`)
        if (error && error.code !== code) found.problems.push(`${what}: ${error.stack}`)
        const partials = leftovers(folder)
        if (partials.length > 0) found.problems.push(`${what}: left ${partials}`)
      }
      await exported(name, path, {})
      if (!isWhole(path, whole)) found.problems.push(`${what}: the next export differs`)
      if (kind === '') break
    }
  }
}
console.log(JSON.stringify(found))

function isWhole(path, whole) {
  return JSON.stringify(contentsAt(path)) === JSON.stringify(whole)
}
