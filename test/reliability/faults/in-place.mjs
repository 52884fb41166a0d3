/**
 * Spikes that are read from the file they were loaded from, while system calls fail, descriptors run out, threads end: plain JavaScript,
 * for processes of their own.
 *
 *     node in-place.mjs inject FOLDER CONTROL      every system call of a load and of an export fails, one at a time
 *     sh -c 'ulimit -n 160; exec node in-place.mjs descriptors FOLDER'   every count of descriptors is left
 *     node --expose-gc in-place.mjs workers FOLDER   worker threads load and export without end, and are ended
 *     node --expose-gc in-place.mjs dropped FOLDER   recordings are no longer referenced, or closed while they are read
 *
 * Prints what it found as JSON.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from 'spikeport'
import { faultControl } from './control.mjs'

const [how, folder, third] = parentPort ? ['endless', workerData] : process.argv.slice(2)
const path = `${folder}/spikes.h5`
const target = `${folder}/exported.h5`
/** A spool would need a folder. */
const LAZY = /** @type {const} */ ({ lazy: true, spoolFolder: `${folder}/none` })

/** Several blocks of spikes. */
const train = [Float64Array.from({ length: 200_000 }, (_, i) => i / 4), [], Float64Array.of(1, 2)]

const load = () => loadSpikeDataFromHdf5(path, LAZY)

/** The bytes of an export. */
async function exported(sd) {
  await exportSpikeDataToHdf5(sd, target, { spikeTimesUnit: 'ms' })
  const bytes = readFileSync(target, 'latin1')
  rmSync(target)
  return bytes
}

/** Descriptors of the file that this process has open, and what is beside it. */
function left() {
  const open = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(`${folder}/`)
    } catch {
      return false
    }
  })
  return [...open, ...readdirSync(folder).filter((name) => name !== 'spikes.h5')]
}

/** The same after what other threads have yet to do. */
async function leftInTheEnd() {
  for (const end = performance.now() + 10_000; left().length > 0 && performance.now() < end; ) await sleep(5)
  return left()
}

if (!parentPort) await exportSpikeDataToHdf5(new SpikeData(train, { length: 50_000 }), path)

const RUNS = { inject, descriptors, workers, dropped, endless }
await RUNS[how]()

async function inject() {
  const { errno } = os.constants
  const { fail, failedKind } = faultControl(third)
  const found = { injected: { load: 0, read: 0 }, refused: { load: 0, read: 0 }, problems: /** @type {string[]} */ ([]) }
  const first = await load()
  const whole = await exported(first)
  await first.close()
  for (const code of /** @type {const} */ (['EIO', 'EINTR', 'ENOMEM'])) {
    for (const phase of /** @type {const} */ (['load', 'read'])) {
      for (let countdown = 0; ; countdown++) {
        const loaded = phase === 'read' ? await load() : undefined
        fail(countdown, errno[code])
        const [outcome, error] = await use(loaded)
        const failed = failedKind() !== ''
        fail(-1)
        await loaded?.close()
        if (!failed) break
        const what = `${phase}, ${code} in call ${countdown}`
        found.injected[phase]++
        if (error) found.refused[phase]++
        if (!error && outcome !== whole) found.problems.push(`${what}: other spikes`)
        // The HDF5 library's reads fail with its own account.
        const isExpected = error?.errno === -errno[code] || error?.name === 'FormatError' || error?.name === 'Hdf5Error'
        if (error && !isExpected) found.problems.push(`${what}: ${error.stack}`)
        rmSync(target, { force: true })
        const remaining = await leftInTheEnd()
        if (remaining.length > 0) found.problems.push(`${what}: left ${remaining}`)
      }
    }
  }
  const sd = await load()
  if ((await exported(sd)) !== whole) found.problems.push('the last one differs')
  await sd.close()
  console.log(JSON.stringify(found))

  /**
   * What is read of a recording, or the failure.
   *
   * @returns {Promise<[outcome?: string, error?: any]>}
   */
  async function use(loaded) {
    let sd = loaded
    try {
      sd ??= await load()
      return [loaded ? await exported(sd) : whole]
    } catch (error) {
      return [undefined, error]
    } finally {
      if (!loaded) await sd?.close()
    }
  }
}

async function descriptors() {
  const found = { loaded: 0, refused: 0, problems: /** @type {string[]} */ ([]) }
  /**
   * Runs something while there are so many descriptors.
   *
   * @template T
   * @param {number} free
   * @param {() => Promise<T>} action
   * @returns {Promise<[result?: T, error?: any]>}
   */
  const withFree = async (free, action) => {
    const taken = []
    for (;;) {
      try {
        taken.push(openSync('/dev/null', 'r'))
      } catch {
        break
      }
    }
    for (let i = 0; i < free; i++) closeSync(taken.pop())
    try {
      return [await action()]
    } catch (error) {
      return [undefined, error]
    } finally {
      for (const fd of taken) closeSync(fd)
    }
  }
  for (let free = 0; free < 12; free++) {
    const [sd, error] = await withFree(free, load)
    if (error) found.refused++
    else found.loaded++
    if (error && error.code !== 'EMFILE') found.problems.push(`${free} free: ${error.stack}`)
    // What is loaded needs no more of them.
    const [times, failure] = sd ? await withFree(0, () => sd.loadTrain(0)) : []
    if (sd && times?.at(-1) !== train[0].at(-1)) found.problems.push(`${free} free: ${failure?.stack ?? 'other spikes'}`)
    await sd?.close()
    if (left().length > 0) found.problems.push(`${free} free: left ${left()}`)
  }
  console.log(JSON.stringify(found))
}

async function endless() {
  for (let i = 0; ; i++) {
    const sd = await load()
    if (i === 1) parentPort?.postMessage('loaded')
    await exportSpikeDataToHdf5(sd, `${folder}/of a worker.h5`, { style: 'paired' })
    if (i % 2 === 0) await sd.close()
  }
}

async function workers() {
  const collectGarbage = /** @type {NodeJS.GCFunction} */ (globalThis.gc)
  for (let i = 0; i < 30; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: folder })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await sleep(Math.random() * 20)
    await worker.terminate()
    collectGarbage()
  }
  rmSync(`${folder}/of a worker.h5`, { force: true })
  console.log(JSON.stringify({ left: await leftInTheEnd() }))
}

async function dropped() {
  const collectGarbage = /** @type {NodeJS.GCFunction} */ (globalThis.gc)
  for (let i = 0; i < 20; i++) await load()
  const dropped = left().length
  for (let i = 0; i < 10 && left().length > 0; i++) {
    await sleep(20)
    collectGarbage()
  }
  const kept = await leftInTheEnd()
  // `using` does not wait: the file is open until the export has ended.
  const exports = []
  for (let i = 0; i < 5; i++) {
    const sd = await load()
    exports.push(exportSpikeDataToHdf5(sd, `${folder}/${i}.h5`))
    sd[Symbol.dispose]()
  }
  await Promise.all(exports)
  for (let i = 0; i < 5; i++) rmSync(`${folder}/${i}.h5`)
  console.log(JSON.stringify({ dropped, left: [...kept, ...(await leftInTheEnd())] }))
}
