/**
 * How long work holds the JS thread at a time, in CPU time: what other threads and processes do meanwhile does not count.
 */
import { openSync, readSync } from 'node:fs'

/** What the kernel knows of this thread; its first number is the CPU time in ns. */
const schedule = openSync('/proc/thread-self/schedstat', 'r')
const line = Buffer.alloc(128)

export async function longestTurn(work) {
  let longest = 0
  let start = cpuTime()
  let isRunning = true
  const turn = () => {
    const now = cpuTime()
    longest = Math.max(longest, now - start)
    start = now
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  try {
    await work()
  } finally {
    isRunning = false
    turn()
  }
  return longest
}

/**
 * The longest turn of the second best of up to eight rounds, which end once two are within the limit: collections of garbage fall into
 * some rounds, but work that is done in one go is in all of them.
 */
export async function usualLongestTurn(work, limit) {
  const longest = []
  while (longest.length < 8 && longest.filter((turn) => turn <= limit).length < 2) longest.push(await longestTurn(work))
  return longest.sort((a, b) => a - b)[1]
}

/** Holds this thread for so many ms of its CPU time. */
export function spin(ms) {
  const end = cpuTime() + ms
  while (cpuTime() < end) continue
}

/** How many times as long as on a machine left alone this thread takes now: what limits in ms are to be multiplied with. */
export function slowdown() {
  const started = performance.now()
  spin(20)
  return Math.max(1, (performance.now() - started) / 20)
}

/** The same for limits in CPU time, which grows, too, where others use the caches: by half again, or at most twice. */
export function contention() {
  return Math.min(2, slowdown())
}

/** The CPU time of this thread in ms. */
function cpuTime() {
  // Brings the kernel's count up to date, which otherwise is as old as its last tick.
  process.cpuUsage()
  const length = readSync(schedule, line, 0, line.length, 0)
  const time = Number(line.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6
  if (!(time > 0)) throw new Error('This kernel does not tell the CPU time of threads.')
  return time
}
