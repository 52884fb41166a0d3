/** The files that this process has open, as Linux lists them. */
import { readdirSync, readlinkSync } from 'node:fs'
import type { Test } from 'tap'
import { SpikeData } from '../../lib/index.js'

/** For `skip` of tests that ask. */
export const FILES_UNLISTED = process.platform === 'linux' ? false : 'the system does not list open files'

/** How many descriptors lead to a file, or to what begins with its path, also where it was removed. */
export function openingsOf(path: string): number {
  const leadsThere = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(path)
    } catch {
      // It was the one that lists them.
      return false
    }
  }
  return readdirSync('/proc/self/fd').filter(leadsThere).length
}

/** Aborts loads of a file after some milliseconds each, and checks that it is open no longer than they and their recordings are. */
export async function abortedLoads(t: Test, path: string, load: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  for (let delay = 0; delay < 12; delay++) {
    const controller = new AbortController()
    const reason = new Error('enough')
    const loading = load(controller.signal)
    setTimeout(() => controller.abort(reason), delay)
    const outcome = await loading.catch((error: unknown) => error)
    if (outcome instanceof SpikeData) await outcome.close()
    else t.equal(outcome, reason)
    t.equal(openingsOf(path), 0, `${delay} ms`)
  }
}
