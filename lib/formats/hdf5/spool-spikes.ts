/**
 * Takes the spikes of HDF5 files block by block into a spool.
 */
import type { Hdf5Dataset, Hdf5File, ReadOptions, Scaling } from '../../engine/reading/hdf5-file.js'
import { ReportPace } from '../../engine/report-pace.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { SpooledSpikes } from '../../recording/lazy-loading.js'
import { MAX_UNITS } from '../../recording/spike-data-builder.js'
import type { SpikeSpool } from '../../recording/spike-spool.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue, spend } from '../../steps.js'

/** The spikes of a block: some milliseconds of reading. */
const BLOCK = 2 ** 18

/**
 * Times of units, one unit after the other.
 *
 * @param ends - cumulative end counts
 */
export async function spoolRagged(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  ends: BigInt64Array,
  scaling: Scaling | undefined,
  spool: SpikeSpool,
  options: ReadOptions,
): Promise<SpooledSpikes> {
  const { path, shape } = dataset
  if (shape.length !== 1) throw file.error(`it has ${shape.length} axes, and is no list`, path)
  file.claim(dataset, Float64Array.BYTES_PER_ELEMENT)
  const units = new Uint32Array(BLOCK)
  let unit = 0
  const spooled = await spoolBlocks(spool, Number(ends.at(-1) ?? 0n), options, async (from, times) => {
    await file.read([{ path, firstRow: from, into: times, scaling }], { ...options, onProgress: undefined })
    unit = await inSlices(fillUnits(units, ends, unit, from, times.length), options.signal)
    return units
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
  const units: NumericArray = file.room({ ...idces, shape: [Math.min(BLOCK, count)] })
  return spoolBlocks(
    spool,
    count,
    options,
    async (from, times) => {
      const block = units.subarray(0, times.length)
      const reads = [
        { path: idces.path, firstRow: from, into: block },
        { path, firstRow: from, into: times, scaling },
      ]
      await file.read(reads, { ...options, onProgress: undefined })
      return block
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

/**
 * @param read - fills times from a spike on, and returns the unit of each
 * @param noUnit - the error for a number that is no unit
 */
async function spoolBlocks(
  spool: SpikeSpool,
  count: number,
  { signal, onProgress }: ReadOptions,
  read: (from: number, times: Float64Array) => Promise<NumericArray>,
  noUnit?: (entry: number, number: number) => Error,
): Promise<SpooledSpikes> {
  const block = new Float64Array(Math.min(BLOCK, count))
  const pace = new ReportPace()
  for (let from = 0; from < count; from += BLOCK) {
    const times = block.subarray(0, Math.min(BLOCK, count - from))
    const units = await read(from, times)
    const refused = await spool.addTimes(units, times)
    signal?.throwIfAborted()
    if (refused) {
      const { kind, unit, value } = refused.problem
      if (kind === 'unit') throw noUnit?.(from + refused.at, unit)
      return { spool, problem: { kind, unit, value } }
    }
    if (pace.isTime()) onProgress?.((from + times.length) * times.BYTES_PER_ELEMENT, count * times.BYTES_PER_ELEMENT)
  }
  onProgress?.(count * block.BYTES_PER_ELEMENT, count * block.BYTES_PER_ELEMENT)
  return { spool, problem: undefined }
}

/** Fills in the units of `count` spikes from `from` on, the first of which is of `first` or a later one; returns the unit of the last. */
function* fillUnits(units: Uint32Array, ends: BigInt64Array, first: number, from: number, count: number): Steps<number> {
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
