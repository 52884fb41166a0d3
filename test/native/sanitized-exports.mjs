/**
 * Exports of every kind, again and again, some of them stopped, in several threads, some of them ended: for a process in which a
 * sanitizer watches the addon. Prints what was done as JSON.
 *
 *     node sanitized-exports.mjs FOLDER
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { SpikeData } from 'spikeport'
import { EXPORTS, leftovers, recording, removeAt } from '../reliability/faults/exports.mjs'

const folder = isMainThread ? process.argv[2] : workerData
const writers = Object.entries(EXPORTS)
const done = { exports: 0, stopped: 0, refused: 0, sealed: 0 }

if (isMainThread) {
  await exportAll(recording(30, 0))
  await exportAll(recording(60_000, 1))
  await exportAll(recording(0, 0))
  await exportAtOnce(recording(3000, 0), 64)
  for (let round = 0; round < 5; round++) await stopAll(recording(60_000, round % 2))
  await refuseAll(recording(300, 0))
  await changeWhileExporting()
  await seal()
  await endWorkers()
  console.log(JSON.stringify({ ...done, left: leftovers(folder) }))
} else {
  await exportAll(recording(300, 0), 'of a worker')
  parentPort?.postMessage('written')
  for (;;) await exportAtOnce(recording(30_000, 0), 8, 'of a worker')
}

async function exportAll(sd, place = 'at') {
  for (const [name, write] of writers) {
    for (const durable of [false, true]) {
      await write(sd, `${folder}/${place} ${name}`, { durable, onProgress() {} })
      done.exports++
    }
  }
}

async function exportAtOnce(sd, count, place = 'at once') {
  const pathOf = (i) => `${folder}/${place} ${i} ${writers[i % writers.length][0]}`
  const write = (i) => writers[i % writers.length][1](sd, pathOf(i), { threads: 1 + (i % 3) })
  await Promise.all(Array.from({ length: count }, (_, i) => write(i)))
  done.exports += count
  for (let i = 0; i < count; i++) removeAt(pathOf(i))
}

async function stopAll(sd) {
  for (const [name, write] of writers) {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), Math.random() * 20)
    await write(sd, `${folder}/stopped ${name}`, { signal: controller.signal }).catch(() => done.stopped++)
  }
}

async function refuseAll(sd) {
  for (const [, write] of writers) await write(sd, '/dev/null/x', {}).catch(() => done.refused++)
}

/** What is read may change: numbers are then wrong, and nothing else. */
async function changeWhileExporting() {
  const train = [Float64Array.from({ length: 200_000 }, (_, i) => i)]
  const sd = new SpikeData(train)
  for (const [name, write] of writers.filter(([name]) => !name.includes('raw') && name !== 'compressed')) {
    const ended = write(sd, `${folder}/changed ${name}`, {}).catch(() => done.refused++)
    for (const value of [NaN, -Infinity, 1e300, -5, 0]) {
      train[0].fill(value, 0, 100_000)
      await new Promise(setImmediate)
    }
    await ended
    train[0].forEach((_, i) => (train[0][i] = i))
  }
}

async function seal() {
  for (let i = 0; i < 20; i++) {
    const train = Array.from({ length: 300 }, (_, unit) => Float64Array.from({ length: unit }, () => Math.random()))
    await SpikeData.create(train)
    SpikeData.fromIdcesTimes(
      Int16Array.from({ length: 1000 }, (_, j) => j % 7),
      Float64Array.from({ length: 1000 }, Math.random),
    )
    done.sealed++
  }
}

async function endWorkers() {
  const workers = Array.from({ length: 4 }, () => new Worker(new URL(import.meta.url), { workerData: folder }))
  await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))))
  await new Promise((resolve) => setTimeout(resolve, 100))
  await Promise.all(workers.map((worker) => worker.terminate()))
}
