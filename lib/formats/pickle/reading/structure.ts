/**
 * What the nodes of a pickle are by their structure alone: shapes of arrays, lengths of lists and keys of dicts.
 */
import { GrowingMap } from '../../../memory/growing-map.js'
import { dtypeOf, isNumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import type { PickleFailures } from './failures.js'
import { ArrayNode, DictNode, InstanceNode, ListNode, TupleNode } from './nodes.js'
import { typeString } from './values.js'

/** No recording has more attributes, and no object more fields: others are not looked at. */
const MOST_KEYS = 10_000

/** The values of a dict, or of an instance's, by those of its keys that are texts. */
export function partsOf(node: unknown): ReadonlyMap<string, unknown> {
  const parts = new Map<string, unknown>()
  const dict = node instanceof InstanceNode ? node.state : node
  const entries = dict instanceof DictNode ? dict.entries : []
  for (let i = 0; i < Math.min(entries.length, 2 * MOST_KEYS); i += 2) {
    if (typeof entries[i] === 'string') parts.set(entries[i] as string, entries[i + 1])
  }
  return parts
}

/** The items of a list, a tuple or an array of Python objects; undefined for anything else. */
export function itemsIn(node: unknown): readonly unknown[] | undefined {
  if (node instanceof ListNode || node instanceof TupleNode) return node.items
  return node instanceof ArrayNode && node.state?.data instanceof ListNode ? node.state.data.items : undefined
}

/** The shape and type of an array of numbers; undefined for anything else. */
export function arrayIn(node: unknown): { shape: number[]; dtype: string } | undefined {
  if (!(node instanceof ArrayNode)) return undefined
  const { state, final } = node
  if (state) return { shape: [...state.shape], dtype: typeString(state.dtype) }
  // One of few elements is what it becomes already.
  return isNumericArray(final) ? { shape: [final.length], dtype: dtypeOf(final) } : undefined
}

/**
 * How many spikes trains have together, which are lists or arrays.
 *
 * @param size - the bytes of the pickle
 * @throws FormatError for more spikes than bytes
 */
export function* spikesIn(trains: Iterable<unknown>, size: number, failures: PickleFailures): Steps<number> {
  let sum = 0
  // A train may be there several times, and takes its bytes once.
  let claimed = 0
  const seen = new GrowingMap<unknown, true>()
  for (const train of trains) {
    const count = itemsIn(train)?.length ?? arrayIn(train)?.shape[0] ?? 0
    sum += count
    if (!seen.get(train)) claimed += count
    seen.set(train, true)
    if (isDue()) yield
  }
  if (claimed > size) throw failures.of(`they claim ${claimed} spikes, and there are ${size} bytes`, 'the spike trains')
  return sum
}

/** The texts that are keys of any of these dicts, up to a bound. */
export function* keysOf(nodes: readonly unknown[]): Steps<string[]> {
  const keys = new Set<string>()
  for (const node of nodes) {
    const entries = node instanceof DictNode ? node.entries : []
    for (let i = 0; i < entries.length; i += 2) {
      if (keys.size < MOST_KEYS && typeof entries[i] === 'string') keys.add(entries[i] as string)
      if (isDue()) yield
    }
    if (isDue()) yield
  }
  return [...keys]
}
