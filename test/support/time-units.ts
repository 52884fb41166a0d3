/**
 * What a time in ms is after it has been in a file in another unit, by the rules of SpikeLab's exporters and loaders.
 */
import type { TimeUnit } from '../../lib/index.js'

export const AFTER: Readonly<Record<TimeUnit, (ms: number, fsHz: number) => number>> = {
  ms: (ms) => ms,
  s: (ms) => (ms / 1000) * 1e3,
  samples: (ms, fsHz) => (halfToEven(ms * (fsHz / 1000)) / fsHz) * 1e3,
}

/** A whole number of files, which have no −0. */
function halfToEven(value: number): number {
  const rounded = Math.round(value)
  return (Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded) + 0
}
