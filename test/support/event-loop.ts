/**
 * How long work holds the JS thread at a time, in CPU time: what other threads and processes do meanwhile does not count.
 */
import { openSync, readSync } from 'node:fs'

/** What the kernel knows of this thread; its first number is the CPU time in ns. */
const schedule = openSync('/proc/thread-self/schedstat', 'r')
const line = Buffer.alloc(128)

/** The longest turn of the event loop in ms while the work runs, this call included. */
export async function longestTurn(work: () => Promise<unknown>): Promise<number> {
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
 * The same, the least of a few rounds: collecting the garbage of others, or a host that takes a core away, may prolong any one
 * turn. It ends with the first round that is good enough.
 */
export async function leastLongestTurn(work: () => Promise<unknown>, enough: number, rounds = 8): Promise<number> {
  let least = Infinity
  for (let round = 0; round < rounds && least > enough; round++) least = Math.min(least, await longestTurn(work))
  return least
}

/** The CPU time of this thread in ms. */
function cpuTime(): number {
  // Brings the kernel's count up to date, which otherwise is as old as its last tick.
  process.cpuUsage()
  const length = readSync(schedule, line, 0, line.length, 0)
  const time = Number(line.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6
  if (!(time > 0)) throw new Error('This kernel does not tell the CPU time of threads.')
  return time
}
