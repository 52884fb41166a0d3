/**
 * Values that each spike has besides its time, and that stay on the disk with it: their names and types, and the check of those that come.
 */
import { invalidType, invalidValue, quoted, unknownOption } from '../errors.js'
import { unset } from '../memory/allocation.js'
import { countOf } from '../memory/float64.js'
import type { NumberDtype } from '../memory/number-dtypes.js'
import { dtypeNamed, isNumberDtype, NUMBER_DTYPES, typeStringOf } from '../memory/number-dtypes.js'
import type { ArrayType, NumericArray } from '../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray } from '../memory/typed-arrays.js'
import { nearestName } from '../options/nearest-name.js'
import type { Steps } from '../steps.js'
import { inRanges, isDue } from '../steps.js'
import type { NeuronAttributes } from './attributes.js'
import { isPlainObject } from './attributes.js'

/** A dtype of numpy that values of spikes may have. */
export type SpikeValueDtype = NumberDtype

/** Values of each spike that stay on the disk: {@link SpikeData.loadSpikeValues} reads those of one unit. */
export interface SpikeValues {
  /** The dtype, under numpy's name. */
  readonly dtype: SpikeValueDtype
}

/** Values of spikes, one for each: a typed array, or an array of numbers or bigints. */
export type SpikeValueArray = NumericArray | readonly number[] | readonly bigint[]

/** A name for values of spikes, and their type. */
export interface ValueColumn extends SpikeValues {
  readonly name: string
  readonly type: ArrayType
}

/** More names would leave memory for few spikes at a time. */
export const MOST_COLUMNS = 64

const MOST_FLOAT32 = Math.fround(3.4028234663852886e38)

/** The column of a name, whose values are arrays of this type. */
export function valueColumn(name: string, type: ArrayType): ValueColumn {
  return { name, dtype: dtypeNamed(dtypeOf(new type(0))), type }
}

/**
 * The names and types that an option declares.
 *
 * @throws TypeError, RangeError for anything but an object with the name of a dtype for each name
 */
export function valueColumnsFrom(given: unknown): ValueColumn[] {
  if (given === undefined || given === null) return []
  const option = 'spikeValues'
  if (!isPlainObject(given)) throw invalidType('an object with the dtype of each name', option, given)
  const names = Object.keys(given)
  if (names.length > MOST_COLUMNS) throw invalidValue(`at most ${MOST_COLUMNS} names`, option, names.length)
  return names.map((name) => {
    const dtype = given[name]
    if (!isNumberDtype(dtype)) throw invalidValue(`one of ${NUMBER_DTYPES.map(quoted).join(', ')}`, `${option}.${name}`, dtype)
    return { name, dtype, type: arrayTypeOf(typeStringOf(dtype)) }
  })
}

/**
 * Refuses attributes of units that have the name of values of spikes.
 *
 * @throws RangeError for the first
 */
export function* requireOtherNames(attributes: readonly NeuronAttributes[] | null, columns: readonly ValueColumn[]): Steps<void> {
  if (columns.length === 0) return
  for (const [unit, entry] of (attributes ?? []).entries()) {
    for (const { name } of columns) {
      if (Object.hasOwn(entry, name)) throw invalidValue('a name that is not in spikeValues', `an attribute of unit ${unit}`, name)
    }
    if (isDue()) yield
  }
}

/**
 * The values of a batch, in the order of the columns and of their types: the caller's arrays where they are of these.
 *
 * @param batch - what errors call the batch
 * @throws TypeError, RangeError for names that are missing or others, another number of values than of spikes, and a value that the type
 *   does not have
 */
export function* batchValues(given: unknown, columns: readonly ValueColumn[], count: number, batch: string): Steps<NumericArray[]> {
  if (columns.length === 0) {
    if (given === undefined || given === null) return []
    throw invalidValue('no value, as there is no spikeValues,', `values of ${batch}`, given)
  }
  if (!isPlainObject(given)) throw invalidType('an object with values for each name of spikeValues', `values of ${batch}`, given)
  const unknown = Object.keys(given).find((key) => columns.every(({ name }) => name !== key))
  if (unknown !== undefined) {
    const names = columns.map(({ name }) => name)
    throw unknownOption(`values of ${batch}`, unknown, nearestName(unknown, names))
  }
  const values: NumericArray[] = []
  for (const { name, dtype, type } of columns) {
    const option = `values.${name} of ${batch}`
    const array = given[name] as SpikeValueArray
    const length = countOf(array as readonly number[], option)
    if (length !== count) throw invalidValue(`${count}, the number of spikes,`, `the length of ${option}`, length)
    values.push(isNumericArray(array) && arrayTypeOf(dtypeOf(array)) === type ? array : yield* converted(array, dtype, type, option))
  }
  return values
}

/** Values as another type, each checked. */
function* converted(given: SpikeValueArray, dtype: SpikeValueDtype, type: ArrayType, option: string): Steps<NumericArray> {
  const values = unset(type, given.length)
  const isBig = dtype === 'int64' || dtype === 'uint64'
  const expected = expectedOf(dtype)
  const fits = fitsIn(dtype)
  yield* inRanges(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value: unknown = given[i]
      if (typeof value !== 'number' && typeof value !== 'bigint') throw invalidType('a number', `entry ${i} of ${option}`, value)
      if (!fits(value)) throw invalidValue(expected, `entry ${i} of ${option}`, value)
      values[i] = (isBig ? BigInt(value) : Number(value)) as never
    }
  })
  return values
}

/** Whether a number of JavaScript's is, as it is or rounded to the nearest, one of a dtype. */
function fitsIn(dtype: SpikeValueDtype): (value: number | bigint) => boolean {
  const isExact = (value: number | bigint) => typeof value === 'number' || BigInt(Number(value)) === value
  if (dtype === 'float64') return isExact
  if (dtype === 'float32')
    return (value) => isExact(value) && (!Number.isFinite(Number(value)) || Math.abs(Math.fround(Number(value))) <= MOST_FLOAT32)
  const [least, most] = limitsOf(dtype)
  return (value) => (typeof value === 'bigint' || Number.isInteger(value)) && value >= least && value <= most
}

function limitsOf(dtype: SpikeValueDtype): [bigint, bigint] {
  const bits = BigInt(dtype.replace(/\D+/, ''))
  return dtype.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
}

function expectedOf(dtype: SpikeValueDtype): string {
  if (dtype.startsWith('float')) return `a number that ${dtype} has`
  const [least, most] = limitsOf(dtype)
  return `a whole number from ${least} to ${most}`
}
