/**
 * The columns of every export, computed independently in TypeScript: one number at a time, nothing shared with the
 * library.
 */
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import type { TimeUnit } from '../../lib/options/time-unit.js'

export type Trains = readonly (readonly number[])[]

/** Half to even. */
export function rint(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

export function converted(times: readonly number[], unit: TimeUnit, fsHz = 0): Float64Array | BigInt64Array {
  if (unit === 'ms') return Float64Array.from(times)
  if (unit === 's') return Float64Array.from(times, (time) => time / 1000)
  return BigInt64Array.from(times, (time) => BigInt(rint(time * (fsHz / 1000))))
}

/** Spike times in unit order. */
export function flat(trains: Trains): number[] {
  return trains.flatMap((train) => [...train].sort((a, b) => a - b))
}

/** Cumulative end counts. */
export function ends(trains: Trains): BigInt64Array {
  let end = 0
  return BigInt64Array.from(trains, (train) => BigInt((end += train.length)))
}

/** The unit of every spike. */
export function units(trains: Trains, ids?: readonly number[]): BigInt64Array {
  return BigInt64Array.from(trains.flatMap((train, unit) => train.map(() => BigInt(ids?.[unit] ?? unit))))
}

/** The sample and the unit of every spike, as a stable sort by sample of all spikes in unit order leaves them. */
export function inTimeOrder(trains: Trains, fsHz: number): { samples: BigInt64Array; units: Int32Array } {
  const samples = converted(flat(trains), 'samples', fsHz) as BigInt64Array
  const unitOf = units(trains)
  const order = [...samples.keys()].sort((a, b) => (samples[a]! < samples[b]! ? -1 : samples[a]! > samples[b]! ? 1 : a - b))
  return { samples: BigInt64Array.from(order, (i) => samples[i]!), units: Int32Array.from(order, (i) => Number(unitOf[i])) }
}

/** Spike counts, units × bins, in C order. */
export function raster(trains: Trains, startTime: number, length: number, binSize: number): { bins: number; counts: BigInt64Array } {
  const quotient = length / binSize
  const bins = Math.ceil(quotient - Math.max(1e-9, Math.abs(quotient) * 4 * 2 ** -52)) + 0
  const counts = new BigInt64Array(trains.length * bins)
  for (const [unit, train] of trains.entries()) {
    for (const time of train) {
      const bin = Math.min(Math.max(Math.ceil((time - startTime) / binSize) - 1, 0), bins - 1)
      counts[unit * bins + bin]!++
    }
  }
  return { bins, counts }
}

/** Rows × columns in C order, as columns × rows. */
export function transposed(data: NumericArray, rows: number, columns: number): NumericArray {
  const turned = data.slice()
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!
  }
  return turned
}
