/**
 * The byte segments of a file on their way into native code.
 */

import type { Steps } from '../steps.js'
import type { NativeSegments } from './native.js'
import { addon } from './native.js'
import type { Segment } from './plan/byte-segments.js'

/** How many segments native code reads in one step: a fraction of a millisecond. */
const STEP_SEGMENTS = 64

/** The bytes and arrays that segments refer to. They live as long as native code's view of them, because a job holds nothing else. */
const inUse = new WeakMap<NativeSegments, readonly Segment[]>()

/** Segments for a plan: as they are when they are few, handed over already when they are many. */
export function* forPlan(segments: readonly Segment[]): Steps<readonly Segment[] | NativeSegments> {
  if (segments.length <= STEP_SEGMENTS) return segments
  const native = new addon.Segments(segments.length)
  inUse.set(native, segments)
  for (let from = 0; from < segments.length; from += STEP_SEGMENTS) {
    native.append(segments, from, Math.min(from + STEP_SEGMENTS, segments.length))
    yield
  }
  return native
}
