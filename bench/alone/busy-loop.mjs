/**
 * How long this thread's event loop is held up.
 */
import { existsSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const TICK_MS = 1
const SLEEP_MS = 0.02
const SCHEDSTAT = '/proc/thread-self/schedstat'
const sleeping = new Int32Array(new SharedArrayBuffer(4))

/**
 * Looks at the loop every millisecond until it is stopped. `busyMs` is the most processor time that this thread took between two
 * looks, so in one turn of the loop: what JavaScript, and native code it calls, hold it up by. Null where the system does not report
 * it. `delayMs` is the longest between two ticks of a timer of 1 ms: there the scheduler adds what it gives to other processes
 * and to the addon's threads.
 */
export class BusyLoop {
  busyMs = existsSync(SCHEDSTAT) ? 0 : null
  delayMs = 0
  #last = this.#processorMs()
  #delay = monitorEventLoopDelay({ resolution: TICK_MS })
  #timer = setInterval(() => this.#look(), TICK_MS)

  constructor() {
    this.#delay.enable()
  }

  stop() {
    this.#look()
    clearInterval(this.#timer)
    this.#delay.disable()
    this.delayMs = this.#delay.max / 1e6
  }

  #look() {
    if (this.busyMs === null) return
    const now = this.#processorMs()
    this.busyMs = Math.max(this.busyMs, now - this.#last)
    this.#last = now
  }

  #processorMs() {
    if (this.busyMs === null) return 0
    // Linux brings the figure up to date when a thread goes to sleep.
    Atomics.wait(sleeping, 0, 0, SLEEP_MS)
    return Number(readFileSync(SCHEDSTAT, 'utf8').split(' ')[0]) / 1e6
  }
}
