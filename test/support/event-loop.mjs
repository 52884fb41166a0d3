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

export async function leastLongestTurn(work, enough, rounds = 8) {
  let least = Infinity
  for (let round = 0; round < rounds && least > enough; round++) least = Math.min(least, await longestTurn(work))
  return least
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
