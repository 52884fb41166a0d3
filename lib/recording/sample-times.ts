/**
 * Spike times that a file has as samples, in ms, and where a recording ends that does not state it. Both as SpikeLab's loaders have it.
 */
import { unset } from '../memory/allocation.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { inRanges } from '../steps.js'
import { spacing } from './loaded-spikes.js'

/** Samples in ms: `sample / fs * 1e3`, in that order of operations. */
export function* samplesInMs(samples: NumericArray, fsHz: number): Steps<Float64Array> {
  const times = unset(Float64Array, samples.length)
  yield* inRanges(samples.length, (from, to) => {
    for (let i = from; i < to; i++) times[i] = (Number(samples[i]) / fsHz) * 1e3
  })
  return times
}

/** The latest of some times; −∞ of none. */
export function* latestOf(times: Float64Array): Steps<number> {
  let latest = -Infinity
  yield* inRanges(times.length, (from, to) => {
    for (let i = from; i < to; i++) latest = Math.max(latest, times[i] as number)
  })
  return latest
}

/** Where a recording from 0 on ends: one unit in the last place after the latest spike, at 0 without spikes. */
export function endAfter(latest: number): number {
  return latest > -Infinity ? latest + spacing(latest) : 0
}
