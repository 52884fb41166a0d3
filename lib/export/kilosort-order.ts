/**
 * Whether the clusters in a folder are those that an export has left there.
 */
import { GrowingMap } from '../encoding/growing-map.js'
import { inSlices } from '../steps.js'
import type { Steps } from '../steps.js'
import { withNpyFile } from './phy-files.js'
import type { OpenFile } from './phy-files.js'

/** How many spikes one step reads: a fraction of a millisecond. */
const STEP_SPIKES = 2048

/** More units than any recording has: what has more ids is not ours, and memory stays bounded. */
const MOST_IDS = 2 ** 22

/**
 * Whether the clusters of spikes, int64, are one id after the other, with times that ascend within each id. That is how an export
 * with distinct ids leaves them; a merge leaves times that go back, and a split an id that comes again.
 *
 * @param areDistinct - otherwise ids may come again, and nothing but their type is looked at
 * @param timesPath - the times of the spikes, int64 or float64; with anything else, or another number of them, only ids are looked at
 */
export async function isInUnitOrder(
  clustersPath: string,
  timesPath: string,
  areDistinct: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const inOrder = await withNpyFile(clustersPath, async (clusters, { dtype, shape, start }) => {
    if (dtype !== '<i8' || shape.length !== 1) return false
    if (!areDistinct) return true
    const timed = await withNpyFile(timesPath, async (times, array) => {
      const areTimes = array.shape.length === 1 && array.shape[0] === shape[0] && /^<[if]8$/.test(array.dtype)
      return areTimes ? followOrder(clusters.blocks(start), times.blocks(array.start), array.dtype === '<f8', signal) : undefined
    })
    return timed ?? followOrder(clusters.blocks(start), undefined, false, signal)
  })
  return inOrder ?? false
}

/** Whether clusters, int32, give each unit as many spikes as it has. */
export async function hasSpikesOf(
  clustersPath: string,
  trains: () => readonly Float64Array[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const has = await withNpyFile(clustersPath, async (clusters, { dtype, shape: [count], start }) => {
    if (dtype !== '<i4') return false
    const left = Float64Array.from(trains(), ({ length }) => length)
    if (count !== left.reduce((sum, length) => sum + length, 0)) return false
    for await (const block of clusters.blocks(start)) if (!(await inSlices(takeSpikes(left, block), signal))) return false
    return true
  })
  return has ?? false
}

async function followOrder(
  clusters: ReturnType<OpenFile['blocks']>,
  times: ReturnType<OpenFile['blocks']> | undefined,
  areFloats: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const order = new UnitOrder()
  for await (const block of clusters) {
    const timeBlock = (await times?.next())?.value || undefined
    if (!(await inSlices(order.follow(block, timeBlock, areFloats), signal))) return false
  }
  return true
}

/** Numbers of int64 as two halves each: as BigInts they would be slow. */
function halvesOf(block: Buffer): Int32Array {
  return new Int32Array(block.buffer, block.byteOffset, 2 * Math.floor(block.length / 8))
}

function idOf(halves: Int32Array, spike: number): bigint {
  return (BigInt(halves[2 * spike + 1] as number) << 32n) | BigInt((halves[2 * spike] as number) >>> 0)
}

/** Whether a spike has the same id as the one before it in the block. */
function isSame(halves: Int32Array, spike: number): boolean {
  return spike > 0 && halves[2 * spike] === halves[2 * spike - 2] && halves[2 * spike + 1] === halves[2 * spike - 1]
}

/** Follows spikes in unit order, block by block. */
class UnitOrder {
  readonly #ids = new GrowingMap<bigint, true>()
  #idCount = 0
  #time = -Infinity
  #id: bigint | undefined

  /** Whether the next spikes are in unit order, too. */
  *follow(clusters: Buffer, times: Buffer | undefined, areFloats: boolean): Steps<boolean> {
    const halves = halvesOf(clusters)
    const timeOf = times ? timesIn(times, areFloats) : () => -Infinity
    for (let spike = 0; spike < halves.length / 2; spike++) {
      if (spike % STEP_SPIKES === 0) yield
      const time = timeOf(spike)
      if (!isSame(halves, spike)) {
        const id = idOf(halves, spike)
        if (id !== this.#id) {
          if (this.#ids.get(id) || ++this.#idCount > MOST_IDS) return false
          this.#ids.set(id, true)
          this.#id = id
          this.#time = -Infinity
        }
      }
      if (time < this.#time) return false
      this.#time = time
    }
    return true
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

/** Takes the spikes of a block from how many each unit has; false where a unit has no more. */
function* takeSpikes(left: Float64Array, block: Buffer): Steps<boolean> {
  const units = new Int32Array(block.buffer, block.byteOffset, Math.floor(block.length / 4))
  for (let spike = 0; spike < units.length; spike++) {
    if (spike % STEP_SPIKES === 0) yield
    const unit = units[spike] as number
    const count = left[unit] ?? 0
    if (count === 0) return false
    left[unit] = count - 1
  }
  return true
}
