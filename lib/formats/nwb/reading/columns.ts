/**
 * Reads the columns of a table: a value for each row, from datasets of numbers, booleans, texts and references, plain, ragged (with an index)
 * and doubly ragged (with an index of the index).
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../../engine/run-job.js'
import { unset } from '../../../memory/allocation.js'
import { NDArray, sizeOf } from '../../../memory/ndarray.js'
import { shortest } from '../../../memory/plain-values.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, lengthOf } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { atOnce, inRanges, inSlices, isDue, spend } from '../../../steps.js'

/** The value of a row; undefined where it has none: NaN, an empty text, no elements. A {@link LongValue} where it takes long to make. */
export type ValueOf = (row: number) => unknown

/** A value of so many elements that it has to be made in steps. */
export class LongValue {
  readonly steps: Steps<unknown>

  constructor(steps: Steps<unknown>) {
    this.steps = steps
  }
}

/** A value of fewer elements is made at once. */
const FEW_ELEMENTS = 4096

/** A value, made now if it has few elements. */
export function madeOf(elements: number, steps: Steps<unknown>): unknown {
  if (elements > FEW_ELEMENTS) return new LongValue(steps)
  spend(elements)
  return atOnce(steps)
}

/** A value, which may be a {@link LongValue}. */
export function* finished(value: unknown): Steps<unknown> {
  return value instanceof LongValue ? yield* value.steps : value
}

/** A column of a table, by its place in the file. */
export interface ColumnDatasets {
  name: string
  data: Hdf5Dataset
  /** Cumulative end counts, one a row: where a row has any number of values. */
  index?: Hdf5Dataset | undefined
  /** Cumulative end counts of the entries of `index`, one a row. */
  outerIndex?: Hdf5Dataset | undefined
}

/** The elements of a dataset along its first axis. */
interface Entries {
  readonly count: number
  /** How many elements each has. */
  readonly width: number
  /** One of them; may be a {@link LongValue}. */
  one(i: number): unknown
  /** Those from `from` to `to - 1`; the same. */
  some(from: number, to: number): unknown
}

/** The text of an electrode's place in the brain, and of what else the schema requires, where it is not known. */
export const UNKNOWN = 'unknown'

/**
 * The values of a column, read now; undefined where they are of a type that nothing here can hold.
 *
 * @param rows - how many rows the table has
 * @param onProgress - called while {@link bytesOfNumbers} are read
 * @throws FormatError for a column that does not have a value for each row, and an index that falls or leads beyond the values
 */
export async function columnValues(
  file: Hdf5File,
  { name, data, index, outerIndex }: ColumnDatasets,
  rows: number,
  options: ReadOptions,
  onProgress?: OnProgress,
): Promise<ValueOf | undefined> {
  const entries = await entriesOf(file, data, { ...options, onProgress })
  if (!entries) return undefined
  if (!index) {
    if (entries.count !== rows) throw file.error(`it has ${entries.count} values for ${rows} rows`, data.path)
    return (row) => entries.one(row)
  }
  if (!outerIndex) {
    const ends = await endsOf(file, index, rows, entries.count, options)
    return (row) => some(entries, startOf(ends, row), ends[row] as number)
  }
  const ends = await endsOf(file, index, undefined, entries.count, options)
  const outer = await endsOf(file, outerIndex, rows, ends.length, options)
  const each = name === 'waveforms' ? waveformsOf(entries, ends) : listsOf(entries, ends)
  return (row) => {
    const [from, to] = [startOf(outer, row), outer[row] as number]
    if (from === to) return undefined
    const elements = ((ends[to - 1] as number) - startOf(ends, from)) * entries.width
    return madeOf(elements + to - from, each(from, to))
  }
}

/** How many bytes the numbers of a dataset have in memory, float16 as float32; 0 for what is no number. */
export function bytesOfNumbers({ type, shape }: Hdf5Dataset): number {
  if (type.kind !== 'number' || type.dtype === undefined) return 0
  const size = Number(type.dtype.slice(2))
  return sizeOf(shape) * (type.dtype.endsWith('f2') ? 2 * size : size)
}

/**
 * Cumulative end counts.
 *
 * @param rows - how many there must be, if that is known
 * @param most - what the last one may be
 */
export async function endsOf(
  file: Hdf5File,
  index: Hdf5Dataset,
  rows: number | undefined,
  most: number,
  options: ReadOptions,
): Promise<Float64Array> {
  if (index.type.kind !== 'number' || index.shape.length !== 1) throw file.error('it is no list of whole numbers', index.path)
  const ends = file.room(index, Float64Array)
  if (rows !== undefined && ends.length !== rows) throw file.error(`it has ${ends.length} end counts for ${rows} rows`, index.path)
  await file.read([{ path: index.path, into: ends }], options)
  const problem = await inSlices(problemOf(ends, most), options.signal)
  if (problem !== undefined) throw file.error(problem, index.path)
  return ends
}

function* problemOf(ends: Float64Array, most: number): Steps<string | undefined> {
  let last = 0
  for (const [row, end] of ends.entries()) {
    if (!Number.isInteger(end) || end < last) return `end count ${row} is ${end}, after ${last}`
    last = end
    if (isDue()) yield
  }
  return last === most ? undefined : `it leads to value ${last} of ${most}`
}

function startOf(ends: Float64Array, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] as number)
}

function some(entries: Entries, from: number, to: number): unknown {
  return to > from ? entries.some(from, to) : undefined
}

/** A list of lists: that of an entry of the outer index. */
function listsOf(entries: Entries, ends: Float64Array): (from: number, to: number) => Steps<unknown[]> {
  return function* (from, to) {
    const lists: unknown[] = []
    for (let i = from; i < to; i++) {
      lists.push(yield* finished(entries.some(startOf(ends, i), ends[i] as number)))
      if (isDue()) yield
    }
    return lists
  }
}

/**
 * Waveforms of spikes: in the file waveforms × samples, as many for each spike as its unit has electrodes; here spikes × samples, or spikes ×
 * samples × electrodes. A list for each spike where a unit's spikes do not have as many each.
 */
function waveformsOf(entries: Entries, ends: Float64Array): (from: number, to: number) => Steps<unknown> {
  const lists = listsOf(entries, ends)
  return function* (from, to) {
    const start = startOf(ends, from)
    const electrodes = (ends[from] as number) - start
    for (let spike = from; spike < to; spike++) {
      if ((ends[spike] as number) - startOf(ends, spike) !== electrodes) return yield* lists(from, to)
      if (isDue()) yield
    }
    const whole = yield* finished(entries.some(start, ends[to - 1] as number))
    if (!(whole instanceof NDArray) || whole.ndim !== 2 || electrodes === 0) return yield* lists(from, to)
    if (electrodes === 1) return whole
    const samples = whole.shape[1] as number
    return new NDArray(yield* electrodesLast(whole.data, electrodes, samples), [to - from, samples, electrodes])
  }
}

/** Swaps the last two of three axes, spikes × electrodes × samples. */
function* electrodesLast(data: NumericArray, electrodes: number, samples: number): Steps<NumericArray> {
  const swapped = unset(arrayTypeOf(dtypeOf(data)), lengthOf(data))
  const each = electrodes * samples
  yield* inRanges(lengthOf(data), (from, to) => {
    for (let i = from; i < to; i++) {
      const inSpike = i % each
      const electrode = inSpike % electrodes
      swapped[i] = data[i - inSpike + electrode * samples + (inSpike - electrode) / electrodes] as never
    }
  })
  return swapped
}

async function entriesOf(file: Hdf5File, dataset: Hdf5Dataset, options: ReadOptions): Promise<Entries | undefined> {
  const { type, shape } = dataset
  const [count = 0, ...rest] = shape
  if (shape.length === 0 || rest.includes(0)) return undefined
  const width = sizeOf(rest)
  switch (type.kind) {
    case 'number':
      return numbers((await file.numbers(dataset, options)).data, count, rest, width)
    case 'boolean':
    case 'enumeration': {
      const values = file.room(dataset, Float64Array)
      await file.read([{ path: dataset.path, into: values }], { signal: options.signal, threads: options.threads })
      return listed(namesOf(dataset, values), count, rest, width)
    }
    case 'text': {
      const texts = await file.texts(dataset, options.signal)
      return listed((i) => texts[i] || undefined, count, rest, width)
    }
    case 'reference': {
      const paths = await file.texts(dataset, options.signal)
      return listed((i) => lastName(paths[i] as string), count, rest, width)
    }
    case 'other':
      return undefined
  }
}

/** What each element of an enumeration is called; `true` and `false` for booleans. */
function namesOf({ type }: Hdf5Dataset, values: Float64Array): (i: number) => unknown {
  if (type.kind === 'boolean') return (i) => values[i] !== 0
  const names = new Map(type.names?.map(([name, value]) => [value, name]))
  return (i) => names.get(values[i] as number) ?? values[i]
}

/** The name of the object at a path; undefined for the path of a null reference. */
export function lastName(path: string): string | undefined {
  return path.slice(path.lastIndexOf('/') + 1) || undefined
}

/** Numbers: one for each entry, or an array. */
function numbers(data: NumericArray, count: number, rest: readonly number[], width: number): Entries {
  const array = (from: number, to: number, shape: readonly number[]): unknown => {
    const part = data.subarray(from * width, to * width)
    return shape.length === 1 ? part : new NDArray(part, shape)
  }
  const orMissing = function* (i: number): Steps<unknown> {
    return (yield* areNaN(data, i * width, width)) ? undefined : array(i, i + 1, rest)
  }
  return {
    count,
    width,
    one: (i) => {
      if (rest.length === 0) return plainNumber(data[i] as number | bigint)
      return Number.isNaN(data[i * width]) ? madeOf(width, orMissing(i)) : array(i, i + 1, rest)
    },
    some: (from, to) => array(from, to, [to - from, ...rest]),
  }
}

/** Whether all of a row's numbers are NaN, as those of a unit that has none. */
function* areNaN(data: NumericArray, first: number, width: number): Steps<boolean> {
  let areAll = true
  yield* inRanges(width, (from, to) => {
    for (let i = first + from; areAll && i < first + to; i++) areAll = Number.isNaN(data[i])
  })
  return areAll
}

/** A number of an attribute: a bigint only where it has to be, undefined for NaN, which stands for a missing one. */
export function plainNumber(value: number | bigint): number | bigint | undefined {
  return Number.isNaN(value) ? undefined : shortest(value)
}

/** What is no number: one for each entry, or a list, nested where the dataset has more axes. */
function listed(valueAt: (i: number) => unknown, count: number, rest: readonly number[], width: number): Entries {
  const list = function* (from: number, length: number, [each, ...inner]: readonly number[]): Steps<unknown> {
    if (each === undefined) return valueAt(from)
    const step = length / each
    const values: unknown[] = []
    for (let i = 0; i < each; i++) {
      values.push(inner.length === 0 ? valueAt(from + i) : yield* list(from + i * step, step, inner))
      if (isDue()) yield
    }
    return values
  }
  const several = function* (from: number, to: number): Steps<unknown> {
    const values: unknown[] = []
    for (let i = from; i < to; i++) {
      // In a list an empty text has its place.
      values.push((rest.length === 0 ? valueAt(i) : yield* list(i * width, width, rest)) ?? '')
      if (isDue()) yield
    }
    return values
  }
  return {
    count,
    width,
    one: (i) => (rest.length === 0 ? valueAt(i) : madeOf(width, list(i * width, width, rest))),
    some: (from, to) => madeOf((to - from) * width, several(from, to)),
  }
}
