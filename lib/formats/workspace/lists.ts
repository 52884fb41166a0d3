/**
 * Lists as the arrays that `numpy.asarray` makes of them.
 */
import type { PackedTexts } from '../../engine/plan/hdf5-tree.js'
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { unset } from '../../memory/allocation.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import { isExact } from '../pickle/containers.js'
import { isWhole, PyFloat, PyTuple } from '../pickle/values.js'

/** The library's own limit. */
export const MOST_AXES = 32

/** What is in a list: numbers, booleans as int8, or texts. */
export type ListData = { shape: readonly number[] } & (
  | { data: 'numbers'; numbers: NumericArray; areBooleans: boolean }
  | { data: 'texts'; texts: PackedTexts }
)

/** What no list that becomes an array holds otherwise. */
export const LIST_FORM = 'numbers, texts or booleans in lists of one length'

/**
 * A list of numbers, texts or booleans, or of equally long lists of them: whole numbers as int64 or else uint64, others as float64. A
 * list of nothing is one of float64. Undefined for anything else, numbers that no dtype holds exactly and texts that no file holds.
 */
export function* listData(list: readonly unknown[] | PyTuple): Steps<ListData | undefined> {
  const given = new Flattened()
  if (!(yield* given.add(itemsOf(list) as readonly unknown[], 0))) return undefined
  const { shape, elements } = given
  const [first] = elements
  if (typeof first === 'string') return yield* textData(elements, shape)
  const areBooleans = typeof first === 'boolean'
  const data = areBooleans ? yield* booleans(elements) : yield* numbers(elements)
  return data && { data: 'numbers', numbers: data, shape, areBooleans }
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof PyTuple ? value.items : undefined
}

/** The elements of nested lists in order, each read once, and the shape that the first ones show. */
class Flattened {
  readonly shape: number[] = []
  readonly elements: unknown[] = []
  #isShapeKnown = false;

  /** False for a list that does not have the shape. A cycle ends with more axes than any array has. */
  *add(list: readonly unknown[], axis: number): Steps<boolean> {
    const { shape, elements } = this
    const { length } = list
    if (axis < shape.length ? shape[axis] !== length : this.#isShapeKnown || shape.push(length) > MOST_AXES) return false
    this.#isShapeKnown ||= length === 0
    for (let i = 0; i < length; i++) {
      if (isDue()) yield
      const item = list[i]
      const inner = itemsOf(item)
      if (inner) {
        if (!(yield* this.add(inner, axis + 1))) return false
      } else {
        this.#isShapeKnown = true
        if (axis + 1 !== shape.length) return false
        elements.push(item)
      }
    }
    return true
  }
}

function* textData(elements: readonly unknown[], shape: readonly number[]): Steps<ListData | undefined> {
  let areTexts = true
  const texts = yield* packTexts(elements.length, (i) => {
    const text = elements[i]
    areTexts &&= typeof text === 'string' && isWritableText(text)
    return areTexts ? (text as string) : ''
  })
  return areTexts ? { data: 'texts', texts, shape } : undefined
}

function* booleans(elements: readonly unknown[]): Steps<Int8Array | undefined> {
  const data = unset(Int8Array, elements.length)
  for (const [i, element] of elements.entries()) {
    if (typeof element !== 'boolean') return undefined
    data[i] = Number(element)
    if (isDue()) yield
  }
  return data
}

/** Numbers of the narrowest kind that holds them all exactly. */
function* numbers(elements: readonly unknown[]): Steps<NumericArray | undefined> {
  let areWhole = elements.length > 0
  let areExact = true
  let areUnsigned = true
  let [least, most] = [0n, 0n]
  for (const element of elements) {
    if (typeof element === 'number') {
      areWhole &&= isWhole(element)
      areUnsigned &&= element >= 0
    } else if (typeof element === 'bigint') {
      areExact &&= isExact(element)
      if (element < least) least = element
      if (element > most) most = element
    } else if (element instanceof PyFloat) {
      areWhole = false
    } else {
      return undefined
    }
    if (isDue()) yield
  }
  if (!areWhole) return areExact ? yield* filled(unset(Float64Array, elements.length), elements, floatOf) : undefined
  if (BigInt.asIntN(64, least) === least && BigInt.asIntN(64, most) === most) {
    return yield* filled(unset(BigInt64Array, elements.length), elements, integerOf)
  }
  areUnsigned &&= least === 0n && BigInt.asUintN(64, most) === most
  return areUnsigned ? yield* filled(unset(BigUint64Array, elements.length), elements, integerOf) : undefined
}

function floatOf(element: unknown): number {
  return element instanceof PyFloat ? element.value : Number(element)
}

function integerOf(element: unknown): bigint {
  return BigInt(element as number | bigint)
}

function* filled<T extends number | bigint>(
  data: NumericArray & { [index: number]: T },
  elements: readonly unknown[],
  valueOf: (element: unknown) => T,
): Steps<NumericArray> {
  yield* inRanges(elements.length, (from, to) => {
    for (let i = from; i < to; i++) data[i] = valueOf(elements[i])
  })
  return data
}
