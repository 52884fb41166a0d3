/**
 * Spikes that come in batches and from files, with as much memory as the least: prints the peak of the process's memory in MB as JSON.
 *
 *     node spooled.mjs SPIKES UNITS FOLDER
 */
import { rmSync } from 'node:fs'
import { exportSpikeDataToHdf5, exportToPickle, exportToWorkspace, loadSpikeData, SpikeData } from 'spikeport'

const [spikes, units, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]]
const SIZE = 50_000
const options = { spoolFolder: folder, maxMemory: 2 ** 24 }

function* batches() {
  const batch = { units: new Uint32Array(SIZE), times: new Float64Array(SIZE) }
  for (let from = 0; from < spikes; from += SIZE) {
    for (let i = 0; i < SIZE; i++) {
      batch.units[i] = ((from + i) * 7919) % units
      batch.times[i] = (from + i) / 16
    }
    yield batch
  }
}

/**
 * From one file to the next: spikes are in the file itself, or in a spool.
 *
 * @type {((sd: SpikeData, path: string) => Promise<unknown>)[]}
 */
const EXPORTS = [
  (sd, path) => exportSpikeDataToHdf5(sd, path),
  (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'paired' }),
  (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'group' }),
  (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'group', compression: { level: 1 } }),
  (sd, path) => exportToPickle(sd, path),
  (sd, path) => exportToWorkspace({ day: { spikes: sd } }, path),
  (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 50 }),
]

let sd = await SpikeData.fromBatches(batches(), options)
for (const [i, write] of EXPORTS.entries()) {
  const path = `${folder}/${i}.h5`
  await write(sd, path)
  await sd.close()
  sd = await loadSpikeData(path, { lazy: true, ...options, onWarning() {} })
  rmSync(path)
}
if (sd.spikeCount !== spikes) throw new Error(`${sd.spikeCount} spikes are left.`)
await sd.close()
console.log(JSON.stringify(process.resourceUsage().maxRSS / 1024))
