import { setImmediate } from 'node:timers/promises'
import type { Test } from 'tap'
import { addon } from '../../lib/engine/native.js'

/** Emits every warning, not only the first of each code, until the test ends. */
export function emitAllWarnings(t: Test): void {
  const { isFirst } = addon
  addon.isFirst = () => true
  t.teardown(() => (addon.isFirst = isFirst))
}

/** The process's warnings of ours during a call, as `[code, message]`; all of them, as with {@link emitAllWarnings}. */
export async function warningsOf(call: () => Promise<unknown>): Promise<[code: string, message: string][]> {
  const warnings: [string, string][] = []
  const listener = ({ code, message }: Error & { code?: string }) => {
    if (code?.startsWith('SPIKEPORT_')) warnings.push([code, message])
  }
  // Warnings come in the next tick: those of earlier calls, too.
  await setImmediate()
  process.on('warning', listener)
  const { isFirst } = addon
  addon.isFirst = () => true
  try {
    await call()
    await setImmediate()
  } finally {
    addon.isFirst = isFirst
    process.off('warning', listener)
  }
  return warnings
}
