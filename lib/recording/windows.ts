/**
 * Windows of time: those that slices of a recording were cut from, and how many bins one has.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { listed } from '../engine/warnings.js'
import { invalidType, invalidValue } from '../errors.js'
import type { Steps } from '../steps.js'
import { isDue, listInSteps } from '../steps.js'

/** Where a slice starts and ends, in ms. */
export type TimeWindow = readonly [start: number, end: number]

/** By how much the durations of windows may differ, in ms. */
const DURATION_TOLERANCE = 1e-6

/**
 * Windows as a list of their own, which must be pairs of finite numbers.
 *
 * @throws TypeError for anything but an array of pairs of numbers
 * @throws RangeError for a number that is not finite
 */
export function* timeWindows(times: unknown): Steps<readonly TimeWindow[]> {
  if (!Array.isArray(times)) throw invalidType('an array of [start, end] pairs', 'times', times)
  return Object.freeze(yield* listInSteps(times.length, (i) => timeWindow(times[i], i)))
}

/**
 * The windows of a stack of slices, in ascending order. As in SpikeLab only the windows are put in order, not the slices they
 * belong to, with a warning (`SPIKEPORT_WINDOWS_REORDERED`). Windows without duration are accepted with a warning
 * (`SPIKEPORT_WINDOWS_EMPTY`).
 *
 * @param warnings - where warnings are added, to be emitted once the stack is made
 * @throws TypeError for anything but an array of pairs of numbers
 * @throws RangeError for a number that is not finite, a window that ends before it starts, or durations that differ by more
 *   than 1e-6 ms
 */
export function* sliceWindows(times: unknown, warnings: ExportWarning[]): Steps<readonly TimeWindow[]> {
  const given = yield* timeWindows(times)
  const isInOrder = yield* areAscending(given)
  const windows = isInOrder ? given : yield* ascending(given)
  for (const window of windows) {
    requireSlice(window, windows[0] as TimeWindow)
    if (isDue()) yield
  }
  if (!isInOrder) {
    warnings.push({
      code: 'SPIKEPORT_WINDOWS_REORDERED',
      message:
        'The windows in times were not in ascending order and have been sorted; the slices have not, so that they may no ' +
        'longer match. Sort both before.',
    })
  }
  yield* addOdd(warnings, windows, ([start, end]) => start === end, 'of no duration, whose slices are empty', 'SPIKEPORT_WINDOWS_EMPTY')
  return Object.freeze(windows)
}

/**
 * Adds a warning (`SPIKEPORT_WINDOWS_NEGATIVE`) of windows that start before 0, which a recording has only around events.
 */
export function* addNegativeStarts(warnings: ExportWarning[], windows: readonly TimeWindow[]): Steps<void> {
  const problem = 'that start before 0 ms, which is unexpected unless the data is centred on events'
  yield* addOdd(warnings, windows, ([start]) => start < 0, problem, 'SPIKEPORT_WINDOWS_NEGATIVE')
}

function timeWindow(window: unknown, i: number): TimeWindow {
  const name = `entry ${i} of times`
  if (!Array.isArray(window) || window.length !== 2) throw invalidType('a [start, end] pair', name, window)
  const [start, end]: unknown[] = window
  if (typeof start !== 'number' || typeof end !== 'number') throw invalidType('a [start, end] pair of numbers', name, window)
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw invalidValue('finite times in ms', name, window)
  return Object.freeze([start, end] as const)
}

function requireSlice(window: TimeWindow, [firstStart, firstEnd]: TimeWindow): void {
  const [start, end] = window
  if (start > end) throw invalidValue('a start that is not after the end', 'times', window)
  const duration = firstEnd - firstStart
  if (Math.abs(end - start - duration) > DURATION_TOLERANCE) {
    throw invalidValue(`windows of one duration (${duration} ms)`, 'times', window)
  }
}

function compare([start, end]: TimeWindow, [otherStart, otherEnd]: TimeWindow): number {
  return start - otherStart || end - otherEnd
}

function* areAscending(windows: readonly TimeWindow[]): Steps<boolean> {
  for (let i = 1; i < windows.length; i++) {
    if (compare(windows[i - 1] as TimeWindow, windows[i] as TimeWindow) > 0) return false
    if (isDue()) yield
  }
  return true
}

/** Windows in ascending order, those that are equal as they come: a merge sort, which pauses. */
function* ascending(windows: readonly TimeWindow[]): Steps<readonly TimeWindow[]> {
  let sorted = windows
  for (let width = 1; width < sorted.length; width *= 2) {
    const merged: TimeWindow[] = []
    for (let from = 0; from < sorted.length; from += 2 * width) {
      const middle = Math.min(from + width, sorted.length)
      const end = Math.min(from + 2 * width, sorted.length)
      for (let left = from, right = middle; left < middle || right < end; ) {
        const takesLeft = right === end || (left < middle && compare(sorted[left] as TimeWindow, sorted[right] as TimeWindow) <= 0)
        merged.push(sorted[takesLeft ? left++ : right++] as TimeWindow)
        if (isDue()) yield
      }
    }
    sorted = merged
  }
  return sorted
}

function* addOdd(
  warnings: ExportWarning[],
  windows: readonly TimeWindow[],
  isOdd: (window: TimeWindow) => boolean,
  problem: string,
  code: string,
): Steps<void> {
  const odd: TimeWindow[] = []
  for (const window of windows) {
    if (isOdd(window)) odd.push(window)
    if (isDue()) yield
  }
  if (odd.length === 0) return
  const list = listed(odd, ([start, end]) => `[${start}, ${end}]`)
  warnings.push({ code, message: `Windows ${problem}: ${list}.` })
}

/**
 * The number of bins of `binSizeMs` that cover `lengthMs`: `ceil(length / bin − tol)` with
 * `tol = max(1e-9, |length / bin| · 4 · eps)`, so that a quotient a rounding error above a whole number makes no extra bin.
 *
 * @param lengthMs - the length of the window in ms, 0 or more
 * @param binSizeMs - the width of a bin in ms, more than 0
 */
export function rasterBins(lengthMs: number, binSizeMs: number): number {
  const quotient = lengthMs / binSizeMs
  const tolerance = Math.max(1e-9, Math.abs(quotient) * 4 * Number.EPSILON)
  return Math.max(0, Math.ceil(quotient - tolerance))
}
