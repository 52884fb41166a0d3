/**
 * Takes the spikes of HDF5 files block by block into a spool.
 */
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions, Scaling } from '../../engine/reading/hdf5-file.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { SpooledSpikes } from '../../recording/lazy-loading.js'
import { MAX_UNITS } from '../../recording/spike-data-builder.js'
import type { SpikeSpool } from '../../recording/spike-spool.js'
import type { ValueColumn } from '../../recording/spike-values.js'
import type { SpikeBlocks } from '../../recording/spool-blocks.js'
import { spoolBlocks } from '../../recording/spool-blocks.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue, spend } from '../../steps.js'

/** A list of a value for each spike. */
export interface StoredColumn extends ValueColumn {
  readonly dataset: Hdf5Dataset
}

/**
 * Times of units, one unit after the other.
 *
 * @param ends - cumulative end counts
 * @param columns - the values of the spool, in its order
 */
export async function spoolRagged(
  file: Hdf5File,
  { path }: Hdf5Dataset,
  ends: BigInt64Array,
  scaling: Scaling | undefined,
  spool: SpikeSpool,
  options: ReadOptions,
  columns: readonly Hdf5Dataset[] = [],
): Promise<SpooledSpikes> {
  let unit = 0
  const spooled = await spoolAll(spool, Number(ends.at(-1) ?? 0n), options, {
    units: unitNumbers,
    async read(from, { units, times, values }) {
      const others = columns.map((column, i) => ({ path: column.path, firstRow: from, into: values[i] as NumericArray }))
      await file.read([{ path, firstRow: from, isList: true, into: times, scaling }, ...others], { ...options, onProgress: undefined })
      unit = await inSlices(fillUnits(units as Uint32Array, ends, unit, from, times.length), options.signal)
    },
  })
  return { ...spooled, unitCount: ends.length }
}

/** Parallel arrays of unit numbers and times. */
export async function spoolPaired(
  file: Hdf5File,
  idces: Hdf5Dataset,
  { path }: Hdf5Dataset,
  { count, scaling, unitCount }: { count: number; scaling: Scaling | undefined; unitCount: number | undefined },
  spool: SpikeSpool,
  options: ReadOptions,
): Promise<SpooledSpikes> {
  return spoolAll(
    spool,
    count,
    options,
    {
      units: (length) => file.room({ ...idces, shape: [length] }),
      async read(from, { units, times }) {
        const reads = [
          { path: idces.path, firstRow: from, isList: true, into: units },
          { path, firstRow: from, isList: true, into: times, scaling },
        ]
        await file.read(reads, { ...options, onProgress: undefined })
      },
    },
    (entry, number) => {
      if (unitCount === undefined && number >= MAX_UNITS) {
        return file.error(`it has unit number ${number}, and at most ${MAX_UNITS} units are possible`, idces.path)
      }
      const expected = unitCount === undefined ? 'no unit number' : `no number of ${unitCount} units`
      return file.error(`entry ${entry} is ${number}, which is ${expected}`, idces.path)
    },
  )
}

/** @param noUnit - the error for a number that is no unit */
export async function spoolAll(
  spool: SpikeSpool,
  count: number,
  options: ReadOptions,
  blocks: Pick<SpikeBlocks, 'units' | 'read'>,
  noUnit?: (entry: number, number: number) => Error,
): Promise<SpooledSpikes> {
  const refused = await spoolBlocks(spool, count, options, blocks)
  if (refused) {
    const { kind, unit, value } = refused.problem
    if (kind === 'unit') throw noUnit?.(refused.at, unit)
    return { spool, problem: { kind, unit, value } }
  }
  const bytes = count * Float64Array.BYTES_PER_ELEMENT
  options.onProgress?.(bytes, bytes)
  return { spool, problem: undefined }
}

/** Room for the numbers of units that {@link fillUnits} and native code fill in. */
export function unitNumbers(length: number): Uint32Array {
  return new Uint32Array(length)
}

/** Fills in the units of `count` spikes from `from` on, the first of which is of `first` or a later one; returns the unit of the last. */
export function* fillUnits(units: Uint32Array, ends: BigInt64Array, first: number, from: number, count: number): Steps<number> {
  let unit = first
  for (let at = 0; at < count; ) {
    while (Number(ends[unit]) <= from + at) {
      unit++
      if (isDue()) yield
    }
    const to = Math.min(Number(ends[unit]) - from, count)
    units.fill(unit, at, to)
    spend(to - at)
    if (isDue()) yield
    at = to
  }
  return unit
}
