/**
 * A process that does nothing but construct and export one recording, for exports.mjs, and prints what it took as JSON:
 *
 *     node bench/alone/process.mjs '{ "format": "ragged", "units": 1000, "spikes": 1000, "rounds": 1, "path": "x.h5" }'
 *
 */
import { rmSync } from 'node:fs'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, SpikeData } from 'spikeport'
import { VARIANTS } from '../../dist/formats/registry.js'
import { attributesOf, everythingOptions } from '../everything.mjs'
import { measure } from '../measure.mjs'
import { BusyLoop } from './busy-loop.mjs'

const HOUR_MS = 3600000
const FS_HZ = 30000
const EVERYTHING = 'nwb, everything'
const job = JSON.parse(process.argv[2])
const { format, units, spikes, path } = job

const everything = format === EVERYTHING ? everythingOptions(units, HOUR_MS) : {}
const FORMATS = {
  ...Object.fromEntries(VARIANTS.map(({ name, write }) => [name, write])),
  ragged: (sd, path) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz: FS_HZ }),
  raster: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1 }),
  [EVERYTHING]: (sd, path) => exportSpikeDataToNwb(sd, path, everything),
  gzip: (sd, path) => exportSpikeDataToHdf5(sd, path, { compression: { level: 1 } }),
}

const times = new Float64Array(units * spikes)
for (let i = 0; i < times.length; i++) times[i] = ((i % spikes) + 0.5) * (HOUR_MS / spikes)
const train = Array.from({ length: units }, (_, unit) => times.subarray(unit * spikes, (unit + 1) * spikes))
const neuronAttributes = format === EVERYTHING ? attributesOf(train) : undefined

const rounds = []
for (let round = 0; round < job.rounds; round++) {
  let sd
  const construction = await watched(async () => (sd = await SpikeData.create(train, { length: HOUR_MS, neuronAttributes })))
  const exporting = await watched(() => FORMATS[format](sd, path))
  rounds.push({ construction, exporting })
  if (round < job.rounds - 1) rmSync(path, { recursive: true })
}
console.log(JSON.stringify({ inputBytes: times.byteLength, rounds }))

/** What a call takes, and how long it holds up the event loop. */
async function watched(call) {
  const held = { busyMs: /** @type {number | null} */ (null), delayMs: 0 }
  const measured = await measure(async () => {
    const loop = new BusyLoop()
    await call()
    loop.stop()
    held.busyMs = loop.busyMs
    held.delayMs = loop.delayMs
  })
  return { ...measured, ...held }
}
