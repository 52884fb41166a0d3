/**
 * Attributes of units: the inverse of the exporter's columns.
 */
import type { AttributeValue, Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { isNDArray, NDArray, sizeOf } from '../../../memory/ndarray.js'
import { setOwn, shortest } from '../../../memory/plain-values.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { listElements, nested, pythonNumbers } from './arrays.js'
import type { Child, Finish, Found, Walk } from './walk.js'
import { textIn } from './walk.js'

/** What is known about one unit, by name. */
type Attributes = Record<string, unknown>

/** Of all units, each with all columns and an object: each takes some 50 bytes. */
const MOST_VALUES = 2 ** 24

export type IsMissing = (unit: number) => boolean

/** Gives all units that have one their value of a column. */
type Fill = (units: readonly Attributes[]) => Steps<void>

/**
 * Plans the attributes of units; null where no unit has any, as in SpikeLab.
 *
 * @param path - of the group of attributes
 * @param found - what is there
 */
export async function neuronAttributes(
  walk: Walk,
  path: string,
  found: Found | undefined,
  unitCount: number,
): Promise<Finish<Attributes[] | null>> {
  if (found === undefined) return async () => null
  if (found.kind !== 'group') throw walk.error('it is no group', path)
  const children = await walk.children(path)
  const count = unitCount * (children.length + 1)
  if (count > MOST_VALUES) throw walk.error(`it has ${count} values, more than the ${MOST_VALUES} that fit in memory`, path)
  const columns: Finish<Fill>[] = []
  for (const child of children) {
    const column = columnOf(walk, child, unitCount)
    if (column) columns.push(column)
  }
  return async () => {
    if (columns.length === 0) return null
    const units = await inSlices(emptyObjects(unitCount), walk.signal)
    for (const column of columns) await inSlices((await column())(units), walk.signal)
    return (await inSlices(areEmpty(units), walk.signal)) ? null : units
  }
}

/** Whether attributes can hold the values of a column. */
export function isReadable({ type, problem }: Hdf5Dataset): boolean {
  return problem === undefined && (type.kind === 'text' || type.dtype !== undefined)
}

/** Undefined for a column that cannot be read. */
function columnOf(walk: Walk, { name, path, found }: Child, unitCount: number): Finish<Fill> | undefined {
  const dataset = walk.dataset(path, found)
  const { type, shape, problem } = dataset
  const [rows, ...rest] = shape
  if (rows === undefined) throw walk.error('it is no column: it is a single value', path)
  if (rows !== unitCount) throw walk.error(`it has ${rows} values for ${unitCount} units`, path)
  if (!isReadable(dataset)) {
    walk.lost.push(`${path}: ${problem ?? 'its values are no numbers, booleans or texts'}`)
    return undefined
  }
  const isMissing = missingRows(dataset)
  if (type.kind === 'text' || type.kind === 'boolean') {
    const elements = listElements(walk, dataset)
    return async () => {
      const valueAt = await elements()
      return (units) => fillWithElements(units, { name, valueAt, rest, isMissing })
    }
  }
  const numbers = walk.room(dataset)
  if (rest.length > 0) return async () => (units) => fillWithArrays(units, { name, numbers, rest, isMissing })
  const kind = textIn(dataset.attributes.get('__scalar_kind__')) ?? ''
  return async () => (units) => fillWithNumbers(units, { name, path, numbers, kind, walk })
}

/** Which units have no array, where the file lists them. Older files do not: there a row of NaN is none. */
export function missingRows({ attributes }: Hdf5Dataset): IsMissing | undefined {
  const listed = attributes.get('__missing_unit_indices__')
  if (listed === undefined) return undefined
  const units = new Set(numbersOf(listed))
  return (unit) => units.has(unit)
}

function numbersOf(value: AttributeValue): number[] {
  return isNDArray(value) ? Array.from<number | bigint, number>(value.data, Number) : [Number(value)]
}

/** Texts and booleans, or lists of them. An empty text is none. */
function* fillWithElements(
  units: readonly Attributes[],
  {
    name,
    valueAt,
    rest,
    isMissing,
  }: { name: string; valueAt: (i: number) => unknown; rest: readonly number[]; isMissing: IsMissing | undefined },
): Steps<void> {
  const at = { next: 0 }
  for (const [unit, attributes] of units.entries()) {
    const value = rest.length === 0 ? valueAt(unit) : yield* nested(valueAt, rest, at)
    if (value !== '' && !isMissing?.(unit)) setOwn(attributes, name, value)
    if (isDue()) yield
  }
}

/** Arrays of numbers, in memory that all units share. */
function* fillWithArrays(
  units: readonly Attributes[],
  { name, numbers, rest, isMissing }: { name: string; numbers: NumericArray; rest: readonly number[]; isMissing: IsMissing | undefined },
): Steps<void> {
  const size = sizeOf(rest)
  const canBeNaN = numbers instanceof Float64Array || numbers instanceof Float32Array
  for (const [unit, attributes] of units.entries()) {
    const row = numbers.subarray(unit * size, (unit + 1) * size)
    const isNone = isMissing ? isMissing(unit) : canBeNaN && (yield* areNaN(row))
    if (!isNone) setOwn(attributes, name, rest.length === 1 ? row : new NDArray(row, rest))
    if (isDue()) yield
  }
}

/** Numbers, or what the file says that they stand for. NaN is none. */
function* fillWithNumbers(
  units: readonly Attributes[],
  { name, path, numbers, kind, walk }: { name: string; path: string; numbers: NumericArray; kind: string; walk: Walk },
): Steps<void> {
  const valueAt = yield* pythonNumbers(numbers, walk.isPlain)
  for (const [unit, attributes] of units.entries()) {
    const number = numbers[unit] as number | bigint
    if (isDue()) yield
    if (Number.isNaN(number)) continue
    if (kind === 'int' && !Number.isFinite(Number(number))) throw walk.error(`unit ${unit} has ${number}, which is no integer`, path)
    setOwn(attributes, name, kind === 'int' ? integerOf(number) : kind === 'bool' ? Number(number) !== 0 : valueAt(unit))
  }
}

/** As Python's `int` has it. */
export function integerOf(number: number | bigint): number | bigint {
  return shortest(typeof number === 'bigint' ? number : BigInt(Math.trunc(number)))
}

function* areNaN(row: NumericArray): Steps<boolean> {
  for (const number of row) {
    if (!Number.isNaN(number)) return false
    if (isDue()) yield
  }
  return true
}

function* emptyObjects(count: number): Steps<Attributes[]> {
  const objects: Attributes[] = []
  for (let i = 0; i < count; i++) {
    objects.push({})
    if (isDue()) yield
  }
  return objects
}

function* areEmpty(objects: readonly Attributes[]): Steps<boolean> {
  for (const object of objects) {
    for (const _ in object) return false
    if (isDue()) yield
  }
  return true
}
