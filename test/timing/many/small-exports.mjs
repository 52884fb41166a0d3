/**
 * Ten thousand small exports of every kind in one process, 64 at once, in four worker threads. Prints what came of them as JSON.
 *
 *     node --expose-gc small-exports.mjs FOLDER
 */
import { once } from 'node:events'
import { getHeapStatistics } from 'node:v8'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { EXPORTS, leftovers, recording } from '../../reliability/faults/exports.mjs'
import { longestTurn } from '../../support/event-loop.mjs'

const collectGarbage = /** @type {NodeJS.GCFunction} */ (globalThis.gc)
const THREADS = 4
const AT_ONCE = 16
/** Of each thread, after which memory is looked at; what comes before the first look fills caches and pools. */
const ROUNDS = 5
const EXPORTS_A_ROUND = 500

if (parentPort) work(parentPort, workerData)
else await watch(process.argv[2])

async function watch(folder) {
  const workers = Array.from({ length: THREADS }, (_, i) => new Worker(new URL(import.meta.url), { workerData: `${folder}/${i}-` }))
  const memory = []
  const totals = { settled: 0, failed: 0 }
  let longest = 0
  for (let round = 0; round < ROUNDS; round++) {
    const reports = await Promise.all(workers.map((worker) => ask(worker, 'go on')))
    let heaps = heapSize()
    for (const { settled, failed, turn, heap } of reports) {
      totals.settled += settled
      totals.failed += failed
      longest = Math.max(longest, turn)
      heaps += heap
    }
    memory.push((process.memoryUsage().rss - heaps) / 1e6)
  }
  await Promise.all(workers.map((worker) => ask(worker, 'end')))
  console.log(JSON.stringify({ ...totals, memory, longest, left: leftovers(folder) }))
}

/** Has a worker do something, and waits for its answer. Its errors are ours. */
async function ask(worker, what) {
  worker.postMessage(what)
  const [answer] = await once(worker, what === 'end' ? 'exit' : 'message')
  return answer
}

/** In a worker: a round for every message but the last. */
function work(parent, prefix) {
  const recordings = [recording(30, 0), recording(300, 1)]
  const writers = Object.entries(EXPORTS)
  const answer = async (message) => {
    if (message === 'end') return parent.close()
    let next = 0
    let settled = 0
    let failed = 0
    const exportInTurn = async (place) => {
      while (next < EXPORTS_A_ROUND) {
        const number = next++
        const [name, write] = writers[number % writers.length]
        await write(recordings[number % 2], `${prefix}${place}-${name}`, {}).catch(() => failed++)
        settled++
      }
    }
    const turn = await longestTurn(() => Promise.all(Array.from({ length: AT_ONCE }, (_, place) => exportInTurn(place))))
    collectGarbage()
    parent.postMessage({ settled, failed, turn, heap: heapSize() })
  }
  parent.on('message', (message) => void answer(message))
}

/** What the engine keeps for this thread, which grows and shrinks as it sees fit. */
function heapSize() {
  return getHeapStatistics().total_heap_size
}
