/**
 * The spikes of the raster: times, or bins that have a spike or more.
 */
import type { PageInfo, PageOccupancy, PageSpikes } from './page-data.js'

/** Where spikes of one unit are. */
export interface SpikeMarks {
  /**
   * Sets the columns of a picture that have a spike.
   *
   * @param fromMs - where column 0 begins, from the start of the recording on
   */
  mark(columns: Uint8Array, unit: number, fromMs: number, columnMs: number): void
}

export function spikesFrom(info: PageInfo, counts: Float64Array, bytes: Uint8Array): SpikeMarks {
  return info.raster.kind === 'spikes' ? timesOf(info.raster, counts, bytes) : binsOf(info.raster, bytes)
}

function timesOf({ resolutionMs }: PageSpikes, counts: Float64Array, bytes: Uint8Array): SpikeMarks {
  const starts = new Float64Array(counts.length + 1)
  for (const [unit, count] of counts.entries()) starts[unit + 1] = starts[unit]! + count
  const times = new Int32Array(starts[counts.length]!)
  let at = 0
  for (const [unit, count] of counts.entries()) {
    let time = 0
    for (let i = 0; i < count; i++) {
      let difference = 0
      let shift = 0
      let byte: number
      do {
        byte = bytes[at++]!
        difference |= (byte & 0x7f) << shift
        shift += 7
      } while (byte > 0x7f)
      times[starts[unit]! + i] = time += difference
    }
  }
  return {
    mark(columns, unit, fromMs, columnMs) {
      const end = starts[unit + 1]!
      for (let i = firstFrom(times, fromMs / resolutionMs, starts[unit]!, end); i < end; i++) {
        const column = columnOf(times[i]! * resolutionMs, fromMs, columnMs, columns.length)
        if (column >= columns.length) break
        columns[column] = 1
      }
    },
  }
}

/** The column of a time. One at the very end of the picture is in the last one, as the end of the recording is. */
export function columnOf(timeMs: number, fromMs: number, columnMs: number, columns: number): number {
  const place = (timeMs - fromMs) / columnMs
  return place <= columns * (1 + 1e-9) ? Math.min(Math.floor(place + 1e-9), columns - 1) : columns
}

/** The first of ascending numbers in a range that is not less. */
function firstFrom(numbers: Int32Array, least: number, from: number, to: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (numbers[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

function binsOf({ binMs, bins }: PageOccupancy, bits: Uint8Array): SpikeMarks {
  const rowBytes = Math.ceil(bins / 8)
  return {
    mark(columns, unit, fromMs, columnMs) {
      if (binMs === 0) return
      const first = Math.max(0, Math.floor(fromMs / binMs))
      const last = Math.min(bins - 1, Math.floor((fromMs + columns.length * columnMs) / binMs))
      for (let bin = first; bin <= last; bin++) {
        if (((bits[unit * rowBytes + (bin >> 3)]! >> (bin & 7)) & 1) === 0) continue
        // A bin is as wide as it is: where in it spikes are is not known.
        const left = Math.max(0, Math.floor((bin * binMs - fromMs) / columnMs))
        const right = Math.max(left + 1, Math.floor(((bin + 1) * binMs - fromMs) / columnMs))
        columns.fill(1, left, right)
      }
    },
  }
}
