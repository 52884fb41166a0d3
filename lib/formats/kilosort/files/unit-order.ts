/**
 * Whether the clusters in a folder are those that an export has left there.
 */
import { unset } from '../../../memory/allocation.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import type { OpenFile } from './reading.js'
import { withNpyFile } from './reading.js'

/** The ids are checked for duplicates at this count, and each time it has doubled. */
const FEWEST_IDS = 1024

/**
 * Whether the clusters of spikes, int64, are one id after the other, with times that ascend within each id. That is how an export
 * with distinct ids leaves them; a merge leaves times that go back, and a split an id that comes again.
 *
 * @param timesPath - the times of the spikes, int64 or float64; with anything else, or another count, only ids are checked
 */
export async function isInUnitOrder(clustersPath: string, timesPath: string, signal: AbortSignal | undefined): Promise<boolean> {
  const inOrder = await withNpyFile(clustersPath, async (clusters, { dtype, shape, start }) => {
    if (dtype !== '<i8' || shape.length !== 1) return false
    const [count = 0] = shape
    const timed = await withNpyFile(timesPath, async (times, array) => {
      const areTimes = array.shape.length === 1 && array.shape[0] === count && /^<[if]8$/.test(array.dtype)
      return areTimes ? followOrder(count, clusters.blocks(start), times.blocks(array.start), array.dtype === '<f8', signal) : undefined
    })
    return timed ?? followOrder(count, clusters.blocks(start), undefined, false, signal)
  })
  return inOrder ?? false
}

/**
 * Whether clusters are those of a recording's spikes: int64 with the id of each unit, as the reference's files have them, or int32 with
 * the number of each unit, in the order of time, of which only the counts are checked.
 *
 * @param ids - the id of each unit, its number where there are none
 */
export async function hasSpikesOf(
  clustersPath: string,
  sd: SpikeData,
  ids: BigInt64Array | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const has = await withNpyFile(clustersPath, async (clusters, { dtype, shape, start }) => {
    if ((dtype !== '<i4' && dtype !== '<i8') || shape.length !== 1 || shape[0] !== sd.spikeCount) return false
    const left = await inSlices(sd.spikeCounts(), signal)
    const follow = dtype === '<i4' ? (block: Buffer) => takeSpikes(left, block) : followUnits(left, ids)
    for await (const block of clusters.blocks(start)) if (!(await inSlices(follow(block), signal))) return false
    return true
  })
  return has ?? false
}

async function followOrder(
  count: number,
  clusters: ReturnType<OpenFile['blocks']>,
  times: ReturnType<OpenFile['blocks']> | undefined,
  areFloats: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const order = new UnitOrder(count)
  for await (const block of clusters) {
    const timeBlock = (await times?.next())?.value || undefined
    if (!(await inSlices(order.follow(block, timeBlock, areFloats), signal))) return false
  }
  return inSlices(order.areDistinct(), signal)
}

/** Numbers of int64 as two halves each: as BigInts they would be slow. */
function halvesOf(block: Buffer): Int32Array {
  return new Int32Array(block.buffer, block.byteOffset, 2 * Math.floor(block.length / 8))
}

/** Follows spikes in unit order, block by block. */
class UnitOrder {
  /** The ids of runs of spikes. Memory is taken when it is first written to. */
  readonly #ids: BigInt64Array
  readonly #halves: Int32Array
  #idCount = 0
  #time = -Infinity

  constructor(spikeCount: number) {
    this.#ids = unset(BigInt64Array, Math.min(spikeCount, MAX_UNITS))
    this.#halves = new Int32Array(this.#ids.buffer)
  }

  /** Whether the next spikes are in unit order, too, but for ids that come again. Those are found at the latest by the end. */
  *follow(clusters: Buffer, times: Buffer | undefined, areFloats: boolean): Steps<boolean> {
    const halves = halvesOf(clusters)
    const timeOf = times ? timesIn(times, areFloats) : () => -Infinity
    for (let spike = 0; spike < halves.length / 2; spike++) {
      if (isDue()) yield
      const time = timeOf(spike)
      const low = halves[2 * spike] as number
      const high = halves[2 * spike + 1] as number
      const last = 2 * (this.#idCount - 1)
      if (last < 0 || low !== this.#halves[last] || high !== this.#halves[last + 1]) {
        if (this.#idCount === this.#ids.length || (this.#isDue && !(yield* this.areDistinct()))) return false
        this.#halves[last + 2] = low
        this.#halves[last + 3] = high
        this.#idCount++
        this.#time = -Infinity
      }
      if (time < this.#time) return false
      this.#time = time
    }
    return true
  }

  *areDistinct(): Steps<boolean> {
    const { ids } = yield* distinctIds(this.#ids.subarray(0, this.#idCount))
    return ids.length === this.#idCount
  }

  /** Whether there are 1024, 2048, 4096, … ids: a file whose ids come again is not read to its end. */
  get #isDue(): boolean {
    return this.#idCount >= FEWEST_IDS && (this.#idCount & (this.#idCount - 1)) === 0
  }
}

/** Times as float64: exact up to 2^53, and in order beyond. */
function timesIn(block: Buffer, areFloats: boolean): (spike: number) => number {
  if (areFloats) {
    const times = new Float64Array(block.buffer, block.byteOffset, Math.floor(block.length / 8))
    return (spike) => times[spike] as number
  }
  const halves = halvesOf(block)
  return (spike) => (halves[2 * spike + 1] as number) * 2 ** 32 + ((halves[2 * spike] as number) >>> 0)
}

/** Checks block after block that the units come in order, each with its id and its count of spikes. */
function followUnits(counts: Float64Array, ids: BigInt64Array | undefined): (block: Buffer) => Steps<boolean> {
  let unit = -1
  let left = 0
  let id = 0n
  return function* (block) {
    const clusters = new BigInt64Array(block.buffer, block.byteOffset, Math.floor(block.length / 8))
    for (let spike = 0; spike < clusters.length; spike++) {
      if (isDue()) yield
      while (left === 0) {
        left = counts[++unit] as number
        id = ids?.[unit] ?? BigInt(unit)
        if (isDue()) yield
      }
      if (clusters[spike] !== id) return false
      left--
    }
    return true
  }
}

/** Takes the spikes of a block from how many each unit has; false where a unit has no more. */
function* takeSpikes(left: Float64Array, block: Buffer): Steps<boolean> {
  const units = new Int32Array(block.buffer, block.byteOffset, Math.floor(block.length / 4))
  for (let spike = 0; spike < units.length; spike++) {
    if (isDue()) yield
    const unit = units[spike] as number
    const count = left[unit] ?? 0
    if (count === 0) return false
    left[unit] = count - 1
  }
  return true
}
