/**
 * What is in a workspace: namespaces, items, and dicts with all that may be in them.
 */
import { types } from 'node:util'
import type { Hdf5Attribute } from '../../engine/plan/hdf5-tree.js'
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { invalidType, invalidValue } from '../../errors.js'
import type { Counts } from '../../jobs/run-export.js'
import { pinnedNumbers } from '../../memory/float64.js'
import { isNDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { dtypeOf, isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue, spend } from '../../steps.js'
import { valuePath } from '../pickle/pickler.js'
import { slicesOf } from '../pickle/text.js'
import { isWhole, PyFloat, PyTuple, pyFloat } from '../pickle/values.js'
import type { Summary } from './classes.js'
import { arraySource, described } from './classes.js'
import type { ListData } from './lists.js'
import { LIST_FORM, listData } from './lists.js'
import { MOST_LEVELS, requireName, requireNamespace, TOO_DEEP } from './names.js'
import { dtypeName } from './numbers.js'
import { entriesOf } from './python-json.js'
import { orderedSet, sorted } from './sorting.js'
import type { Tree } from './tree.js'
import { boolean, int64 } from './tree.js'

/** What a top-level item may be, for errors. */
const ITEM = 'an object of SpikeLab, an array, a list, a plain object or a Map'
const ENTRY = `${ITEM}, a number, a boolean, a string, null, a tuple or a Set`

/** The items of the index: an entry by key, by namespace. */
export type Index = Map<string, Map<string, Map<string, unknown>>>

/** Notes by key, by namespace. */
export type Notes = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Adds all items to a tree in the order of their names, which is that of the file. Each is read once. */
export class Items {
  readonly index: Index = new Map()
  readonly counts: Counts = { spikeCount: 0, unitCount: 0 }

  constructor(
    readonly tree: Tree,
    readonly notes: Notes,
  ) {}

  /**
   * @throws TypeError for anything but objects of objects, and for values that a workspace does not hold, named by their path
   * @throws RangeError for names that groups cannot have, and for what the parts of a workspace refuse
   */
  *add(items: unknown): Steps<void> {
    if (!isPlainObject(items)) throw invalidType('a plain object', 'items', items)
    for (const name of yield* sorted(Object.keys(items))) {
      const keyed = items[name]
      if (keyed === undefined) continue
      const keys = ['items', name]
      const namespace = requireNamespace(keys)
      if (!isPlainObject(keyed)) throw invalidType('a plain object', valuePath(keys), keyed)
      this.tree.addGroup(namespace)
      const entries = new Map<string, Map<string, unknown>>()
      this.index.set(namespace, entries)
      for (const key of yield* sorted(Object.keys(keyed))) {
        const value = keyed[key]
        if (isDue()) yield
        if (value === undefined) continue
        const itemKeys = [...keys, key]
        const path = `${namespace}/${requireName(itemKeys)}`
        const note = this.notes.get(namespace)?.get(key)
        const summary = yield* this.#item(path, value, itemKeys, note)
        if (!summary) throw invalidType(ITEM, valuePath(itemKeys), value)
        const entry = new Map<string, unknown>([...Object.entries(summary), ['created_at', pyFloat(this.tree.createdAt)]])
        if (note !== undefined) entry.set('note', note)
        entries.set(key, entry)
      }
    }
  }

  /** Adds the group of an item, at the top or in a dict. Returns what the index says of it, or undefined for what cannot be one. */
  *#item(path: string, value: unknown, keys: readonly unknown[], note?: string): Steps<Summary | undefined> {
    if (value instanceof PyTuple || value instanceof PyFloat) return undefined
    const object = yield* described(this.tree, path, value, keys)
    if (object) {
      this.counts.spikeCount += object.spikeCount
      this.counts.unitCount += object.unitCount
      this.#group(path, object.type, object.attributes, note)
      yield* object.add()
      return { type: object.type, ...object.summary }
    }
    if (isNumericArray(value)) return yield* this.#array(path, value, [lengthOf(value)], keys, note)
    if (isNDArray(value)) return yield* this.#array(path, value.data, value.shape, keys, note)
    if (Array.isArray(value)) return yield* this.#list(path, value, keys, note)
    if (!types.isMap(value) && !isPlainObject(value)) return undefined
    this.#group(path, 'dict', [], note)
    yield* this.#dict(path, types.isMap(value) ? value.entries() : entriesOf(value), keys)
    return { type: 'dict' }
  }

  #group(path: string, type: string, attributes: readonly Hdf5Attribute[], note?: string): void {
    const own = [
      { name: '__type__', value: type },
      { name: '__created_at__', value: this.tree.createdAt },
    ]
    this.tree.addGroup(path, [...own, ...(note === undefined ? [] : [{ name: '__note__', value: note }]), ...attributes])
  }

  *#array(path: string, given: NumericArray, shape: readonly number[], keys: readonly unknown[], note?: string): Steps<Summary> {
    const data = yield* pinnedNumbers(given, valuePath(keys))
    const source = arraySource({ data, shape }, keys)
    this.#group(path, 'ndarray', [], note)
    this.tree.addNumbers(`${path}/data`, source)
    return { type: 'ndarray', shape, dtype: dtypeName(dtypeOf(data)) }
  }

  *#list(path: string, value: readonly unknown[], keys: readonly unknown[], note?: string): Steps<Summary> {
    const list = yield* this.#listOf(value, keys)
    this.#group(path, 'ndarray', [], note)
    this.#addList(path, list)
    return { type: 'ndarray', shape: list.shape, dtype: yield* listDtype(list) }
  }

  *#dict(path: string, entries: Iterable<readonly [unknown, unknown]>, keys: readonly unknown[]): Steps<void> {
    // `items`, the namespace and the key come first.
    if (keys.length - 3 >= MOST_LEVELS) throw invalidValue(TOO_DEEP, valuePath(keys), 'an object')
    for (const [key, value] of entries) {
      if (isDue()) yield
      if (value === undefined) continue
      const entryKeys = [...keys, key]
      yield* this.#entry(`${path}/${requireName(entryKeys)}`, value, entryKeys)
    }
  }

  /** Adds an entry of a dict. Those that are no items have no date. */
  *#entry(path: string, value: unknown, keys: readonly unknown[]): Steps<void> {
    const { tree } = this
    if (value === null) tree.addGroup(path, [type('none')])
    else if (typeof value === 'string') tree.addGroup(path, [type('scalar_str'), yield* textAttribute('__scalar_value__', value, keys)])
    else if (typeof value === 'boolean') tree.addGroup(path, [type('scalar'), boolean('__scalar_value__', value), scalarKind('bool')])
    else if (typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat) this.#number(path, value, keys)
    else if (value instanceof PyTuple) yield* this.#collection(path, 'tuple', value, keys)
    else if (types.isSet(value)) yield* this.#collection(path, 'set', yield* orderedSet(value, valuePath(keys)), keys)
    else if (!(yield* this.#item(path, value, keys))) throw invalidType(ENTRY, valuePath(keys), value)
  }

  #number(path: string, value: number | bigint | PyFloat, keys: readonly unknown[]): void {
    if (typeof value === 'bigint' || (typeof value === 'number' && isWhole(value))) {
      const isHeld = BigInt.asIntN(64, BigInt(value)) === BigInt(value) || BigInt.asUintN(64, BigInt(value)) === BigInt(value)
      if (!isHeld) throw invalidValue('an integer that fits int64 or uint64', valuePath(keys), value)
      return this.tree.addGroup(path, [type('scalar'), int64('__scalar_value__', value), scalarKind('int')])
    }
    const number = value instanceof PyFloat ? value.value : value
    this.tree.addGroup(path, [type('scalar'), { name: '__scalar_value__', value: number }, scalarKind('float')])
  }

  *#collection(path: string, name: 'tuple' | 'set', value: readonly unknown[] | PyTuple, keys: readonly unknown[]): Steps<void> {
    const list = yield* this.#listOf(value, keys)
    this.tree.addGroup(path, [type(name)])
    this.#addList(path, list)
  }

  *#listOf(value: readonly unknown[] | PyTuple, keys: readonly unknown[]): Steps<ListData> {
    const list = yield* listData(value)
    if (!list) throw invalidType(LIST_FORM, valuePath(keys), value)
    return list
  }

  #addList(path: string, list: ListData): void {
    this.tree.addList(`${path}/data`, list, [boolean('__string_array__', true)])
  }
}

function type(value: string) {
  return { name: '__type__', value }
}

function scalarKind(value: string) {
  return { name: '__scalar_kind__', value }
}

/** A text that may be long. */
function* textAttribute(name: string, text: string, keys: readonly unknown[]): Steps<Hdf5Attribute> {
  const slices: string[] = []
  for (const slice of slicesOf(text)) {
    if (!isWritableText(slice)) throw invalidValue('text without NUL characters and lone surrogates', valuePath(keys), text)
    slices.push(slice)
    spend(slice.length)
    if (isDue()) yield
  }
  const { bytes } = yield* packTexts(slices.length, (i) => slices[i] as string)
  return { name, value: { utf8: bytes } }
}

/** numpy's name of the dtype that a list has once it is read; that of texts is as long as the longest. */
function* listDtype(list: ListData): Steps<string> {
  if (list.data === 'numbers') return list.areBooleans ? 'bool' : dtypeName(dtypeOf(list.numbers))
  let longest = 1
  let begin = 0
  for (const end of list.texts.ends) {
    let length = 0
    yield* inRanges(end - begin, (from, to) => {
      for (let i = begin + from; i < begin + to; i++) length += Number(isFirstOfCharacter(list.texts.bytes[i] as number))
    })
    longest = Math.max(longest, length)
    begin = end
    if (isDue()) yield
  }
  return `<U${longest}`
}

/** Of a character in UTF-8, all bytes but the first begin with the bits 10. */
function isFirstOfCharacter(byte: number): boolean {
  return (byte & 0xc0) !== 0x80
}
