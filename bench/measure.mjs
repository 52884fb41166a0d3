/**
 * How long something took in this process, and the peak of its memory.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const LINUX = process.platform === 'linux'

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ seconds: number, peakBytes: number | null }>} the peak is above what was in use; null where the system
 *   does not report it
 */
export async function measure(work) {
  collectGarbage()
  // Linux then counts the peak from here on.
  if (LINUX) writeFileSync('/proc/self/clear_refs', '5')
  const before = LINUX ? memory('VmRSS') : 0
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  return { seconds, peakBytes: LINUX ? Math.max(memory('VmHWM') - before, 0) : null }
}

/** A line of the process's status, in bytes; on Linux only. */
function memory(name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
