/**
 * Spike trains of a pickle that stay in the file: where they are, and how they become those of a recording.
 */
import { addon } from '../../../engine/native.js'
import type { Scaling } from '../../../engine/native-reading.js'
import { runJob } from '../../../engine/run-job.js'
import type { Dtype } from '../../../files/numpy-dtype.js'
import { isNumeric, numbersFrom, typeString } from '../../../files/numpy-dtype.js'
import type { RandomAccess } from '../../../files/random-access.js'
import { repeated, unset } from '../../../memory/allocation.js'
import type { Numbers } from '../../../memory/float64.js'
import { float64Copy } from '../../../memory/float64.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { scaleTimes } from '../../../options/time-unit.js'
import type { LazilyLoaded, LazySpool, SpooledSpikes } from '../../../recording/lazy-loading.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import type { SpikeSpool } from '../../../recording/spike-spool.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { inFileOrder } from './file-order.js'
import type { DictNode } from './nodes.js'
import { ArrayNode, BytesNode } from './nodes.js'

/** What is read and converted at once. A multiple of the size of every type. */
const PIECE_BYTES = 2 ** 20

/** A train whose numbers lie in the file. */
export class StoredTrain {
  constructor(
    /** The first byte in the pickle. */
    readonly position: number,
    readonly length: number,
    readonly dtype: Dtype,
  ) {}
}

/** The train that an array is; undefined for one that is not in the file as it is, or is no list of numbers. */
export function storedTrain(node: unknown): StoredTrain | undefined {
  if (!(node instanceof ArrayNode) || !node.state) return undefined
  const { data, dtype, shape } = node.state
  if (!(data instanceof BytesNode) || data.position === undefined || shape.length !== 1) return undefined
  const length = shape[0] as number
  if (!isNumeric(dtype) || dtype.kind === 'c' || data.most !== length * dtype.itemBytes) return undefined
  return new StoredTrain(data.position, length, dtype)
}

/** Takes a value out of a dict, the last one of this name; undefined where it has none. */
export function takeOut({ entries }: DictNode, name: string): { node: unknown } | undefined {
  let taken: { node: unknown } | undefined
  for (let i = entries.length - 2; i >= 0; i -= 2) {
    if (entries[i] !== name) continue
    taken ??= { node: entries[i + 1] }
    entries.splice(i, 2)
  }
  return taken
}

/** How spikes are read. */
export interface TrainReading {
  readonly signal: AbortSignal | undefined
  readonly threads: number | undefined
}

/** The file that trains are in. */
export interface TrainFile {
  /** The pickle. */
  readonly pickle: RandomAccess
  /** Where its bytes lie as they are; undefined of one that is deflated. */
  readonly plain:
    | { readonly path: string; readonly name: string; readonly object: string; readonly size: number; readonly start: number }
    | undefined
  /** What makes ms of a number. */
  readonly scaling?: Scaling
}

/**
 * The spikes of trains: they stay in the file if all are there as they are and in order, and are copied to a spool otherwise.
 *
 * @param trains - those that are not in the file are in ms
 * @param N - the number of units, unless there are more trains
 */
export async function lazyTrains(
  trains: readonly (StoredTrain | Numbers)[],
  N: number,
  file: TrainFile,
  lazy: LazySpool,
  reading: TrainReading,
): Promise<LazilyLoaded> {
  // Another number is refused with the recording's other options.
  const unitCount = Number.isInteger(N) && N <= MAX_UNITS ? Math.max(N, trains.length) : trains.length
  return (await staying(trains, unitCount, file, lazy, reading)) ?? spooled(trains, file, lazy.open(unitCount), reading.signal)
}

async function staying(
  trains: readonly (StoredTrain | Numbers)[],
  unitCount: number,
  { plain, scaling }: TrainFile,
  lazy: LazySpool,
  { signal, threads = 0 }: TrainReading,
): Promise<LazilyLoaded | undefined> {
  const places = plain && (await inSlices(placesOf(trains, unitCount, plain.start), signal))
  if (!plain || !places) return undefined
  const { ends, offsets, types, dtypes } = places
  const { path, name, object, size } = plain
  const request = { path, name, object, size, dtypes, ...(scaling && { scaling }) }
  return lazy.stay(({ native }) => runJob((report) => addon.trainsInFile(request, ends, offsets, types, native, threads, report), signal))
}

interface Places {
  readonly ends: BigInt64Array
  readonly offsets: Float64Array
  readonly types: Uint8Array
  readonly dtypes: readonly string[]
}

/** Where trains are in the file; undefined where some are not. */
function* placesOf(trains: readonly (StoredTrain | Numbers)[], unitCount: number, start: number): Steps<Places | undefined> {
  const ends = unset(BigInt64Array, unitCount)
  const offsets = yield* repeated(Float64Array, unitCount, 0)
  const types = yield* repeated(Uint8Array, unitCount, 0)
  const dtypes: string[] = []
  let end = 0
  for (let unit = 0; unit < unitCount; unit++) {
    const train = trains[unit]
    if (train instanceof StoredTrain) {
      offsets[unit] = start + train.position
      types[unit] = numberOf(dtypes, typeString(train.dtype))
    } else if (train && train.length > 0) {
      return undefined
    }
    end += train?.length ?? 0
    ends[unit] = BigInt(end)
    if (isDue()) yield
  }
  return { ends, offsets, types, dtypes }
}

/** The place of a text in a list, which gets it. */
function numberOf(texts: string[], text: string): number {
  const at = texts.indexOf(text)
  return at >= 0 ? at : texts.push(text) - 1
}

/** The units of trains that are the same bytes. */
interface Sharing {
  readonly position: number
  readonly bytes: number
  readonly units: { readonly unit: number; readonly dtype: Dtype }[]
}

async function spooled(
  trains: readonly (StoredTrain | Numbers)[],
  { pickle, scaling }: TrainFile,
  spool: SpikeSpool,
  signal: AbortSignal | undefined,
): Promise<SpooledSpikes> {
  const add = async (unit: number, times: Float64Array): Promise<SpooledSpikes | undefined> => {
    const refused = await spool.addTimes(unit, times)
    signal?.throwIfAborted()
    // Each unit is one of the spool's.
    return refused && { spool, problem: refused.problem as NonNullable<SpooledSpikes['problem']> }
  }
  const piece = new Uint8Array(PIECE_BYTES)
  // In the order of the file: one that is deflated is inflated once.
  for (const { position, bytes, units } of await inSlices(byPosition(trains), signal)) {
    for (let from = 0; from < bytes; from += PIECE_BYTES) {
      const some = piece.subarray(0, Math.min(PIECE_BYTES, bytes - from))
      await pickle.read(some, position + from)
      for (const { unit, dtype } of units) {
        const problem = await add(unit, await inSlices(timesFrom(some.slice(), dtype, scaling), signal))
        if (problem) return problem
      }
    }
  }
  for (const [unit, train] of trains.entries()) {
    if (train instanceof StoredTrain) continue
    const problem = await add(unit, await inSlices(float64Copy(train, 'train'), signal))
    if (problem) return problem
  }
  return { spool, problem: undefined }
}

function* byPosition(trains: readonly (StoredTrain | Numbers)[]): Steps<readonly Sharing[]> {
  const byStart = new GrowingMap<number, Sharing>()
  const found: Sharing[] = []
  for (const [unit, train] of trains.entries()) {
    if (!(train instanceof StoredTrain) || train.length === 0) continue
    const { position, length, dtype } = train
    let sharing = byStart.get(position)
    if (!sharing) {
      sharing = { position, bytes: length * dtype.itemBytes, units: [] }
      byStart.set(position, sharing)
      found.push(sharing)
    }
    sharing.units.push({ unit, dtype })
    if (isDue()) yield
  }
  return yield* inFileOrder(found, (sharing) => sharing.position)
}

/** Times in ms of the bytes of numbers, which are overwritten. */
function* timesFrom(bytes: Uint8Array, dtype: Dtype, scaling: Scaling | undefined): Steps<Float64Array> {
  const numbers: NumericArray = yield* numbersFrom(bytes, dtype)
  const times = yield* float64Copy(numbers, 'train')
  if (scaling) yield* scaleTimes(times, scaling)
  return times
}
