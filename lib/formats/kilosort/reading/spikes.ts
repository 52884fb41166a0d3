/**
 * The times, clusters and amplitudes of spikes.
 */
import type { TimeConversion } from '../../../engine/plan/sources.js'
import { FormatError } from '../../../errors.js'
import type { Place } from '../../../files/npy.js'
import type { LoadOptions } from '../../../jobs/load-call.js'
import { ProgressSum } from '../../../jobs/load-call.js'
import { unset } from '../../../memory/allocation.js'
import { isInOrder, sortedOrder } from '../../../memory/sorted-order.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { timeScaling } from '../../../options/time-unit.js'
import type { LazySpool } from '../../../recording/lazy-loading.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import type { SpikeSpool } from '../../../recording/spike-spool.js'
import { valueColumn } from '../../../recording/spike-values.js'
import type { RefusedSpike } from '../../../recording/spool-blocks.js'
import { spoolBlocks } from '../../../recording/spool-blocks.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices, isDue } from '../../../steps.js'
import { AMPLITUDES, AMPLITUDES_ATTRIBUTE } from '../names.js'
import type { ClusterNumbers, SplitValues, StoredClusters, Unit } from './clusters.js'
import { MOST_IDS, noCluster, splitByCluster, splitByNumber, valuesOf } from './clusters.js'
import type { SpikeNumbers } from './numbers.js'
import { bytesInMemory, readFloats, readInto, readSpikeNumbers, roomFor, spikeNumbers } from './numbers.js'
import type { Reading, Source } from './source.js'

/** What is read of the spikes. */
export interface SpikeFiles {
  readonly timesFile: string
  readonly clustersFile: string
  /** Whether amplitudes are read, too. */
  readonly amplitudes: boolean
}

/** The spikes of a folder, cluster by cluster. */
export interface Spikes {
  readonly clusters: ClusterNumbers
  /** Their times in ms. */
  readonly split: SplitValues
  readonly progress: ProgressSum
}

/** The same in a spool. */
export interface StoredSpikes {
  readonly clusters: StoredClusters
  /** Where the spikes of each cluster would end. */
  readonly split: Pick<SplitValues, 'ends'>
  readonly spool: SpikeSpool
  readonly progress: ProgressSum
}

/** Arrays of more bytes, which are this many times as large as their archive, are a bomb: no times of spikes can be deflated as far. */
const LARGE_BYTES = 2 ** 26
const MOST_GROWTH = 100

/** The size of an amplitude in memory. */
const AMPLITUDE_BYTES = 8

/**
 * How many spikes there are, by the headers of their times and clusters.
 *
 * @throws FormatError for arrays of different lengths
 */
export function spikeCount({ path }: Source, [timesFile, times]: NamedNumbers, [clustersFile, clusters]: NamedNumbers): number {
  const { count } = times.header
  const { count: clusterCount } = clusters.header
  if (count === clusterCount) return count
  throw new FormatError(path, `${timesFile} has ${count} numbers, and ${clustersFile} has ${clusterCount}, not one for each spike`)
}

/** A file's name, and what is in it. */
type NamedNumbers = readonly [name: string, numbers: SpikeNumbers]

/**
 * Reads the times and clusters of all spikes, and splits the times by cluster.
 *
 * @param time - the unit of the times
 * @throws FormatError for arrays of different lengths, and anything but numbers
 */
export async function readSpikes(
  source: Source,
  { timesFile, clustersFile, amplitudes }: SpikeFiles,
  time: TimeConversion,
  { signal, threads, onProgress }: LoadOptions,
): Promise<Spikes> {
  return source.use(timesFile, (times) =>
    source.use(clustersFile, async (clusters) => {
      const ofTimes = await spikeNumbers(times)
      const ofClusters = await spikeNumbers(clusters)
      const count = spikeCount(source, [timesFile, ofTimes], [clustersFile, ofClusters])
      const [timeBytes, idBytes] = [Float64Array.BYTES_PER_ELEMENT * count, bytesInMemory(ofClusters)]
      const most = Math.max(LARGE_BYTES, MOST_GROWTH * (source.archiveBytes ?? Infinity))
      if (timeBytes + idBytes > most) {
        throw new FormatError(source.path, `the spikes of this archive would be ${timeBytes + idBytes} bytes: it is a bomb`)
      }
      const progress = new ProgressSum(onProgress, timeBytes + idBytes + (amplitudes ? AMPLITUDE_BYTES * count : 0))
      const ids = await readSpikeNumbers(ofClusters, { signal, threads, onProgress: progress.next(idBytes) })
      const inMs = await readFloats(ofTimes, timeScaling(time), { signal, threads, onProgress: progress.next(timeBytes) })
      return { ...(await splitByCluster(ids, inMs, { place: clusters.place, signal })), progress }
    }),
  )
}

/**
 * Reads the times, clusters and amplitudes of all spikes, block by block, into a spool.
 *
 * @param time - the unit of the times
 * @throws FormatError for arrays of different lengths, anything but numbers, times that are not finite, and ids that are none, and for a folder
 *   without amplitudes that are to be read
 */
export async function spoolSpikes(
  source: Source,
  { timesFile, clustersFile, amplitudes }: SpikeFiles,
  time: TimeConversion,
  lazy: LazySpool,
  reading: LoadOptions,
): Promise<StoredSpikes> {
  return source.use(timesFile, (times) =>
    source.use(clustersFile, async (clusters) => {
      const ofTimes = await spikeNumbers(times)
      const ofClusters = await spikeNumbers(clusters)
      const count = spikeCount(source, [timesFile, ofTimes], [clustersFile, ofClusters])
      const files = { ofTimes, ofClusters, count, timesFile, clustersFile, time }
      if (!amplitudes) return spoolFiles(source, files, lazy, reading)
      return withAmplitudes(source, count, (ofAmplitudes) => spoolFiles(source, { ...files, ofAmplitudes }, lazy, reading))
    }),
  )
}

/** The files of a number for each spike, which are open. */
interface OpenSpikeFiles {
  readonly ofTimes: SpikeNumbers
  readonly ofClusters: SpikeNumbers
  readonly ofAmplitudes?: SpikeNumbers
  readonly count: number
  readonly timesFile: string
  readonly clustersFile: string
  readonly time: TimeConversion
}

async function spoolFiles(
  source: Source,
  { ofTimes, ofClusters, ofAmplitudes, count, timesFile, clustersFile, time }: OpenSpikeFiles,
  lazy: LazySpool,
  { signal, threads, onProgress }: LoadOptions,
): Promise<StoredSpikes> {
  const clusters = ofClusters.file
  const bytes = Float64Array.BYTES_PER_ELEMENT * count
  const progress = new ProgressSum(onProgress, bytes)
  const spool = lazy.open(undefined, ofAmplitudes ? [valueColumn(AMPLITUDES_ATTRIBUTE, Float64Array)] : [])
  const counts = new ClusterCounts()
  const refused = await spoolBlocks(
    spool,
    count,
    { signal, onProgress: progress.next(bytes) },
    {
      units: (length) => roomFor(ofClusters, length),
      async read(from, { units: ids, times: inMs, values }) {
        await readInto(ids, ofClusters, from, undefined, { signal, threads })
        await readInto(inMs, ofTimes, from, timeScaling(time), { signal, threads })
        if (ofAmplitudes) await readInto(values[0] as NumericArray, ofAmplitudes, from, undefined, { signal, threads })
      },
      // Ids that were not taken may be of any size.
      taken: (block) => inSlices(counts.add(block), signal),
    },
  )
  if (refused) throw refusal(refused, { timesFile, path: source.path, place: clusters.place })
  const room = (length: number) => roomFor(ofClusters, length)
  const read = (from: number, into: NumericArray) =>
    source.use(clustersFile, async (file) => readInto(into, await spikeNumbers(file), from, undefined, { signal, threads }))
  return { clusters: { count, room, read }, split: { ends: await inSlices(counts.ends(), signal) }, spool, progress }
}

/** Why a spike cannot be taken. */
function refusal(
  { at, problem: { kind, unit, value } }: RefusedSpike,
  { timesFile, path, place }: { timesFile: string; path: string; place: Place },
): FormatError {
  if (kind !== 'unit') return new FormatError(path, `the time of a spike of cluster ${unit} is ${value}`, timesFile)
  if (!(Number.isInteger(unit) && unit >= MAX_UNITS && unit < MOST_IDS)) return noCluster(unit, at, place)
  const problem = `the cluster of spike ${at} is ${unit}, and with lazy ids are below ${MAX_UNITS}`
  return new FormatError(place.path, problem, place.object)
}

/** How many spikes each cluster has, by its id. */
class ClusterCounts {
  #counts = new Float64Array(1024)
  #length = 0

  #grow(length: number): void {
    this.#length = length
    if (length <= this.#counts.length) return
    const counts = new Float64Array(Math.max(length, 2 * this.#counts.length))
    counts.set(this.#counts)
    this.#counts = counts
  }

  *add(ids: NumericArray): Steps<void> {
    yield* inRanges(ids.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const id = Number(ids[i])
        if (id >= this.#length) this.#grow(id + 1)
        this.#counts[id] = (this.#counts[id] as number) + 1
      }
    })
  }

  *ends(): Steps<BigInt64Array> {
    const ends = unset(BigInt64Array, this.#length)
    let end = 0
    for (let id = 0; id < ends.length; id++) {
      end += this.#counts[id] as number
      ends[id] = BigInt(end)
      if (isDue()) yield
    }
    return ends
  }
}

/**
 * The amplitudes of the units' spikes, in the order of their times. Times that are not in order are sorted here, as sorting them later would
 * not move the amplitudes.
 *
 * @param times - the times of the units' spikes
 * @throws FormatError for another number of amplitudes than of spikes, and a folder without them
 */
export async function readAmplitudes(
  source: Source,
  { clusters, progress }: Spikes,
  units: readonly Unit[],
  { values: times, ends }: SplitValues,
  reading: Reading,
): Promise<Float64Array> {
  const { signal, threads } = reading
  const spikeCount = clusters.numbers.length
  const split = await withAmplitudes(source, spikeCount, async (numbers) => {
    const onProgress = progress.next(AMPLITUDE_BYTES * spikeCount)
    const amplitudes = await readFloats(numbers, undefined, { signal, threads, onProgress })
    return splitByNumber(clusters, amplitudes, { place: numbers.file.place, signal })
  })
  const { values: amplitudes } = await inSlices(valuesOf(units, split), signal)
  await inSlices(sortTogether(times, amplitudes, ends), signal)
  return amplitudes
}

/** Opens the amplitudes: there has to be one for each spike. */
async function withAmplitudes<T>(source: Source, spikeCount: number, use: (numbers: SpikeNumbers) => Promise<T>): Promise<T> {
  if (!source.names.has(AMPLITUDES)) throw new FormatError(source.path, `it has no ${AMPLITUDES}`)
  return source.use(AMPLITUDES, async (file) => {
    const numbers = await spikeNumbers(file)
    if (numbers.header.count === spikeCount) return use(numbers)
    throw new FormatError(file.place.path, `it has ${numbers.header.count} numbers for ${spikeCount} spikes`, file.place.object)
  })
}

/** Sorts the values of each unit by its times, those of one time as they come, where the times are not in order. */
function* sortTogether(times: Float64Array, values: Float64Array, ends: BigInt64Array): Steps<void> {
  let from = 0
  for (const end of ends) {
    const to = Number(end)
    const train = times.subarray(from, to)
    if (!(yield* isInOrder(train))) {
      const order = yield* sortedOrder(train)
      yield* arrange(train, order)
      yield* arrange(values.subarray(from, to), order)
    }
    from = to
    if (isDue()) yield
  }
}

function* arrange(values: Float64Array, order: Uint32Array): Steps<void> {
  const copy = values.slice()
  for (const [i, place] of order.entries()) {
    values[i] = copy[place] as number
    if (isDue()) yield
  }
}
