/**
 * How the input of a SpikeData is checked: its options first, then its times by native code, at once or in slices.
 */
import { orAborted } from '../engine/abort.js'
import type { Falls, RecordingWindow, SealReport } from '../engine/native-spike-trains.js'
import type { OnProgress } from '../engine/run-job.js'
import { runJob } from '../engine/run-job.js'
import { invalidValue } from '../errors.js'
import type { Numbers } from '../memory/float64.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { checkedNumber, isMissing, lengthInMs, optionsFrom } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import type { Steps } from '../steps.js'
import { atOnce, inSlices } from '../steps.js'
import type { Metadata, NeuronAttributes, PlainObject } from './attributes.js'
import { metadataCopy, neuronAttributesFor } from './attributes.js'
import type { RawFile } from './raw-file.js'
import type { RawData, RawRecording } from './raw-recording.js'
import { rawRecording } from './raw-recording.js'
import type { UnitTrains } from './spike-trains.js'

/** More units than any recording has; a unit number above it is a mistake that would cost gigabytes. */
export const MAX_UNITS = 2 ** 24

/** Up to this many units and spikes, or counts, the JS thread is done before another thread wakes up. */
export const FEW = 16_384

/** The units and the window of a recording, its attributes and its metadata. */
export interface RecordingOptions {
  /** The number of units, up to 2²⁴. More than there are trains adds units without spikes. Default: the number of trains. */
  N?: number | Missing
  /** The length of the recording in ms. Default: the last spike minus `startTime`, 0 without spikes. */
  length?: number | Missing
  /** Where the recording starts in ms; below 0 for data centred on an event. Default 0. */
  startTime?: number | undefined
  /** One object for each unit. */
  neuronAttributes?: readonly PlainObject[] | Missing
  /** Anything else about the recording. */
  metadata?: PlainObject | Missing
}

/** Raw samples go along with their times. */
export interface WithRawSamples {
  /**
   * Raw samples, channels × samples, of any numeric dtype: an array, which is not copied; a file (`rawFile`), which exports read block by
   * block; or a stream (`rawStream`), which one export to HDF5 or NWB reads. Needs `rawTime`.
   */
  rawData: RawData | Missing
  /**
   * The time of each sample in ms, or one number: the sampling rate in kHz, the first sample being at 0 ms. A typed array keeps its
   * dtype. Needs `rawData`.
   */
  rawTime: Numbers | number | Missing
}

/** Raw samples of a file that says their sampling rate. */
export interface WithRawFile {
  /** Raw samples that stay in their file (`rawFile`). */
  rawData: RawFile
  /** Default: the sampling rate that the file says; without one it is required. */
  rawTime?: Numbers | number | Missing
}

/** A recording without raw samples. */
export interface WithoutRawSamples {
  /** Raw samples, channels × samples: needs `rawTime`. */
  rawData?: Missing
  /** The times of raw samples: needs `rawData`. */
  rawTime?: Missing
}

/** Options of {@link SpikeData}. One of `rawData` and `rawTime` without the other neither compiles nor runs, but for a `RawFile`. */
export type SpikeDataOptions = RecordingOptions & (WithRawSamples | WithRawFile | WithoutRawSamples)

export const OPTIONS: OptionNames<SpikeDataOptions> = {
  N: true,
  length: true,
  startTime: true,
  neuronAttributes: true,
  metadata: true,
  rawData: true,
  rawTime: true,
}

/** The options of a recording, their names checked. Call it before anything is read from the data. */
export function spikeDataOptions(given: unknown): SpikeDataOptions {
  return optionsFrom(given, OPTIONS)
}

/** The progress of {@link SpikeData.create}. */
export interface CreateProgress {
  /** Spikes that are checked and in order. */
  spikesDone: number
  /** All spikes of the recording. */
  spikesTotal: number
}

/** The options that {@link SpikeData.create} has and the constructor has not. */
export interface CreateCallbacks {
  /** Stops the call: the promise rejects with the signal's reason, and what was made is freed. */
  signal?: AbortSignal | undefined
  /**
   * Called a few times a second while times are checked and sorted, and once when the recording is whole. If it throws,
   * the call stops and the promise rejects with that error.
   */
  onProgress?: ((progress: CreateProgress) => void) | undefined
}

/** Options of {@link SpikeData.create}. */
export type CreateOptions = SpikeDataOptions & CreateCallbacks

const CREATE_OPTIONS: OptionNames<CreateOptions> = { ...OPTIONS, signal: true, onProgress: true }

/**
 * The options of {@link SpikeData.create}, their names and the callbacks checked.
 *
 * @throws TypeError, RangeError for options that make no sense
 */
export function createOptions(given: unknown): CreateOptions {
  const options = optionsFrom<CreateOptions>(given, CREATE_OPTIONS)
  checkCallbacks(options)
  return options
}

/** The options of a recording, checked. */
interface CheckedOptions {
  readonly startTime: number
  readonly neuronAttributes: readonly NeuronAttributes[] | null
  readonly metadata: Metadata
  readonly raw: RawRecording
}

export type TrainProblem = NonNullable<SealReport['problem']>

/** A recording whose times are not checked yet. */
export interface Draft {
  readonly trains: UnitTrains
  readonly window: RecordingWindow
  readonly options: CheckedOptions
}

/** A recording that is all checked. */
export class Recording {
  constructor(
    readonly trains: UnitTrains,
    readonly options: CheckedOptions,
    readonly length: number,
    /** The first unit whose times were not in order as they were given, if there is one. */
    readonly firstReordered: number | undefined,
  ) {}
}

/**
 * Checks the values of the options, then takes in the trains.
 *
 * @param givenUnits - how many units the trains have
 * @param options - what {@link spikeDataOptions} returned
 */
export function* draft(givenUnits: number, options: SpikeDataOptions, givenTrains: Steps<UnitTrains>): Steps<Draft> {
  const unitCount = unitCountFor(givenUnits, options.N)
  const window = windowOf(options)
  const checked: CheckedOptions = {
    startTime: window.startTime,
    neuronAttributes: yield* neuronAttributesFor(unitCount, options.neuronAttributes),
    metadata: yield* metadataCopy(options.metadata),
    raw: yield* rawRecording(options.rawData, options.rawTime),
  }
  const trains = yield* givenTrains
  trains.native.appendEmpty(unitCount - givenUnits)
  return { trains, window, options: checked }
}

/** Checks the times now. Linear in the spikes. */
export function seal(unsealed: Draft): Recording {
  return atOnce(settle(unsealed, unsealed.trains.native.seal(unsealed.window)))
}

/**
 * Checks the times on the addon's threads. Once the signal has fired the promise rejects at once, even while a thread still sorts a long
 * train; memory is freed when it has.
 *
 * @param onProgress - called while the threads work, with the number of spikes that are in order, and of all
 */
export async function sealAsync(unsealed: Draft, signal?: AbortSignal, onProgress?: OnProgress): Promise<Recording> {
  return inSlices(settle(unsealed, await sealReport(unsealed, signal, onProgress)), signal)
}

/**
 * Checks and sorts the times, at once where they are few.
 *
 * @param falls - of trains that lie in one array, unit by unit
 */
export async function sealReport(
  { trains, window }: Draft,
  signal?: AbortSignal,
  onProgress?: OnProgress,
  falls?: Falls,
): Promise<SealReport> {
  const { native } = trains
  if (native.unitCount + native.spikeCount <= FEW) return native.seal(window)
  return orAborted(
    runJob((report) => native.sealAsync(window, report, falls), signal, onProgress),
    signal,
  )
}

/** The recording of a draft whose times were checked. */
export function* settle({ trains, window, options }: Draft, sealed: SealReport): Steps<Recording> {
  if (sealed.problem) throw timeError(sealed.problem, window)
  if (!Number.isFinite(sealed.length)) throw invalidValue('times that span a finite length', 'train', sealed.length)
  yield* trains.settle(sealed)
  return new Recording(trains, options, sealed.length, sealed.firstReordered)
}

/** The error for a time that may not be there; `place` is where it is. */
export function timeError(problem: TrainProblem, { startTime, length = 0 }: RecordingWindow, place = `unit ${problem.unit}`): Error {
  const expected = {
    notFinite: 'finite times',
    beforeStart: `times from ${startTime} ms on (startTime)`,
    afterEnd: `times up to ${startTime + length} ms (startTime + length)`,
  }
  return invalidValue(expected[problem.kind], place, problem.value)
}

/**
 * The number of units: `N`, or the number of trains.
 *
 * @throws TypeError or RangeError for an `N` that is no whole number, is below the number of trains, or above {@link MAX_UNITS}
 */
export function unitCountFor(givenUnits: number, N: unknown): number {
  if (isMissing(N)) return givenUnits
  const least = givenUnits > 0 ? `${givenUnits}, the number of trains,` : '0'
  const expected = `a whole number from ${least} to ${MAX_UNITS}`
  return checkedNumber(N, 'N', expected, (units) => Number.isInteger(units) && units >= givenUnits && units <= MAX_UNITS)
}

export function windowOf({ startTime = 0, length }: SpikeDataOptions): RecordingWindow {
  checkedNumber(startTime, 'startTime', 'a finite time in ms', Number.isFinite)
  if (isMissing(length)) return { startTime }
  return { startTime, length: lengthInMs(length, 'length') }
}
