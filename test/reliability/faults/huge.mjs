/**
 * A recording of more spikes than 32 bits can count, and exports of it that are stopped when they first report their progress. Prints, by
 * name, the bytes that each had to write and the files it left, as JSON.
 *
 *     node huge.mjs FOLDER
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportToPickle, SpikeData } from 'spikeport'

export const EACH = 2 ** 22
export const SHARING = 2 ** 10
export const SHARED_SPIKES = EACH * SHARING
export const LAST = [7, 8, 9.5]
export const SPIKES = SHARED_SPIKES + LAST.length

/** The trains: all but the last are one array. */
export function trains() {
  const shared = new Float64Array(EACH).fill(5)
  return [...Array.from({ length: SHARING }, () => shared), Float64Array.from(LAST)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await stopAll(process.argv[2])

async function stopAll(folder) {
  const sd = await SpikeData.create(trains(), { length: 100 })
  const writers = {
    'contiguous ragged': (options) => exportSpikeDataToHdf5(sd, `${folder}/a.h5`, options),
    group: (options) => exportSpikeDataToHdf5(sd, `${folder}/a.h5`, { style: 'group', ...options }),
    KiloSort: (options) => exportSpikeDataToKilosort(sd, `${folder}/ks`, { fsHz: 30000, ...options }),
    Phy: (options) => exportSpikeDataToKilosort(sd, `${folder}/ks`, { fsHz: 30000, phy: true, ...options }),
    pickle: (options) => exportToPickle(sd, `${folder}/a.pkl`, options),
    'pickle 2': (options) => exportToPickle(sd, `${folder}/a.pkl`, { protocol: 2, ...options }),
  }
  /** @type {Record<string, { total: number, left: string[] }>} */
  const found = {}
  for (const [name, write] of Object.entries(writers)) {
    let total = 0
    const stop = new Error('enough')
    const onProgress = ({ bytesTotal }) => {
      total = bytesTotal
      throw stop
    }
    const error = await write({ onProgress }).catch((thrown) => thrown)
    if (error !== stop) throw error
    found[name] = { total, left: readdirSync(folder) }
  }
  console.log(JSON.stringify(found))
}
