/**
 * What a SpikeData is made from: a list of spike trains, or arrays of all units.
 */
import { addon } from '../engine/native.js'
import type { SplitReport } from '../engine/native-addon.js'
import { runJob } from '../engine/run-job.js'
import { invalidType, invalidValue } from '../errors.js'
import { copyInSteps } from '../memory/allocation.js'
import { isFixed, pinOwn, requireAttached } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { float64, float64Copy } from '../memory/float64.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { isNumericArray, lengthOf } from '../memory/typed-arrays.js'
import type { OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, refuseOptions } from '../options/checks.js'
import type { Steps } from '../steps.js'
import { atOnce, inSlices } from '../steps.js'
import type { Draft, SpikeDataOptions } from './spike-data-builder.js'
import { draft, MAX_UNITS, unitCountFor, windowOf } from './spike-data-builder.js'
import { endCounts, flatTrains, listedTrains } from './spike-trains.js'

/** The times of all units in ms, one unit after the other, and cumulative end counts, one a unit. */
export interface FlatSpikes {
  /** The spike times of all units in ms, unit by unit; a Float64Array is used without a copy. */
  flat: Numbers
  /** Unit *u* has the times from `index[u - 1]` to `index[u] - 1`. */
  index: Numbers
  /** Only without `flat`. */
  idces?: undefined
  /** Only without `flat`. */
  times?: undefined
}

/** The unit number and the time of each spike, in any order. */
export interface PairedSpikes {
  /** The unit of each spike, from 0 to `N - 1`. */
  idces: Numbers
  /** The time of each spike in ms. */
  times: Numbers
  /** Only without `idces`. */
  flat?: undefined
  /** Only without `idces`. */
  index?: undefined
}

/** The spikes of a recording: one array of times in ms for each unit, or arrays of all units. */
export type SpikeSource = readonly Numbers[] | FlatSpikes | PairedSpikes

type SpikeArrays = Partial<FlatSpikes> | Partial<PairedSpikes>

const SPIKE_ARRAYS: OptionNames<SpikeArrays> = { flat: true, index: true, idces: true, times: true }

/** The input of a recording that is made off the JS thread. */
export async function draftFrom(spikes: SpikeSource, given: SpikeDataOptions, signal: AbortSignal | undefined): Promise<Draft> {
  if (Array.isArray(spikes)) return inSlices(listedDraft(spikes, given), signal)
  const { flat, index, idces, times } = spikeArrays(spikes)
  // Before the arrays, which may be long.
  unitsFor(given)
  windowOf(given)
  if (isMissing(idces) && isMissing(times)) return inSlices(flatDraft(flat as Numbers, index as Numbers, given, 'flat'), signal)
  const paired = await inSlices(pairedSpikes(idces as Numbers, times as Numbers), signal)
  const units = pinOwn(paired.units)
  const splitting = runJob(() => addon.splitByUnitAsync(units, paired.times, unitsFor(given), MAX_UNITS, paired.areOwn), signal)
  return inSlices(splitDraft(await splitting, paired, given), signal)
}

function spikeArrays(spikes: unknown): SpikeArrays {
  if (Object.prototype.toString.call(spikes) !== '[object Object]') {
    throw invalidType('an array with the spike times of each unit, { flat, index } or { idces, times }', 'spikes', spikes)
  }
  const arrays = optionsFrom<SpikeArrays>(spikes, SPIKE_ARRAYS, 'spikes')
  if (!isMissing(arrays.flat) || !isMissing(arrays.index)) {
    refuseOptions(arrays, ['idces', 'times'], 'as spikes is { flat, index }')
  }
  return arrays
}

export function* listedDraft(train: readonly Numbers[], given: SpikeDataOptions): Steps<Draft> {
  if (!Array.isArray(train)) throw invalidType('an array with the spike times of each unit', 'train', train)
  const { length } = train
  // A copy of an array of holes takes memory for every one of them.
  if (length > MAX_UNITS) throw invalidValue(`at most ${MAX_UNITS} units`, 'train.length', length)
  return yield* draft(length, given, listedTrains(yield* copyInSteps(train, length)))
}

/** @param name - what errors call the times */
export function* flatDraft(times: Numbers, index: Numbers, given: SpikeDataOptions, name: string): Steps<Draft> {
  const flat = yield* float64(times, name)
  const ends = yield* endCounts(index, lengthOf(flat))
  return yield* draft(ends.length, given, flatTrains(flat, ends, flat !== times))
}

/** The input of a recording from parallel arrays, split now. */
export function pairedDraft(idces: Numbers, times: Numbers, given: SpikeDataOptions): Draft {
  const spikes = atOnce(pairedSpikes(idces, times))
  const split = addon.splitByUnit(spikes.units, spikes.times, unitsFor(given), MAX_UNITS, spikes.areOwn)
  return atOnce(splitDraft(split, spikes, given))
}

/** Unit numbers and times as native code reads them. */
interface UnitsAndTimes {
  readonly units: NumericArray
  readonly times: Float64Array
  /** Whether the times are a copy. */
  readonly areOwn: boolean
}

function* pairedSpikes(idces: Numbers, times: Numbers): Steps<UnitsAndTimes> {
  // Native code reads the unit numbers more than once, so no other thread may write to them.
  const units = isNumericArray(idces) && isFixed(idces) ? idces : yield* float64Copy(idces, 'idces')
  requireAttached(units, 'idces')
  const values = yield* float64(times, 'times')
  const [length, timeCount] = [lengthOf(units), lengthOf(values)]
  if (timeCount !== length) throw invalidValue(`${length}, the length of idces,`, 'times.length', timeCount)
  return { units, times: values, areOwn: values !== times }
}

/** The number of units that the options ask for, if they do. */
export function unitsFor({ N }: SpikeDataOptions): number | undefined {
  return isMissing(N) ? undefined : unitCountFor(0, N)
}

function splitDraft(split: SplitReport, { units, times }: UnitsAndTimes, given: SpikeDataOptions): Steps<Draft> {
  if (split.tooHigh !== undefined) throw invalidValue(`unit numbers from 0 to ${MAX_UNITS - 1}`, 'idces', split.tooHigh)
  if (split.problem !== undefined) throw invalidValue(unitNumber(given.N), `entry ${split.problem} of idces`, units[split.problem])
  return draft(split.ends.length, given, flatTrains(pinOwn(split.times ?? times), split.ends, true))
}

/** What an entry of `idces` must be. */
export function unitNumber(N: number | null | undefined): string {
  if (isMissing(N)) return 'a whole unit number of 0 or more'
  return N === 0 ? 'no entry, as N is 0,' : `a whole unit number from 0 to ${N - 1}, as N is ${N},`
}
