/**
 * Long lists of plans on their way into native code: byte segments, and objects of HDF5 files.
 */
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import { addon } from './native.js'
import type { NativeList } from './native-addon.js'
import type { Segment } from './plan/byte-segments.js'
import type { Hdf5Object } from './plan/hdf5-tree.js'

/** How many elements are handed to native code in one call. */
const BATCH = 64

/** The bytes and arrays that elements refer to. They live as long as native code's view of them, because a job holds nothing else. */
const inUse = new WeakMap<NativeList<never>, readonly unknown[]>()

/** Segments for a plan: as they are when they are few, handed over already when they are many. */
export function segmentsForPlan(segments: readonly Segment[]): Steps<readonly Segment[] | NativeList<Segment>> {
  return forPlan(segments, addon.Segments)
}

/** The same for objects. */
export function objectsForPlan(objects: readonly Hdf5Object[]): Steps<readonly Hdf5Object[] | NativeList<Hdf5Object>> {
  return forPlan(objects, addon.Hdf5Objects)
}

function* forPlan<T>(elements: readonly T[], List: new (count: number) => NativeList<T>): Steps<readonly T[] | NativeList<T>> {
  if (elements.length <= BATCH) return elements
  const native = new List(elements.length)
  inUse.set(native, elements)
  for (let from = 0; from < elements.length; from += BATCH) {
    native.append(elements, from, Math.min(from + BATCH, elements.length))
    if (isDue(BATCH)) yield
  }
  return native
}
