/**
 * Takes the spikes of a file block by block into a spool.
 */
import type { SpikeProblem } from '../engine/native-spool.js'
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

/** Spikes side by side. */
export interface SpikeBlock {
  readonly units: NumericArray
  readonly times: Float64Array
  readonly values: readonly NumericArray[]
}

/** How blocks are read. */
export interface SpikeBlocks {
  /** Makes room for the units of so many spikes. */
  units: (length: number) => NumericArray
  /** Fills a block with the spikes from one on. Not before the block before it is filled. */
  read: (from: number, block: SpikeBlock) => Promise<void>
  /** Called with the units of each block that was taken. */
  taken?: (units: NumericArray) => Promise<void>
}

/**
 * Puts spikes into a spool. While those of a block are taken, the next one is read.
 *
 * @param count - how many there are
 * @returns the first spike that was not taken, if there is one: nothing after it was
 */
export async function spoolBlocks(
  spool: SpikeSpool,
  count: number,
  { signal, onProgress }: Pick<ReadOptions, 'signal' | 'onProgress'>,
  { units, read, taken }: SpikeBlocks,
): Promise<RefusedSpike | undefined> {
  const rooms = [roomFor(spool, units, Math.min(BLOCK_SPIKES, count)), roomFor(spool, units, Math.min(BLOCK_SPIKES, count - BLOCK_SPIKES))]
  const readFrom = async (from: number): Promise<SpikeBlock | undefined> => {
    if (from >= count) return undefined
    const block = firstOf(rooms[(from / BLOCK_SPIKES) % 2] as SpikeBlock, count - from)
    await read(from, block)
    return block
  }
  const pace = new ReportPace()
  let next = readFrom(0)
  try {
    for (let from = 0; ; from += BLOCK_SPIKES) {
      const block = await next
      if (!block) return undefined
      next = readFrom(from + BLOCK_SPIKES)
      // It is waited for, but perhaps later than it fails.
      next.catch(() => {})
      const refused = await spool.addTimes(block.units, block.times, block.values)
      signal?.throwIfAborted()
      if (refused) return { ...refused, at: from + refused.at }
      await taken?.(block.units)
      const done = from + block.times.length
      if (pace.isTime()) onProgress?.(done * Float64Array.BYTES_PER_ELEMENT, count * Float64Array.BYTES_PER_ELEMENT)
    }
  } finally {
    // The file is closed next.
    await next.catch(() => {})
  }
}

function roomFor(spool: SpikeSpool, units: SpikeBlocks['units'], wanted: number): SpikeBlock {
  const length = Math.max(wanted, 0)
  return { units: units(length), times: new Float64Array(length), values: spool.values.map(({ type }) => new type(length)) }
}

function firstOf({ units, times, values }: SpikeBlock, count: number): SpikeBlock {
  return { units: units.subarray(0, count), times: times.subarray(0, count), values: values.map((column) => column.subarray(0, count)) }
}
