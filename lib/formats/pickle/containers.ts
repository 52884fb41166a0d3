/**
 * How each kind of container is written: a generator that writes its own opcodes and yields its children, each of which
 * is complete when the generator goes on.
 */
import { invalidValue } from '../../errors.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { spend } from '../../steps.js'
import { OPCODES } from './opcodes.js'
import type { PickleOutput } from './output.js'
import { SLICE_LENGTH, slicesOf, utf8Length } from './text.js'
import type { PyTuple, PythonObject } from './values.js'
import { PyFloat } from './values.js'

/** Yielded instead of a child where the walk may pause. */
export const PAUSE = Symbol('pause')

export type Children = Generator<unknown, void, void>

/** The state of the walk that containers share. */
export interface Walk {
  readonly output: PickleOutput
  /** The place in its container of the child that is yielded next, for errors. */
  key: unknown
  /** How many of the containers being written hold only what Python can hash. */
  hashing: number
  /** Tuples that were written where only what Python can hash is allowed. */
  readonly hashable: WeakSet<object>
  /** Puts the value on top of the stack into the memo. */
  put(object: object): void
  /** What errors call the child that is yielded next. */
  path(): string
}

/** Text that is too long to write in one go. */
export function* longText({ output }: Walk, text: string): Children {
  let bytes = 0
  for (const slice of slicesOf(text)) {
    bytes += utf8Length(slice)
    spend(slice.length)
    yield PAUSE
  }
  output.textHead(bytes)
  for (const slice of slicesOf(text)) {
    output.textSlice(slice)
    yield PAUSE
  }
  output.textTail()
}

/**
 * @param list - what the list is known by
 * @param item - makes the list's items from the entries of `source`
 */
export function* list<T>(walk: Walk, list: object, source: readonly T[], item: (entry: T) => unknown): Children {
  walk.output.emptyList()
  walk.put(list)
  for (let i = 0; i < source.length; i++) {
    walk.key = i
    yield item(source[i] as T)
    walk.output.op(OPCODES.APPEND)
  }
}

export function* tuple(walk: Walk, tuple: PyTuple): Children {
  const { output } = walk
  const { items } = tuple
  const isHashed = walk.hashing > 0
  output.op(OPCODES.MARK)
  for (let i = 0; i < items.length; i++) {
    walk.key = i
    yield items[i]
  }
  const known = output.memo.get(tuple)
  if (known !== undefined && !isHashed) {
    // An item led back to the tuple and has written it: drop the items, the mark, and take that one.
    for (let i = 0; i <= items.length; i++) output.op(OPCODES.POP)
    return output.get(known)
  }
  output.op(OPCODES.TUPLE)
  walk.put(tuple)
  if (isHashed) walk.hashable.add(tuple)
}

/** A dict of an object's own enumerable properties with string keys, read one by one: getters run. */
export function* dict(walk: Walk, object: Readonly<Record<string, unknown>>): Children {
  const { output } = walk
  output.emptyDict()
  walk.put(object)
  for (const key of Object.keys(object)) {
    walk.key = key
    const value = object[key]
    if (value === undefined) continue
    if (key.length <= SLICE_LENGTH) output.name(key)
    else yield* longText(walk, key)
    yield value
    output.op(OPCODES.SETITEM)
  }
}

export function* map(walk: Walk, map: ReadonlyMap<unknown, unknown>): Children {
  const { output } = walk
  output.emptyDict()
  walk.put(map)
  const keys = new PickleKeys((key) => map.get(key) !== undefined)
  for (const [key, value] of map) {
    if (value === undefined) continue
    walk.key = key
    requireUnequal(walk, keys, key, 'a key')
    walk.hashing++
    yield key
    walk.hashing--
    walk.key = key
    yield value
    output.op(OPCODES.SETITEM)
  }
}

/** `set(list)`: the one form that every protocol has. */
export function* set(walk: Walk, set: ReadonlySet<unknown>): Children {
  const { output } = walk
  output.global('builtins', 'set')
  output.op(OPCODES.MARK)
  output.emptyList()
  walk.hashing++
  let index = 0
  const members = new PickleKeys((member) => set.has(member))
  for (const member of set) {
    walk.key = index++
    requireUnequal(walk, members, member, 'a member')
    yield member
    output.op(OPCODES.APPEND)
  }
  walk.hashing--
  output.op(OPCODES.TUPLE)
  output.op(OPCODES.REDUCE)
  walk.put(set)
}

export function* instance(walk: Walk, { source, module, name, state }: PythonObject): Children {
  const { output } = walk
  output.newObject(module, name)
  walk.put(source)
  output.emptyDict()
  for (const [attribute, value, key] of state) {
    output.name(attribute)
    walk.key = key
    yield value
    output.op(OPCODES.SETITEM)
  }
  output.op(OPCODES.BUILD)
}

/** Python would silently keep one of two equal keys or members. */
function requireUnequal(walk: Walk, keys: PickleKeys, key: unknown, what: string): void {
  if (keys.hasEqual(key)) throw invalidValue(`${what} that equals no other in Python`, walk.path(), key)
}

/**
 * Finds keys or members of one container that Python considers equal and JavaScript does not: `1`, `1n`, `true` and `pyFloat(1)`; null
 * and undefined. Plain numbers equal none of their kind, so each pair is found at its other member. Tuples are not compared: of equal
 * ones Python keeps one.
 */
class PickleKeys {
  readonly #floats = new GrowingMap<number, true>()

  /** @param has - whether the container has a key, the same in JavaScript, that will be written */
  constructor(readonly has: (key: unknown) => boolean) {}

  /** Whether a key has an equal one in Python. Call it once for each. */
  hasEqual(key: unknown): boolean {
    if (key === undefined) return this.has(null)
    if (typeof key === 'boolean') return this.has(Number(key)) || this.has(BigInt(key))
    if (typeof key === 'bigint') return this.has(Number(key)) && isExact(key)
    return key instanceof PyFloat && this.#floatHasEqual(key.value)
  }

  #floatHasEqual(value: number): boolean {
    // NaN equals nothing, itself included.
    if (Number.isNaN(value)) return false
    if (this.#floats.get(value)) return true
    this.#floats.set(value, true)
    if (this.has(value) || (Number.isInteger(value) && this.has(BigInt(value)))) return true
    return (value === 0 || value === 1) && this.has(value === 1)
  }
}

/** Whether a float64 holds an integer exactly. */
export function isExact(integer: bigint): boolean {
  const number = Number(integer)
  return Number.isFinite(number) && BigInt(number) === integer
}
