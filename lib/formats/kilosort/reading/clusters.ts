/**
 * Spikes cluster by cluster, and which of them are units of a recording.
 */
import { addon } from '../../../engine/native.js'
import type { SplitReport } from '../../../engine/native-addon.js'
import { runJob } from '../../../engine/run-job.js'
import { FormatError } from '../../../errors.js'
import type { Place } from '../../../files/npy.js'
import { unset } from '../../../memory/allocation.js'
import { pinOwn } from '../../../memory/buffers.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices, isDue } from '../../../steps.js'

/** Ids of clusters are below this: they fit int32, as Phy has them. */
export const MOST_IDS = 2 ** 31

/** Up to this id, and up to the number of spikes, there is a place for each id; beyond, ids are numbered first. */
const FEW_IDS = 65_536

/** Values of spikes, cluster by cluster, each cluster's in the order of the file. */
export interface SplitValues {
  readonly values: Float64Array
  /** Where the values of each cluster number end. */
  readonly ends: BigInt64Array
}

/** The cluster of each spike. */
export interface ClusterNumbers {
  /** The number of each spike's cluster: its id, or the row of its id in {@link ids}. */
  readonly numbers: NumericArray
  /** The ids of all numbers, where a number is not the id. */
  readonly ids: BigInt64Array | undefined
}

/** The cluster of each spike, in a file whose ids are the numbers. */
export interface StoredClusters {
  readonly count: number
  /** Makes room for the ids of so many spikes. */
  readonly room: (length: number) => NumericArray
  /** Fills it with those of the spikes from one on. */
  readonly read: (from: number, into: NumericArray) => Promise<NumericArray>
  readonly numbers?: undefined
  readonly ids?: undefined
}

/** How many spikes there are. */
export function spikesIn(clusters: ClusterNumbers | StoredClusters): number {
  return clusters.numbers === undefined ? clusters.count : clusters.numbers.length
}

/** A cluster that is a unit of the recording. */
export interface Unit {
  readonly id: number
  /** Its number among {@link ClusterNumbers}, -1 where it has no spikes. */
  readonly number: number
  /** Where its values are among {@link SplitValues}. */
  readonly from: number
  readonly to: number
}

/** What errors call the files of clusters and times, and how to stop. */
interface Context {
  readonly place: Place
  readonly signal: AbortSignal | undefined
}

/**
 * Splits times by cluster, linear in the spikes.
 *
 * @param ids - the cluster of each spike, which nothing else may change
 * @throws FormatError for an id that is no whole number from 0 to 2³¹ − 1
 */
export async function splitByCluster(
  ids: NumericArray,
  times: Float64Array,
  context: Context,
): Promise<{ clusters: ClusterNumbers; split: SplitValues }> {
  const most = Math.min(Math.max(FEW_IDS, ids.length), MAX_UNITS)
  const report = await splitJob({ numbers: ids, ids: undefined }, times, most, context.signal)
  if (report.tooHigh === undefined)
    return { clusters: { numbers: ids, ids: undefined }, split: splitValues(report, ids, times, context.place) }
  const clusters = await inSlices(numbered(ids, context.place), context.signal)
  return { clusters, split: await splitByNumber(clusters, times, context) }
}

/** Splits other values of the same spikes. */
export async function splitByNumber(clusters: ClusterNumbers, values: Float64Array, { place, signal }: Context): Promise<SplitValues> {
  return splitValues(await splitJob(clusters, values, MAX_UNITS, signal), clusters.numbers, values, place)
}

async function splitJob(
  { numbers }: ClusterNumbers,
  values: Float64Array,
  most: number,
  signal: AbortSignal | undefined,
): Promise<SplitReport> {
  pinOwn(numbers)
  pinOwn(values)
  return runJob(() => addon.splitByUnitAsync(numbers, values, undefined, most, true), signal)
}

function splitValues(report: SplitReport, ids: NumericArray, given: Float64Array, place: Place): SplitValues {
  if (report.tooHigh !== undefined) throw new FormatError(place.path, `it has more than ${MAX_UNITS} clusters`, place.object)
  if (report.problem !== undefined) throw wrongId(ids, report.problem, place)
  return { values: pinOwn(report.times ?? given), ends: report.ends }
}

function wrongId(ids: NumericArray, spike: number, place: Place): FormatError {
  return noCluster(ids[spike] as number | bigint, spike, place)
}

/** The error for an id that no cluster has. */
export function noCluster(id: number | bigint, spike: number, { path, object }: Place): FormatError {
  return new FormatError(path, `the cluster of spike ${spike} is ${id}, not a whole number from 0 to ${MOST_IDS - 1}`, object)
}

/** Numbers clusters from 0 on, in the order of their ids. */
function* numbered(given: NumericArray, place: Place): Steps<ClusterNumbers> {
  const ids = unset(BigInt64Array, given.length)
  for (let spike = 0; spike < given.length; spike++) {
    const id = Number(given[spike])
    if (!(Number.isInteger(id) && id >= 0 && id < MOST_IDS)) throw wrongId(given, spike, place)
    ids[spike] = BigInt(id)
    if (isDue()) yield
  }
  const distinct = yield* distinctIds(ids)
  return { numbers: distinct.rows, ids: distinct.ids }
}

/** The clusters that have spikes, by ascending id. */
export function* clustersWithSpikes(
  { ids }: Pick<ClusterNumbers, 'ids'> | StoredClusters,
  { ends }: Pick<SplitValues, 'ends'>,
): Steps<Unit[]> {
  const clusters: Unit[] = []
  let from = 0
  for (let number = 0; number < ends.length; number++) {
    const to = Number(ends[number])
    if (to > from) clusters.push({ id: ids ? Number(ids[number]) : number, number, from, to })
    from = to
    if (isDue()) yield
  }
  return clusters
}

/** The ids of clusters that a table has and no spike, ascending. */
export function* idsWithoutSpikes(column: GrowingMap<number, unknown>, clusters: readonly Unit[]): Steps<number[]> {
  const withSpikes = new GrowingMap<number, true>()
  for (const { id } of clusters) {
    withSpikes.set(id, true)
    if (isDue()) yield
  }
  const found: number[] = []
  for (const id of column.keys()) {
    if (!withSpikes.get(id)) found.push(id)
    if (isDue()) yield
  }
  const ids = unset(BigInt64Array, found.length)
  for (const [i, id] of found.entries()) {
    ids[i] = BigInt(id)
    if (isDue()) yield
  }
  const ascending: number[] = []
  for (const id of (yield* distinctIds(ids)).ids) {
    ascending.push(Number(id))
    if (isDue()) yield
  }
  return ascending
}

/**
 * The clusters that are units, by ascending id.
 *
 * @param emptyIds - ids of clusters without spikes, ascending
 * @param isKept - the ids that are kept; all where it is undefined
 */
export function* unitsAmong(
  clusters: readonly Unit[],
  emptyIds: readonly number[],
  isKept: GrowingMap<number, boolean> | undefined,
): Steps<Unit[]> {
  const units: Unit[] = []
  let nextEmpty = 0
  const add = (unit: Unit) => {
    if (!isKept || isKept.get(unit.id)) units.push(unit)
  }
  const addEmpty = () => add({ id: emptyIds[nextEmpty++] as number, number: -1, from: 0, to: 0 })
  for (const cluster of clusters) {
    while (nextEmpty < emptyIds.length && (emptyIds[nextEmpty] as number) < cluster.id) {
      addEmpty()
      if (isDue()) yield
    }
    add(cluster)
    if (isDue()) yield
  }
  while (nextEmpty < emptyIds.length) {
    addEmpty()
    if (isDue()) yield
  }
  return units
}

/** The values of these units alone, unit by unit, and where those of each end. Not copied where these are all. */
export function* valuesOf(units: readonly Unit[], { values }: SplitValues): Steps<SplitValues> {
  const ends = unset(BigInt64Array, units.length)
  let count = 0
  for (const [unit, { from, to }] of units.entries()) {
    count += to - from
    ends[unit] = BigInt(count)
    if (isDue()) yield
  }
  if (count === values.length) return { values, ends }
  const kept = unset(Float64Array, count)
  let at = 0
  for (const { from, to } of units) {
    const start = at
    yield* inRanges(to - from, (first, last) => kept.set(values.subarray(from + first, from + last), start + first))
    at += to - from
    if (isDue()) yield
  }
  return { values: pinOwn(kept), ends }
}
