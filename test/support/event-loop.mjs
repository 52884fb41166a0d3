/**
 * How long work holds the JS thread at a time, in CPU time: what other threads and processes do meanwhile does not count. Nor do
 * collections of garbage: when they come, and what they find to do, is decided by the engine and by all objects of the process.
 */
import { openSync, readSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as after } from 'node:timers/promises'

/** What the kernel knows of this thread; its first number is the CPU time in ns. */
const schedule = openSync('/proc/thread-self/schedstat', 'r')
const line = Buffer.alloc(128)

/** Shorter turns are not looked at, so that few are kept. */
const SHORT_MS = 1

export async function longestTurn(work) {
  const collections = []
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()))
  observer.observe({ type: 'gc' })
  const turns = []
  let start = cpuTime()
  let from = performance.now()
  let isRunning = true
  const turn = () => {
    const now = cpuTime()
    const to = performance.now()
    if (now - start > SHORT_MS) turns.push({ from, to, took: now - start })
    start = now
    from = to
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  try {
    await work()
  } finally {
    isRunning = false
    turn()
    // The last collections are reported a little later.
    await after(1)
    observer.disconnect()
  }
  const netTimes = turns.map(({ from, to, took }) => {
    const within = collections.filter(({ startTime }) => startTime >= from && startTime < to)
    return took - within.reduce((sum, { duration }) => sum + duration, 0)
  })
  return Math.max(0, ...netTimes)
}

/**
 * The longest turn of the second best of up to six rounds, which end once two are within the limit. What the machine and the engine's
 * accounting of memory do makes some turn of a round longer now and then; work that is done in one go makes one longer in each.
 */
export async function usualLongestTurn(work, limit) {
  const rounds = []
  while (rounds.length < 6 && rounds.filter((turn) => turn <= limit).length < 2) rounds.push(await longestTurn(work))
  return rounds.sort((a, b) => a - b)[1]
}

/** Holds this thread for `ms` of its CPU time. */
function spin(ms) {
  const end = cpuTime() + ms
  while (cpuTime() < end) continue
}

/** How many times as long as on an ordinary machine that is left alone this thread takes now: what limits in ms are to be multiplied with. */
export function slowdown() {
  const started = performance.now()
  spin(20)
  return Math.max(1, (performance.now() - started) / 20, Math.min(slownessOfMemory(), 4))
}

/** The same for limits in CPU time, which grows, too, where others use the caches, and where memory comes late: at most twice. */
export function contention() {
  return Math.min(2, slowdown())
}

/** How long a page of new memory takes on an ordinary machine, in µs. In a virtual one whose host has to find it first it may be ten times that. */
const PAGE_US = 1
const PAGES = 2048
const PAGE_BYTES = 4096

/** How many times as long pages take now. */
function slownessOfMemory() {
  // So much is never taken from memory that was in use before.
  const memory = new Uint8Array(8 * PAGES * PAGE_BYTES)
  const started = cpuTime()
  for (let page = 0; page < PAGES; page++) memory[page * PAGE_BYTES] = 1
  return ((cpuTime() - started) * 1e3) / PAGES / PAGE_US
}

/** The CPU time of this thread in ms. */
function cpuTime() {
  // Brings the kernel's count up to date, which otherwise is as old as its last tick.
  process.cpuUsage()
  const length = readSync(schedule, line, 0, line.length, 0)
  const time = Number(line.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6
  if (!(time > 0)) throw new Error('This kernel does not report the CPU time of threads.')
  return time
}
