/**
 * Attributes of units: a dataset for each, with one row a unit.
 */
import type { Hdf5Attribute } from '../../engine/plan/hdf5-tree.js'
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { nans, zeros } from '../../memory/allocation.js'
import { isNDArray, requireWhole } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray, lengthOf, partOf, promotedDtype } from '../../memory/typed-arrays.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import { attributesByName } from '../nwb/attribute-columns.js'
import type { AttributeValues } from '../nwb/column-data.js'
import { isObjectName } from '../nwb/column-names.js'
import { isExact } from '../pickle/containers.js'
import { valuePath } from '../pickle/pickler.js'
import { isWhole, PyFloat, PyTuple } from '../pickle/values.js'
import { listData, MOST_AXES } from './lists.js'
import type { Tree } from './tree.js'

/** An attribute of a dataset has at most 64 KiB: so many numbers of units fit. */
const MOST_MISSING = 8000

const NO_NAMES: ReadonlySet<string> = new Set()

/** A unit's array of numbers, or of booleans as int8. */
interface UnitArray {
  numbers: NumericArray
  shape: readonly number[]
  areBooleans: boolean
}

/**
 * Adds the group of an object's attributes, if there is anything to hold.
 *
 * @param keys - what leads to the object
 * @throws RangeError for more than a thousand names, and for an array whose buffer was transferred or has shrunk
 */
export function* addNeuronAttributes(
  tree: Tree,
  parent: string,
  attributes: readonly NeuronAttributes[] | null,
  keys: readonly unknown[],
): Steps<void> {
  if (!attributes) return
  const attributeKeys = [...keys, 'neuronAttributes']
  for (const attribute of yield* attributesByName(attributes, NO_NAMES, valuePath(attributeKeys))) {
    const { name } = attribute
    const place = [...attributeKeys, name]
    if (isObjectName(name)) yield* new Column(tree, `${parent}/neuron_attributes/${name}`, attribute, attributes.length, place).add()
    else tree.losses.add('names', place)
  }
}

class Column {
  constructor(
    readonly tree: Tree,
    readonly path: string,
    readonly attribute: AttributeValues,
    readonly unitCount: number,
    readonly place: readonly unknown[],
  ) {}

  *add(): Steps<void> {
    const [first] = this.attribute.values
    const isHeld =
      typeof first === 'string'
        ? yield* this.#texts()
        : typeof first === 'boolean'
          ? yield* this.#booleans()
          : typeof first === 'number' || typeof first === 'bigint' || first instanceof PyFloat
            ? yield* this.#numbers()
            : yield* this.#arrays()
    if (!isHeld) this.tree.losses.add('values', this.place)
  }

  /** Texts; where a unit has none, an empty one. */
  *#texts(): Steps<boolean> {
    const { units, values } = this.attribute
    let next = 0
    let areStorable = true
    let [areEmpty, isOneEmpty] = [true, false]
    const texts = yield* packTexts(this.unitCount, (unit) => {
      if (units[next] !== unit) return ''
      const text = values[next++]
      areStorable &&= typeof text === 'string' && isWritableText(text)
      if (!areStorable) return ''
      areEmpty &&= text === ''
      isOneEmpty ||= text === ''
      return text as string
    })
    if (!areStorable) return false
    if (isOneEmpty) this.tree.losses.add('emptyTexts', this.place)
    if (!areEmpty) this.tree.add({ object: 'textDataset', path: this.path, texts, shape: [this.unitCount] })
    return true
  }

  *#booleans(): Steps<boolean> {
    for (const value of this.attribute.values) {
      if (typeof value !== 'boolean') return false
      if (isDue()) yield
    }
    yield* this.#addScalars('bool')
    return true
  }

  /** Numbers that float64 holds exactly; where a unit has none, NaN. SpikeLab reads all of them as the one kind that the column has. */
  *#numbers(): Steps<boolean> {
    let areWhole = true
    let [areMissing, isOneMissing] = [true, false]
    for (const value of this.attribute.values) {
      if (typeof value === 'bigint') {
        if (!isExact(value)) return false
        areMissing = false
      } else if (typeof value === 'number' || value instanceof PyFloat) {
        const number = Number(numberOf(value))
        areWhole &&= typeof value === 'number' && isWhole(number)
        areMissing &&= Number.isNaN(number)
        isOneMissing ||= Number.isNaN(number)
      } else {
        return false
      }
      if (isDue()) yield
    }
    if (isOneMissing) this.tree.losses.add('notNumbers', this.place)
    if (!areMissing) yield* this.#addScalars(areWhole ? 'int' : 'float')
    return true
  }

  *#addScalars(kind: 'int' | 'float' | 'bool'): Steps<void> {
    const { units, values } = this.attribute
    const data = yield* nans(this.unitCount)
    for (const [i, unit] of units.entries()) {
      data[unit] = Number(numberOf(values[i]))
      if (isDue()) yield
    }
    const attributes: Hdf5Attribute[] = kind === 'float' ? [] : [{ name: '__scalar_kind__', value: kind }]
    this.tree.addNumbers(this.path, { kind: 'array', data, shape: [this.unitCount] }, { attributes })
  }

  /** Arrays of one shape, with the numbers of the units that have none. */
  *#arrays(): Steps<boolean> {
    const { units, values } = this.attribute
    const arrays: UnitArray[] = []
    for (const [i, value] of values.entries()) {
      const array = yield* this.#unitArray(value, units[i] as number)
      if (!array) return false
      arrays.push(array)
      if (isDue()) yield
    }
    const common = yield* commonOf(arrays)
    const missing = this.unitCount - units.length
    if (!common || missing > MOST_MISSING) return false
    const { shape, size, dtype, areBooleans } = common
    const data = zeros(arrayTypeOf(dtype), this.unitCount * size)
    const missingUnits: number[] = []
    let next = 0
    // SpikeLab takes a row of NaN, or of nothing, for a missing one, unless the file lists those.
    let isOneEmpty = false
    for (let unit = 0; unit < this.unitCount; unit++) {
      const isMissing = units[next] !== unit
      const from = isMissing ? undefined : (arrays[next++] as UnitArray).numbers
      if (isMissing) missingUnits.push(unit)
      if (!(yield* write(from, data, unit * size, size, dtype))) return false
      isOneEmpty ||= dtype[1] === 'f' && !isMissing && (yield* areNaN(data, unit * size, size))
      if (isDue()) yield
    }
    const numbers = BigInt64Array.from(missingUnits, BigInt)
    const list: Hdf5Attribute[] = [{ name: '__missing_unit_indices__', value: { numbers, shape: [missing] } }]
    const attributes = missing > 0 || isOneEmpty ? list : []
    this.tree.addNumbers(this.path, { kind: 'array', data, shape: [this.unitCount, ...shape] }, { attributes, areBooleans })
    return true
  }

  *#unitArray(value: unknown, unit: number): Steps<UnitArray | undefined> {
    if (Array.isArray(value) || value instanceof PyTuple) {
      const list = yield* listData(value)
      return list?.data === 'numbers' ? list : undefined
    }
    if (!isNDArray(value) && !isNumericArray(value)) return undefined
    const [numbers, shape] = isNDArray(value) ? [value.data, value.shape] : [value, [lengthOf(value)]]
    requireWhole({ data: numbers, shape }, () => `${valuePath(this.place)} of unit ${unit}`)
    return { numbers, shape, areBooleans: false }
  }
}

/** A number or a boolean as it is, or the number that a caller has marked as a float. */
function numberOf(value: unknown): unknown {
  return value instanceof PyFloat ? value.value : value
}

/** What all arrays of a column have; undefined where they differ in shape, and for a column of more axes than there can be. */
function* commonOf(
  arrays: readonly UnitArray[],
): Steps<{ shape: readonly number[]; size: number; dtype: string; areBooleans: boolean } | undefined> {
  const [first] = arrays as [UnitArray]
  const { shape } = first
  const size = lengthOf(first.numbers)
  let dtype = dtypeOf(first.numbers)
  if (shape.length === 0 || shape.length >= MOST_AXES) return undefined
  for (const { numbers, shape: other, areBooleans } of arrays) {
    if (areBooleans !== first.areBooleans || other.length !== shape.length) return undefined
    if (other.some((length, axis) => length !== shape[axis])) return undefined
    dtype = promotedDtype(dtype, dtypeOf(numbers))
    if (isDue()) yield
  }
  return { shape, size, dtype, areBooleans: first.areBooleans }
}

/** Writes an array's elements, or the missing value of the dtype. False for a number that the dtype does not hold exactly. */
function* write(from: NumericArray | undefined, to: NumericArray, at: number, size: number, dtype: string): Steps<boolean> {
  let areExact = true
  const isSame = from && dtypeOf(from) === dtype
  yield* inRanges(size, (start, end) => {
    if (isSame) {
      ;(to as Float64Array).set(partOf(from, start, end) as Float64Array, at + start)
    } else if (from) {
      const isBig = dtype === '<i8' || dtype === '<u8'
      for (let i = start; i < end; i++) {
        const element = from[i] as number | bigint
        areExact &&= isBig || typeof element === 'number' || isExact(element)
        ;(to as NumericArray & { [index: number]: unknown })[at + i] = isBig ? BigInt(element) : Number(element)
      }
    } else if (dtype[1] === 'f') {
      ;(to as Float64Array).fill(NaN, at + start, at + end)
    }
  })
  return areExact
}

function* areNaN(data: NumericArray, at: number, size: number): Steps<boolean> {
  for (let i = at; i < at + size; i++) {
    if (!Number.isNaN(data[i])) return false
    if (isDue()) yield
  }
  return true
}
