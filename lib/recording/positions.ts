/**
 * Electrodes and locations of units, from their attributes.
 */
import { invalidType, invalidValue } from '../errors.js'
import { unset } from '../memory/allocation.js'
import type { Numbers } from '../memory/float64.js'
import { copyNumbers, countOf } from '../memory/float64.js'
import { isNDArray, NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray, promotedDtype } from '../memory/typed-arrays.js'
import { isMissing } from '../options/checks.js'
import { isInt64 } from '../options/integers.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { NeuronAttributes } from './attributes.js'

/** The attributes that hold a unit's electrode, by precedence. */
export const ELECTRODE_NAMES = ['electrode', 'channel', 'ch'] as const

/**
 * The electrode of each unit: its `electrode`, `channel` or `ch`. Null without units, or when a unit has none of them.
 *
 * @returns int64 when all are whole numbers, otherwise float64
 * @throws TypeError for an electrode that is no number, naming the unit
 */
export function* electrodesOf(attributes: readonly NeuronAttributes[] | null): Steps<BigInt64Array | Float64Array | null> {
  if (attributes === null || attributes.length === 0) return null
  const whole = unset(BigInt64Array, attributes.length)
  const exact = unset(Float64Array, attributes.length)
  let allWhole = true
  for (const [unit, { electrode, channel, ch }] of attributes.entries()) {
    const value = electrode ?? channel ?? ch
    if (isMissing(value)) return null
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      throw invalidType('a number', `the electrode of unit ${unit}`, value)
    }
    allWhole &&= isInt64(value)
    if (allWhole) whole[unit] = BigInt(value)
    exact[unit] = Number(value)
    if (isDue()) yield
  }
  return allWhole ? whole : exact
}

/**
 * The location of each unit: its `location`, or `x`, `y` (and `z`), or `position`. Null without units, or when a unit has none
 * of them.
 *
 * @returns float64, units × dimensions
 * @throws TypeError for a location that is no array of numbers, naming the unit
 * @throws RangeError for a location without coordinates, or with more or fewer than the first unit's
 */
export function unitLocationsOf(attributes: readonly NeuronAttributes[] | null): Steps<NDArray<Float64Array> | null> {
  return locationsFrom(attributes, '<f8') as Steps<NDArray<Float64Array> | null>
}

/**
 * The same with the dtype that numpy gives an array of these locations: the dtypes of typed arrays are kept, and combined where they
 * differ; other numbers are float64.
 */
export function typedUnitLocationsOf(attributes: readonly NeuronAttributes[] | null): Steps<NDArray | null> {
  return locationsFrom(attributes, undefined)
}

/** The locations in the common dtype of all, and of the one given. */
function* locationsFrom(attributes: readonly NeuronAttributes[] | null, given: string | undefined): Steps<NDArray | null> {
  if (attributes === null || attributes.length === 0) return null
  let dtype = given
  let locations: NumericArray = new Float64Array(0)
  let dimensions = 0
  for (const [unit, entry] of attributes.entries()) {
    const location = locationIn(entry)
    if (location === null) return null
    const name = `the location of unit ${unit}`
    const coordinates = (isNDArray(location) ? location.data : location) as Numbers
    const count = countOf(coordinates, name)
    const own = isNumericArray(coordinates) ? dtypeOf(coordinates) : '<f8'
    const common = promotedDtype(own, dtype ?? own)
    if (unit === 0) dimensions = count
    if (unit === 0 || common !== dtype) {
      const before = locations
      locations = unset(arrayTypeOf(common), attributes.length * dimensions)
      yield* convertNumbers(before, locations, 0, unit * dimensions)
      dtype = common
    }
    if (dimensions === 0) throw invalidValue('at least one coordinate', name, location)
    if (count !== dimensions) throw invalidValue(`${dimensions} coordinates, as unit 0 has,`, name, location)
    if (dtype === '<f8') yield* copyNumbers(coordinates, name, locations as Float64Array, unit * dimensions, dimensions)
    else yield* convertNumbers(coordinates as NumericArray, locations, unit * dimensions, dimensions)
    if (isDue()) yield
  }
  return new NDArray(locations, [attributes.length, dimensions])
}

/** Copies the first `count` numbers to `target` from `start` on, in its type. */
function* convertNumbers(numbers: NumericArray, target: NumericArray & Record<number, unknown>, start: number, count: number): Steps<void> {
  const convert = ['<i8', '<u8'].includes(dtypeOf(target)) ? BigInt : Number
  for (let i = 0; i < count; i++) {
    target[start + i] = convert(numbers[i] as number | bigint)
    if (isDue()) yield
  }
}

/** The attributes that hold a unit's location, by precedence. */
export const LOCATION_NAMES = [['location'], ['x', 'y', 'z'], ['position']] as const

/** Those of {@link LOCATION_NAMES} that hold the location of a unit. */
export function locationSource({ location, x, y, position }: NeuronAttributes): (typeof LOCATION_NAMES)[number] | undefined {
  if (!isMissing(location)) return LOCATION_NAMES[0]
  if (!isMissing(x) && !isMissing(y)) return LOCATION_NAMES[1]
  return isMissing(position) ? undefined : LOCATION_NAMES[2]
}

/** The location of a unit, as it is given; null where it has none. */
export function locationIn(entry: NeuronAttributes): unknown {
  const names = locationSource(entry)
  if (!names) return null
  return names.length === 1 ? entry[names[0]] : names.map((name) => entry[name]).filter((value) => !isMissing(value))
}
