/**
 * Worker threads that are ended at any moment while they export, one after the other, beside exports that go on. Prints what came
 * of it as JSON.
 *
 *     node --expose-gc end-workers.mjs FOLDER
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { SpikeData } from 'spikeport'
import { EXPORTS, leftovers, recording } from './exports.mjs'

const collectGarbage = /** @type {NodeJS.GCFunction} */ (globalThis.gc)
const WORKERS = 60
const WARM_UP = 20

if (parentPort) {
  const sd = recording(30_000, 0)
  const writers = Object.entries(EXPORTS)
  for (;;) {
    const writing = writers.map(([name, write]) => write(sd, `${workerData}/of a worker ${name}`, {}))
    const creating = SpikeData.create(Array.from({ length: 20 }, () => Float64Array.from({ length: 1000 }, Math.random)))
    parentPort.postMessage('started')
    await Promise.all([...writing, creating])
  }
} else {
  await watch(process.argv[2])
}

async function watch(folder) {
  let isEnding = false
  let written = 0
  const sd = recording(3000, 1)
  const goOn = async () => {
    for (; !isEnding; written++) await EXPORTS.nwb(sd, `${folder}/of the main thread`, {})
  }
  const goingOn = goOn()
  const memory = []
  for (let i = 0; i < WORKERS; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: folder })
    // A few before they have begun to export.
    if (i % 5 > 0) await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await sleep(Math.random() * 30)
    await worker.terminate()
    collectGarbage()
    if (i >= WARM_UP) memory.push(process.memoryUsage().rss / 1e6)
  }
  isEnding = true
  await goingOn
  console.log(JSON.stringify({ workers: WORKERS, written, memory, left: leftovers(folder) }))
}
