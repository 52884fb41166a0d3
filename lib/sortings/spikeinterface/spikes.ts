/**
 * The spikes of a segment, read block by block: into memory, or into a spool.
 */
import type { LoadOptions } from '../../jobs/load-call.js'
import { unset } from '../../memory/allocation.js'
import type { LazySpool, SpooledSpikes } from '../../recording/lazy-loading.js'
import { BLOCK_SPIKES } from '../../recording/spool-blocks.js'

/** The spikes of one segment in a file that is open, in its order. */
export interface StoredSpikes {
  /** How many there are, those of other segments and units among them. */
  readonly count: number
  /** The bytes that they have in the file, for progress. */
  readonly bytes: number
  /**
   * Reads the spikes from one on for which there is room.
   *
   * @param units - gets the unit of each that is wanted: its place among those asked for
   * @param times - as long; gets their times in ms
   * @returns how many are wanted, and how many are of no unit of the sorting
   */
  read(first: number, units: Int32Array, times: Float64Array): Promise<{ wanted: number; leftOut: number }>
}

/** Spikes of one segment, in the order of the file. */
export interface SegmentSpikes {
  /** The unit of each spike: its place among those asked for. */
  readonly units: Int32Array
  /** The time of each spike in ms. */
  readonly times: Float64Array
  /** How many spikes are of no unit of the sorting. */
  readonly leftOut: number
}

/** Spikes of one segment in a spool. */
export type SpooledSegment = SpooledSpikes & Pick<SegmentSpikes, 'leftOut'>

type Reading = Pick<LoadOptions, 'signal' | 'onProgress'>

/** The room for a block. */
interface Room {
  readonly units: Int32Array
  readonly times: Float64Array
}

/**
 * Reads all blocks.
 *
 * @param room - the room for the next block, of up to so many spikes
 * @param take - is given how many of it were filled; returns whether to go on
 * @returns how many are of no unit of the sorting
 */
async function readBlocks(
  { count, bytes, read }: StoredSpikes,
  { signal, onProgress }: Reading,
  room: (most: number) => Room,
  take: (wanted: number) => boolean | Promise<boolean>,
): Promise<number> {
  let leftOut = 0
  for (let first = 0; first < count; first += BLOCK_SPIKES) {
    const { units, times } = room(Math.min(BLOCK_SPIKES, count - first))
    const found = await read(first, units, times)
    signal?.throwIfAborted()
    leftOut += found.leftOut
    if (!(await take(found.wanted))) break
    const done = first + units.length
    onProgress?.({ bytesRead: done === count ? bytes : Math.floor(bytes * (done / count)), bytesTotal: bytes })
  }
  return leftOut
}

/** Reads spikes into memory. */
export async function spikesInMemory(stored: StoredSpikes, options: Reading): Promise<SegmentSpikes> {
  const units = unset(Int32Array, stored.count)
  const times = unset(Float64Array, stored.count)
  let filled = 0
  const room = (most: number) => ({ units: units.subarray(filled, filled + most), times: times.subarray(filled, filled + most) })
  const leftOut = await readBlocks(stored, options, room, (wanted) => {
    filled += wanted
    return true
  })
  const isWhole = filled === units.length
  // Slices, which do not keep the memory of all.
  return { units: isWhole ? units : units.slice(0, filled), times: isWhole ? times : times.slice(0, filled), leftOut }
}

/** Puts spikes of so many units into a spool, up to one whose time is not finite. */
export async function spooledSegment(stored: StoredSpikes, unitCount: number, lazy: LazySpool, options: Reading): Promise<SpooledSegment> {
  const spool = lazy.open(unitCount)
  const units = new Int32Array(Math.min(BLOCK_SPIKES, stored.count))
  const times = new Float64Array(units.length)
  let problem: SpooledSpikes['problem']
  const room = (most: number) => ({ units: units.subarray(0, most), times: times.subarray(0, most) })
  const leftOut = await readBlocks(stored, options, room, async (wanted) => {
    const refused = await spool.addTimes(units, times.subarray(0, wanted))
    // Units are places of those that there are.
    if (refused) problem = refused.problem as NonNullable<SpooledSpikes['problem']>
    return !refused
  })
  return { spool, problem, leftOut }
}
