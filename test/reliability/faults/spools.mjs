/**
 * Spikes that are kept on the disk while system calls fail, the disk fills, processes end: plain JavaScript, for processes of their own.
 *
 *     node spools.mjs inject FOLDER CONTROL    every system call of a spool fails, one at a time
 *     node spools.mjs values FOLDER CONTROL    the same of a spool in which each spike has values
 *     node spools.mjs full FOLDER ROUNDS       FOLDER is a small file system, with a little more room in each round; spikes have values
 *     node spools.mjs endless FOLDER           spools spikes without end, and says so once some are on the disk
 *     node spools.mjs exit FOLDER              the same, and exits in the middle
 *     node --expose-gc spools.mjs workers FOLDER   the same in worker threads, which are ended
 *
 * Prints what it found as JSON.
 */
import { readdirSync, readlinkSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { SpikeData } from 'spikeport'
import { faultControl } from './control.mjs'

const MEBIBYTE = 2 ** 20
const [how, folder, third] = parentPort ? ['endless', workerData] : process.argv.slice(2)

/** What spikes have besides their times, where they have anything. */
const VALUES = how === 'values' || how === 'full' ? /** @type {const} */ ({ amplitudes: 'float32', numbers: 'uint32' }) : undefined

/** Spikes of 7 units, of which that of number 0 may fall: if none does, they stay in the runs that were written first. */
function* batches(count, isFalling = true) {
  for (let from = 0; from < count; from += 10_000) {
    const times = Float64Array.from({ length: Math.min(10_000, count - from) }, (_, i) => from + i)
    const units = Uint8Array.from(times, (time) => time % 7)
    for (const [i, unit] of units.entries()) if (unit === 0 && isFalling) times[i] = count - times[i]
    const values = { amplitudes: Float32Array.from(times), numbers: Uint32Array.from(times, (_, i) => from + i) }
    yield { units, times, ...(VALUES && { values }) }
  }
}

/** A digest of all trains. */
async function spooled(count, isFalling = true) {
  const sd = await SpikeData.fromBatches(batches(count, isFalling), { spoolFolder: folder, maxMemory: MEBIBYTE, spikeValues: VALUES })
  try {
    let digest = 0
    const add = (numbers) => {
      for (const number of numbers) digest = (digest * 31 + number + 1) % 2 ** 31
    }
    for (let unit = 0; unit < sd.N; unit++) {
      add(await sd.loadTrain(unit))
      for (const name of Object.keys(sd.spikeValues)) add(await sd.loadSpikeValues(name, unit))
    }
    return digest
  } finally {
    await sd.close()
  }
}

/** Files of the folder that this process has open, and those that have a path. */
function left() {
  const open = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      const link = readlinkSync(`/proc/self/fd/${fd}`)
      return link.startsWith(folder) && link.endsWith('(deleted)')
    } catch {
      return false
    }
  })
  return [...open, ...readdirSync(folder)]
}

const RUNS = { inject, values: inject, full, endless, exit: endless, workers }
await RUNS[how]()

async function inject() {
  const { errno } = os.constants
  const { fail, failedKind } = faultControl(third)
  const found = { injected: /** @type {Record<string, number>} */ ({}), problems: /** @type {string[]} */ ([]) }
  // A run and a range of units are smaller with values.
  const many = VALUES ? 40_000 : 100_000
  for (const [count, isFalling] of /** @type {[count: number, isFalling: boolean][]} */ ([
    [3000, true],
    [many, true],
    [many, false],
  ])) {
    const whole = await spooled(count, isFalling)
    /** @type {[code: 'ENOSPC' | 'EIO' | 'EINTR' | 'EOPNOTSUPP', repeat: boolean][]} */
    const ways = [
      ['ENOSPC', false],
      ['EIO', false],
      ['EIO', true],
      ['EINTR', false],
      ['EOPNOTSUPP', false],
    ]
    for (const [code, repeat] of ways) {
      for (let countdown = 0; ; countdown++) {
        fail(countdown, errno[code], repeat)
        const [digest, error] = await spooled(count, isFalling).then(
          (value) => [value],
          (thrown) => [undefined, thrown],
        )
        const kind = failedKind()
        fail(-1)
        if (kind === '') break
        found.injected[kind] = (found.injected[kind] ?? 0) + 1
        const what = `${count} spikes, ${code} in ${kind} ${countdown}${repeat ? ' and on' : ''}`
        // A file system may have no files without a path, and may not reserve room.
        const isSurvived =
          kind === 'close' || (code === 'EINTR' && kind !== 'open') || (code === 'EOPNOTSUPP' && ['open', 'fallocate'].includes(kind))
        if (isSurvived ? digest !== whole : error?.errno !== -errno[code]) found.problems.push(`${what}: ${error?.stack ?? digest}`)
        if (error && (error.path !== folder || !error.message.includes(folder))) found.problems.push(`${what}: ${error.stack}`)
        if (left().length > 0) found.problems.push(`${what}: left ${left()}`)
      }
    }
    if ((await spooled(count, isFalling)) !== whole) found.problems.push('the last one differs')
  }
  console.log(JSON.stringify(found))
}

async function full() {
  const found = { refused: 0, written: 0, problems: /** @type {string[]} */ ([]) }
  const whole = await spooled(100_000)
  for (let round = 0; round < Number(third); round++) {
    const room = statfsSync(folder).bavail * statfsSync(folder).bsize
    writeFileSync(`${folder}/filler`, Buffer.alloc(Math.max(0, Math.floor(room * (1 - round / Number(third))))))
    const outcome = await spooled(100_000).catch((error) => error)
    rmSync(`${folder}/filler`)
    if (outcome === whole) found.written++
    else if (outcome?.code === 'ENOSPC') found.refused++
    else found.problems.push(`round ${round}: ${outcome?.stack ?? outcome}`)
    if (left().length > 0) found.problems.push(`round ${round}: left ${left()}`)
  }
  console.log(JSON.stringify(found))
}

async function endless() {
  let count = 0
  const report = (text) => (parentPort ? parentPort.postMessage(text) : console.log(text))
  const source = async function* () {
    for (;;) {
      yield* batches(50_000)
      if (count++ === 2) report('spooled')
      if (count === 4 && how === 'exit') process.exit(3)
    }
  }
  await SpikeData.fromBatches(source(), { spoolFolder: folder, maxMemory: MEBIBYTE })
}

async function workers() {
  const collectGarbage = /** @type {NodeJS.GCFunction} */ (globalThis.gc)
  const memory = []
  for (let i = 0; i < 30; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: folder })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await sleep(Math.random() * 20)
    await worker.terminate()
    collectGarbage()
    if (i >= 10) memory.push(process.memoryUsage().rss / 1e6)
  }
  for (const end = performance.now() + 10_000; left().length > 0 && performance.now() < end; ) await sleep(5)
  console.log(JSON.stringify({ left: left(), memory }))
}
