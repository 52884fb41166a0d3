/**
 * Takes the spikes of a file block by block into a spool.
 */
import type { SpikeProblem } from '../engine/native.js'
import type { ReadOptions } from '../engine/reading/hdf5-file.js'
import { ReportPace } from '../engine/report-pace.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { SpikeSpool } from './spike-spool.js'

/** The most spikes of a block: some milliseconds of reading. */
export const BLOCK_SPIKES = 2 ** 18

/** A spike that was not taken, by its place among all of a file, and why. */
export interface RefusedSpike {
  readonly at: number
  readonly problem: SpikeProblem
}

/** How blocks are read. */
export interface SpikeBlocks {
  /** Fills times and values from a spike on, and returns the unit of each. */
  read: (from: number, times: Float64Array, values: readonly NumericArray[]) => Promise<NumericArray>
  /** Called with the units of each block that was taken. */
  taken?: (units: NumericArray) => Promise<void>
}

/**
 * Puts spikes into a spool.
 *
 * @param count - how many there are
 * @returns the first spike that was not taken, if there is one: nothing after it was
 */
export async function spoolBlocks(
  spool: SpikeSpool,
  count: number,
  { signal, onProgress }: Pick<ReadOptions, 'signal' | 'onProgress'>,
  { read, taken }: SpikeBlocks,
): Promise<RefusedSpike | undefined> {
  const block = new Float64Array(Math.min(BLOCK_SPIKES, count))
  const room = spool.values.map(({ type }) => new type(block.length))
  const pace = new ReportPace()
  for (let from = 0; from < count; from += BLOCK_SPIKES) {
    const times = block.subarray(0, Math.min(BLOCK_SPIKES, count - from))
    const values = room.map((column) => column.subarray(0, times.length))
    const units = await read(from, times, values)
    const refused = await spool.addTimes(units, times, values)
    signal?.throwIfAborted()
    if (refused) return { ...refused, at: from + refused.at }
    await taken?.(units)
    if (pace.isTime()) onProgress?.((from + times.length) * times.BYTES_PER_ELEMENT, count * times.BYTES_PER_ELEMENT)
  }
  return undefined
}
