/**
 * Figures as short text.
 */
import { size } from '../../dist/cli/text.js'

/** What stands where there is no figure. */
export const NONE = '–'

export function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  return `${(seconds * 1000).toFixed(seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : 2)} ms`
}

export function ratio(value) {
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ×`
}

export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

export function milliseconds(ms) {
  return `${ms.toFixed(1)} ms`
}

export function written(bytes) {
  return bytes > 0 ? size(bytes) : NONE
}

export function grouped(count) {
  return count.toLocaleString('en')
}

/**
 * A value as `format` has it, with its goal and whether it is reached where there is one (see against() of goals.mjs). The goal is
 * a plain number, of which `unit` is one.
 */
export function judged({ value, least, most, missed }, format, unit = 1) {
  if (value === null) return NONE
  const goal = least ?? most
  if (goal === undefined) return format(value)
  return `${format(value)} (${least === undefined ? '≤' : '≥'} ${Number((goal / unit).toPrecision(3))} ${missed ? '✗' : '✓'})`
}

/** What a workload exports. */
export function data({ workload, recording, spikeCount }) {
  if (workload.data) return workload.data
  if (recording.raw) return `${grouped(recording.raw.channels)} × ${grouped(recording.raw.samples)}`
  if (recording.spikes === undefined) return `${grouped(recording.units)} units, ${(spikeCount / 1e6).toFixed(1)} M spikes`
  return `${grouped(recording.units)} × ${grouped(recording.spikes)}`
}
