import { setImmediate } from 'node:timers/promises'

/** The process's warnings of ours during a call, as `[code, message]`. */
export async function warningsOf(call: () => Promise<unknown>): Promise<[code: string, message: string][]> {
  const warnings: [string, string][] = []
  const listener = ({ code, message }: Error & { code?: string }) => {
    if (code?.startsWith('SPIKEPORT_')) warnings.push([code, message])
  }
  process.on('warning', listener)
  try {
    await call()
    // Warnings come in the next tick.
    await setImmediate()
  } finally {
    process.off('warning', listener)
  }
  return warnings
}
