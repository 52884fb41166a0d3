/**
 * The byte segments of a file on their way into native code.
 */

import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { NativeSegments } from './native.js'
import { addon } from './native.js'
import type { Segment } from './plan/byte-segments.js'

/** How many segments are handed to native code in one call. */
const BATCH_SEGMENTS = 64

/** The bytes and arrays that segments refer to. They live as long as native code's view of them, because a job holds nothing else. */
const inUse = new WeakMap<NativeSegments, readonly Segment[]>()

/** Segments for a plan: as they are when they are few, handed over already when they are many. */
export function* forPlan(segments: readonly Segment[]): Steps<readonly Segment[] | NativeSegments> {
  if (segments.length <= BATCH_SEGMENTS) return segments
  const native = new addon.Segments(segments.length)
  inUse.set(native, segments)
  for (let from = 0; from < segments.length; from += BATCH_SEGMENTS) {
    native.append(segments, from, Math.min(from + BATCH_SEGMENTS, segments.length))
    if (isDue(BATCH_SEGMENTS)) yield
  }
  return native
}
