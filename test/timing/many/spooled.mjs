/**
 * Spikes that come in batches and from files, with as much memory as the least: prints the peak of the process's memory in MB as JSON.
 *
 *     node spooled.mjs SPIKES UNITS FOLDER
 */
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from 'spikeport'

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

const sd = await SpikeData.fromBatches(batches(), options)
await exportSpikeDataToHdf5(sd, `${folder}/a.h5`)
await sd.close()
// From the file itself, and from a spool.
const loaded = await loadSpikeDataFromHdf5(`${folder}/a.h5`, { lazy: true, ...options })
await exportSpikeDataToHdf5(loaded, `${folder}/b.h5`, { style: 'paired' })
await loaded.close()
const again = await loadSpikeDataFromHdf5(`${folder}/b.h5`, { lazy: true, ...options })
await exportSpikeDataToHdf5(again, `${folder}/a.h5`)
await again.close()
console.log(JSON.stringify(process.resourceUsage().maxRSS / 1024))
