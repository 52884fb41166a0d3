/**
 * Spikes with values, in batches and from folders and files, with as much memory as the least: prints the peak of the process's memory in MB as
 * JSON.
 *
 *     node spooled-values.mjs SPIKES UNITS FOLDER
 */
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, loadSpikeDataFromKilosort, loadSpikeDataFromNwb, SpikeData } from 'spikeport'

const [spikes, units, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]]
const SIZE = 50_000
const options = { spoolFolder: folder, maxMemory: 2 ** 24 }
const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }
const fsHz = 30_000

// What is not in a Phy folder is no matter here: Node would print it.
process.removeAllListeners('warning')

function* batches() {
  const values = { amplitudes: new Float32Array(SIZE), numbers: new BigUint64Array(SIZE) }
  const batch = { units: new Uint32Array(SIZE), times: new Float64Array(SIZE), values }
  for (let from = 0; from < spikes; from += SIZE) {
    for (let i = 0; i < SIZE; i++) {
      batch.units[i] = ((from + i) * 7919) % units
      batch.times[i] = (from + i) / 16
      values.amplitudes[i] = i % 100
      values.numbers[i] = BigInt(from + i)
    }
    yield batch
  }
}

const sd = await SpikeData.fromBatches(batches(), { ...options, spikeValues: { amplitudes: 'float32', numbers: 'uint64' } })
await exportSpikeDataToNwb(sd, `${folder}/a.nwb`, { nwb, layout: 'contiguous' })
await sd.close()
// From the file itself, and from a spool.
const loaded = await loadSpikeDataFromNwb(`${folder}/a.nwb`, { lazy: true, ...options })
await exportSpikeDataToKilosort(loaded, `${folder}/phy`, { fsHz, phy: true })
await loaded.close()
const again = await loadSpikeDataFromKilosort(`${folder}/phy`, { lazy: true, amplitudes: true, ...options })
await exportSpikeDataToNwb(again, `${folder}/a.nwb`, { nwb })
await again.close()
const last = await loadSpikeDataFromNwb(`${folder}/a.nwb`, { lazy: true, ...options })
const { length } = await last.loadSpikeValues('amplitudes', 0)
await last.close()
console.log(JSON.stringify(length === Math.ceil(spikes / units) ? process.resourceUsage().maxRSS / 1024 : `${length} amplitudes`))
