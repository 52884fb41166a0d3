/**
 * What the nodes of a pickle are by their structure alone: shapes of arrays, lengths of lists and keys of dicts.
 */
import { typeString } from '../../../files/numpy-dtype.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import { dtypeOf, isNumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { PyFloat } from '../values.js'
import type { PickleFailures } from './failures.js'
import { ArrayNode, DictNode, InstanceNode, ListNode, TupleNode } from './nodes.js'
import { keyText } from './plain-values.js'

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

/** The keys of dicts. */
export interface Keys {
  readonly names: string[]
  /** Whether there are others: long texts, tuples and the like, or more than are looked at. */
  readonly areMore: boolean
}

/** The keys of these dicts, as the loader makes names of them. */
export function* keysOf(nodes: readonly unknown[]): Steps<Keys> {
  const names = new Set<string>()
  let areMore = false
  for (const node of nodes) {
    const entries = node instanceof DictNode ? node.entries : []
    for (let i = 0; i < entries.length; i += 2) {
      const key = entries[i]
      const isPlain = typeof key !== 'object' || key === null || key instanceof PyFloat
      if (isPlain && names.size < MOST_KEYS) names.add(keyText(key))
      else areMore = true
      if (isDue()) yield
    }
    if (isDue()) yield
  }
  return { names: [...names], areMore }
}
