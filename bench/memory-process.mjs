/**
 * A process that does nothing but export one large recording, for memory.mjs, and prints what it took as JSON:
 *
 *     node bench/memory-process.mjs FORMAT SPIKES PATH
 *
 * It imports nothing that an exporting process would not, as that would be in its peak.
 */
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from 'spikeport'

const UNITS = 1000
const MS_BETWEEN_SPIKES = 0.25
const FS_HZ = 30000
const FORMATS = {
  ragged: (sd, path) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz: FS_HZ }),
  paired: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'paired' }),
  group: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'group' }),
  raster: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1 }),
  gzip: (sd, path) => exportSpikeDataToHdf5(sd, path, { compression: { level: 1 } }),
  nwb: (sd, path) => exportSpikeDataToNwb(sd, path),
  kilosort: (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: FS_HZ }),
  pickle: (sd, path) => exportToPickle(sd, path),
}

const [, , format, spikes, path] = process.argv
const baseBytes = process.memoryUsage.rss()
const times = new Float64Array(Number(spikes))
const perUnit = times.length / UNITS
const ends = Float64Array.from({ length: UNITS }, (_, unit) => (unit + 1) * perUnit)
for (let i = 0; i < times.length; i++) times[i] = (i % perUnit) * MS_BETWEEN_SPIKES
const sd = SpikeData.fromFlat(times, ends)
await FORMATS[format](sd, path)
// maxRSS is the peak since the process began, in KiB.
const peakBytes = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ inputBytes: times.byteLength, baseBytes, peakBytes }))
