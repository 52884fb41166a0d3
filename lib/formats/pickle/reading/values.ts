/**
 * Makes JavaScript values of what the opcodes have left: the inverse of what the exporter makes of JavaScript values. Containers are made
 * empty and filled later, so that depth costs memory and never the call stack, and containers may hold themselves.
 */
import { cStrides, fortranStrides, inCOrder, isNumeric, numbersFrom, textsFrom, typeString } from '../../../files/numpy-dtype.js'
import { unsetBytes } from '../../../memory/allocation.js'
import { NDArray, sizeOf } from '../../../memory/ndarray.js'
import { setOwn, shortest } from '../../../memory/plain-values.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inRanges, isDue, spend } from '../../../steps.js'
import { openTuple, PyFloat, PyTuple, wholeFloat } from '../values.js'
import type { PickleFailures } from './failures.js'
import type { ArrayState } from './nodes.js'
import {
  ArrayNode,
  BytesNode,
  DictNode,
  DtypeNode,
  DurationNode,
  GlobalNode,
  InstanceNode,
  ListNode,
  ScalarNode,
  SetNode,
  StoredBytes,
  TextNode,
  TimeZoneNode,
  TupleNode,
} from './nodes.js'
import { decodeLong, latin1FromRawUnicodeEscape, latin1FromUtf8 } from './text.js'

const MICROSECONDS_A_SECOND = 1e6

/** Nodes whose values need steps of their own. */
type Leaf = TextNode | BytesNode | ArrayNode | ScalarNode

/** A container that is made and not filled yet. */
type Pending = ListNode | TupleNode | DictNode | SetNode | NestedObjects

/** An array of Python objects. */
class NestedObjects {
  constructor(
    readonly state: ArrayState,
    readonly target: unknown[],
  ) {}
}

export class PickleValues {
  readonly #failures: PickleFailures
  readonly #isPlain: boolean
  readonly #pending: Pending[] = []

  /** @param isPlain - whether whole floats become numbers and tuples arrays */
  constructor(failures: PickleFailures, isPlain: boolean) {
    this.#failures = failures
    this.#isPlain = isPlain
  }

  /** The value of a node, complete with all that it holds. */
  *value(node: unknown): Steps<unknown> {
    const value = yield* this.#of(node)
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) yield* this.#fill(next)
    return value
  }

  /** The value of a node, of containers without what is in them. */
  #of(node: unknown): Steps<unknown> {
    return isLeaf(node) ? this.#leaf(node) : settled(this.#container(node))
  }

  /** The same where that takes no steps; undefined elsewhere, and for None. */
  #withoutSteps(node: unknown): unknown {
    if (node instanceof ArrayNode) return node.final
    return isLeaf(node) ? undefined : this.#container(node)
  }

  #container(node: unknown): unknown {
    if (typeof node !== 'object' || node === null) return node
    if (node instanceof PyFloat) return this.#isPlain ? node.value : node
    if (node instanceof ListNode) return node.final ?? this.#later(node, (node.final = []))
    if (node instanceof TupleNode) return node.final ?? this.#later(node, (node.final = this.#isPlain ? [] : openTuple()))
    if (node instanceof DictNode) return node.final ?? this.#later(node, (node.final = node.hasOnlyTexts ? {} : new Map()))
    if (node instanceof SetNode) return node.final ?? this.#later(node, (node.final = new Set()))
    if (node instanceof DurationNode) return this.#float(Number(node.microseconds) / MICROSECONDS_A_SECOND)
    if (node instanceof TimeZoneNode) return `UTC${node.text}`
    if (node instanceof DtypeNode) return typeString(node.dtype)
    if (node instanceof InstanceNode)
      throw this.#failures.at(`an object of ${node.className} is where only plain values are allowed`, node.offset)
    if (node instanceof GlobalNode) throw this.#failures.of(`it holds ${node.name} itself, which has no counterpart here`, 'a value')
    throw new Error('A node of an unknown kind.')
  }

  #float(value: number): unknown {
    return this.#isPlain ? value : wholeFloat(value)
  }

  #later<T>(pending: Pending, value: T): T {
    this.#pending.push(pending)
    return value
  }

  *#fill(node: Pending): Steps<void> {
    if (node instanceof ListNode) return yield* this.#fillList(node.items, node.final as unknown[])
    if (node instanceof TupleNode) return yield* this.#fillTuple(node)
    if (node instanceof DictNode) return yield* this.#fillDict(node)
    if (node instanceof SetNode) return yield* this.#fillSet(node)
    yield* this.#fillObjects(node)
  }

  *#fillList(items: readonly unknown[], target: unknown[]): Steps<void> {
    for (const item of items) {
      target.push(this.#withoutSteps(item) ?? (yield* this.#of(item)))
      if (isDue()) yield
    }
  }

  *#fillTuple({ items, final }: TupleNode): Steps<void> {
    const target = final instanceof PyTuple ? (final.items as unknown[]) : (final as unknown[])
    yield* this.#fillList(items, target)
    if (!(final instanceof PyTuple)) return
    Object.freeze(target)
    Object.freeze(final)
  }

  *#fillDict({ entries, final }: DictNode): Steps<void> {
    for (let i = 0; i < entries.length; i += 2) {
      const key = yield* this.#hashable(entries[i])
      const node = entries[i + 1]
      const value = this.#withoutSteps(node) ?? (yield* this.#of(node))
      if (final instanceof Map) final.set(key, value)
      else setOwn(final as Record<string, unknown>, key as string, value)
      if (isDue()) yield
    }
  }

  *#fillSet({ items, final }: SetNode): Steps<void> {
    for (const item of items) {
      final?.add(yield* this.#hashable(item))
      if (isDue()) yield
    }
  }

  /** A key, or a member of a set. */
  *#hashable(node: unknown): Steps<unknown> {
    if (typeof node === 'string') return node
    const isUnhashable =
      node instanceof ListNode || node instanceof DictNode || node instanceof ArrayNode || (node instanceof SetNode && !node.isFrozen)
    if (isUnhashable) throw this.#failures.of('Python cannot hash a list, dict, set or array', 'a key of a dict or a member of a set')
    return yield* this.#of(node)
  }

  /** Objects as nested arrays, one level an axis. numpy lists them in C order, whatever the array's. */
  *#fillObjects({ state, target }: NestedObjects): Steps<void> {
    const objects: unknown[] = []
    yield* this.#fillList((state.data as ListNode).items, objects)
    yield* nest(objects, state.shape, target)
  }

  *#leaf(node: Leaf): Steps<unknown> {
    if (node instanceof TextNode) return yield* this.#text(node)
    if (node instanceof BytesNode) return (node.final ??= yield* this.#ownBytes(node))
    if (node instanceof ArrayNode) return yield* this.#array(node)
    if (!node.isSettled) node.final = yield* this.#scalar(node)
    node.isSettled = true
    return node.final
  }

  *#text(node: TextNode): Steps<string> {
    const { bytes, encoding, offset } = node
    if (node.final !== undefined) return node.final
    const text = yield* decodeLong(bytes, encoding)
    if (text === undefined) throw this.#failures.at('a text is not encoded as it should be, or too long', offset)
    return (node.final = text)
  }

  /** Bytes in memory that nothing else uses. */
  *#ownBytes(node: BytesNode): Steps<Uint8Array> {
    const { source } = node
    if (source instanceof Uint8Array && !node.isTaken) {
      node.isTaken = true
      return source
    }
    if (source instanceof Uint8Array) return yield* copyOfBytes(source)
    if (source instanceof StoredBytes) throw new Error('Bytes that were not read.')
    // Decoded in a copy: the text may be used again.
    const copy = yield* copyOfBytes(source.bytes)
    const bytes = source.encoding === 'utf8' ? yield* latin1FromUtf8(copy) : yield* latin1FromRawUnicodeEscape(copy)
    if (!bytes) throw this.#failures.at('a text that stands for bytes has other characters', source.offset)
    return bytes
  }

  *#array(node: ArrayNode): Steps<unknown> {
    if (node.final !== undefined) return node.final
    const { state, offset } = node
    if (!state) throw this.#failures.at('an array has no state', offset)
    const { dtype, shape, data } = state
    if (data instanceof ListNode) {
      if (shape.length === 0) return (node.final = yield* this.#of(data.items[0]))
      const target: unknown[] = []
      node.final = target
      this.#pending.push(new NestedObjects(state, target))
      return target
    }
    const bytes = yield* this.#ownBytes(data)
    const count = sizeOf(shape)
    if (bytes.length !== count * dtype.itemBytes) {
      const problem = `an array of shape (${shape}) and type ${typeString(dtype)} has ${bytes.length} bytes`
      throw this.#failures.at(problem, offset)
    }
    return (node.final = isNumeric(dtype) ? yield* numericArray(bytes, state) : yield* textArray(bytes, state, count))
  }

  *#scalar({ dtype, data, offset }: ScalarNode): Steps<unknown> {
    const bytes = yield* this.#ownBytes(data)
    if (bytes.length !== dtype.itemBytes) throw this.#failures.at(`a scalar of type ${typeString(dtype)} has ${bytes.length} bytes`, offset)
    if (!isNumeric(dtype)) return (yield* textsFrom(bytes, dtype, 1))[0]
    const [first, second] = (yield* numbersFrom(bytes, dtype)) as Float64Array
    if (dtype.kind === 'b') return first !== 0
    if (dtype.kind === 'c') return { real: first, imag: second }
    // An integer of eight bytes is a bigint.
    return shortest(first as number | bigint)
  }
}

function isLeaf(node: unknown): node is Leaf {
  return node instanceof ArrayNode || node instanceof ScalarNode || node instanceof BytesNode || node instanceof TextNode
}

function* settled<T>(value: T): Steps<T> {
  return value
}

function* copyOfBytes(source: Uint8Array): Steps<Uint8Array> {
  const copy = unsetBytes(source.length)
  yield* inRanges(source.length, (from, to) => copy.set(source.subarray(from, to), from))
  return copy
}

/** How far apart in the data the neighbours along each axis are, in elements. */
function stridesOf({ shape, isFortranOrder, axisOrder }: ArrayState, each = 1): number[] {
  if (isFortranOrder) return fortranStrides(shape, each)
  if (!axisOrder) return cStrides(shape, each)
  // The shape of the data: its axis `axisOrder[i]` is axis `i` of the array.
  const dataShape: number[] = []
  for (const [i, axis] of axisOrder.entries()) dataShape[axis] = shape[i] as number
  const strides = cStrides(dataShape, each)
  return axisOrder.map((axis) => strides[axis] as number)
}

/** One axis is a typed array, as the exporter has it; complex numbers have a last axis of two. */
function* numericArray(bytes: Uint8Array, state: ArrayState): Steps<NumericArray | NDArray> {
  const { dtype, shape, isFortranOrder, axisOrder } = state
  const each = dtype.kind === 'c' ? 2 : 1
  let data = yield* numbersFrom(bytes, dtype)
  if (isFortranOrder || axisOrder) data = yield* inCOrder(data, shape, stridesOf(state, each), each)
  if (each === 1 && shape.length === 1) return data
  return new NDArray(data, each === 1 ? shape : [...shape, each])
}

function* textArray(bytes: Uint8Array, state: ArrayState, count: number): Steps<unknown> {
  const { dtype, shape, isFortranOrder, axisOrder } = state
  const texts = yield* textsFrom(bytes, dtype, count)
  if (shape.length === 0) return texts[0]
  if (shape.length === 1) return texts
  const target: unknown[] = []
  if (!isFortranOrder && !axisOrder) {
    yield* nest(texts, shape, target)
    return target
  }
  const places = yield* inCOrder(
    Float64Array.from({ length: count }, (_, i) => i),
    shape,
    stridesOf(state),
  )
  const ordered: unknown[] = []
  for (const place of places) ordered.push(texts[Number(place)])
  yield* nest(ordered, shape, target)
  return target
}

/** Puts elements in C order into nested arrays, one level an axis. An axis of length 0 ends the levels. */
function* nest(elements: readonly unknown[], shape: readonly number[], target: unknown[]): Steps<void> {
  let level = elements
  for (let axis = shape.length - 1; axis > 0 && level.length > 0; axis--) {
    const length = shape[axis] as number
    const outer: unknown[] = []
    for (let from = 0; from < level.length; from += length) {
      outer.push(level.slice(from, from + length))
      spend(length)
      if (isDue()) yield
    }
    level = outer
  }
  for (const element of level) target.push(element)
}
