/**
 * Spike times that a loader has read: the recording takes them over without a copy.
 */
import type { Falls, RecordingWindow } from '../engine/native-spike-trains.js'
import type { ExportWarning } from '../engine/warnings.js'
import { invalidValue } from '../errors.js'
import { pinOwn } from '../memory/buffers.js'
import type { Steps } from '../steps.js'
import { inRanges, inSlices, isDue } from '../steps.js'
import type { SpikeDataOptions, TrainProblem } from './spike-data-builder.js'
import { draft, Recording, sealReport, settle, windowOf } from './spike-data-builder.js'
import { flatTrains } from './spike-trains.js'

/** The times of all units in ms, unit by unit, in memory that nothing else refers to. */
export interface LoadedSpikes {
  times: Float64Array
  /** Cumulative end counts, one a unit: they never fall, and end with the number of times. */
  ends: BigInt64Array
  /** Where the times fall, if that was noted while they were read. */
  falls?: Falls
}

/** How a loader makes a recording. */
export interface LoadedWindow {
  /**
   * How far outside the window a time may be, in ms, because its unit rounds it: such times are moved to the window's start or end. Rounding
   * of float64 is added to it.
   */
  tolerance: number
  /** Whether a window without a length ends one unit in the last place after the last spike, as SpikeLab's loaders have it. */
  endsAfterLast: boolean
  /** Whether a window that does not hold all times, nor nearly, is widened. Default false. */
  canWiden?: boolean
}

/** The tolerance with which every time outside the window is one that the recording cannot have. */
export const NOTHING_MOVES = Number.NEGATIVE_INFINITY

/** A recording, or the first unit with a time that it cannot have, and that time. */
export type LoadedRecording =
  | {
      recording: Recording
      /** How many times were moved into the window. */
      moved: number
      /** Whether it was widened. */
      isWidened: boolean
      problem?: undefined
    }
  | { problem: TrainProblem }

/** Operations on a time, each of which may round it. */
const ROUNDINGS = 4
/** What a time of next to 0 ms may lose in ms, since a file in s has no smaller number than this one over 1,000. */
const UNDERFLOW = 1e3 * Number.MIN_VALUE

/** Checks and sorts the times of a file, on the addon's threads. */
export async function loadedRecording(
  { times, ends, falls }: LoadedSpikes,
  options: SpikeDataOptions,
  { tolerance, endsAfterLast, canWiden = false }: LoadedWindow,
  signal: AbortSignal | undefined,
): Promise<LoadedRecording> {
  const own = pinOwn(times)
  const make = async (window: Partial<RecordingWindow> = {}, known?: Falls) => {
    const unsealed = await inSlices(draft(ends.length, { ...options, ...window }, flatTrains(own, ends, true)), signal)
    return { unsealed, sealed: await sealReport(unsealed, signal, undefined, known) }
  }
  let made = await make({}, falls)
  // Times are sorted where they are: only the first time is it seen which were not in order.
  const { firstReordered } = made.sealed
  let moved = 0
  let isWidened = false
  if (made.sealed.problem && made.sealed.problem.kind !== 'notFinite') {
    moved = await inSlices(movedIntoWindow(own, options, tolerance), signal)
    isWidened = moved === 0 && canWiden
    if (moved > 0) made = await make()
    else if (isWidened) made = await make(await inSlices(widened(windowOf(options), own), signal))
  }
  if (made.sealed.problem) return { problem: made.sealed.problem }
  const { trains, options: checked, length: sealedLength } = await inSlices(settle(made.unsealed, made.sealed), signal)
  const isInferred = endsAfterLast && made.unsealed.window.length === undefined
  const length = isInferred ? await inSlices(lengthToLast(own, ends, checked.startTime), signal) : sealedLength
  return { recording: new Recording(trains, checked, length, firstReordered), moved, isWidened }
}

/** Moves times that are hardly outside the window, if no others are outside; returns how many. */
function* movedIntoWindow(times: Float64Array, options: SpikeDataOptions, tolerance: number): Steps<number> {
  const window = windowOf(options)
  const { startTime, length = Infinity } = window
  const end = startTime + length
  const [first, last] = nearlyIn(window, tolerance)
  let isNear = true
  yield* inRanges(times.length, (from, to) => {
    for (let i = from; i < to; i++) isNear &&= (times[i] as number) >= first && (times[i] as number) <= last
  })
  if (!isNear) return 0
  let moved = 0
  yield* inRanges(times.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const time = times[i] as number
      if (time >= startTime && time <= end) continue
      times[i] = time < startTime ? startTime : end
      moved++
    }
  })
  return moved
}

/** The first and the last time that hardly are outside a window. */
export function nearlyIn({ startTime, length = Infinity }: RecordingWindow, tolerance: number): readonly [first: number, last: number] {
  const end = startTime + length
  const first = startTime - tolerance - ROUNDINGS * spacing(startTime) - UNDERFLOW
  const last = end + tolerance + (end === Infinity ? 0 : ROUNDINGS * spacing(end)) + UNDERFLOW
  return [first, last]
}

/** The window that also holds all of the times. */
function* widened(window: RecordingWindow, times: Float64Array): Steps<RecordingWindow> {
  let first = Infinity
  let last = -Infinity
  yield* inRanges(times.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const time = times[i] as number
      if (time < first) first = time
      if (time > last) last = time
    }
  })
  return widenedWindow(window, first, last)
}

/** The window that also holds the times from `earliest` to `latest`. */
export function widenedWindow({ startTime, length = 0 }: RecordingWindow, earliest: number, latest: number): RecordingWindow {
  const first = Math.min(startTime, earliest)
  const last = Math.max(startTime + length, latest)
  // Start and length may add up to less than the end that they were made of.
  let span = last - first
  while (first + span < last) span += spacing(span)
  return { startTime: first, length: span }
}

function* lengthToLast(times: Float64Array, ends: BigInt64Array, startTime: number): Steps<number> {
  let latest = -Infinity
  let from = 0
  for (const end of ends) {
    const to = Number(end)
    if (to > from) latest = Math.max(latest, times[to - 1] as number)
    from = to
    if (isDue()) yield
  }
  return lengthUpTo(latest, startTime)
}

/** The length of a window that ends one unit in the last place after the last time; 0 where there is none, and that is -Infinity. */
export function lengthUpTo(latest: number, startTime: number): number {
  return latest === -Infinity ? 0 : latest - startTime + spacing(latest)
}

/** The distance from a number to the next of greater magnitude: `numpy.spacing`, never negative. */
export function spacing(number: number): number {
  const float = Float64Array.of(Math.abs(number))
  const bits = new BigUint64Array(float.buffer)
  const magnitude = float[0] as number
  bits[0] = (bits[0] as bigint) + 1n
  return (float[0] as number) - magnitude
}

/** Half a sample in ms, by which times that were rounded to samples may lie outside their window; 0 where no frequency is known. */
export function halfASample(fsHz: number | undefined): number {
  return fsHz === undefined ? 0 : 500 / fsHz
}

/** What is wrong with a time of a file. */
export function timeProblem({ kind, unit, value }: TrainProblem, startTime: number): string {
  if (kind === 'notFinite') return `unit ${unit} has a spike time that is not finite (${value})`
  const end = kind === 'beforeStart' ? `before the recording starts at ${startTime} ms` : 'after the recording ends'
  return `unit ${unit} has a spike at ${value} ms, ${end}`
}

/** The error for a length that the caller has given and that ends before a spike of the file. */
export function lengthTooShort({ unit, value }: TrainProblem, lengthMs: number): RangeError {
  return invalidValue(
    `a length in ms with which the recording holds all spikes (unit ${unit} has a spike at ${value} ms)`,
    'lengthMs',
    lengthMs,
  )
}

/** The warning for times that were moved into the window. */
export function movedSpikes(count: number): ExportWarning {
  const message = `${count} ${count === 1 ? 'spike time was' : 'spike times were'} outside the recording's window by no more than rounding, and moved into it.`
  return { code: 'SPIKEPORT_SPIKES_MOVED', message }
}
