/**
 * Raw data of generic HDF5 files, and its times.
 */
import type { TimeConversion } from '../../engine/plan/sources.js'
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File, Hdf5Read } from '../../engine/reading/hdf5-file.js'
import { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { bytesOf } from '../../memory/typed-arrays.js'
import { timeScaling } from '../../options/time-unit.js'
import type { Steps } from '../../steps.js'
import { inRanges } from '../../steps.js'
import { countOf, list } from './lists.js'

/** Raw data whose arrays are there, but not filled yet. */
export interface PlannedRaw {
  data: NDArray
  times: NumericArray
  reads: Hdf5Read[]
  /** How many bytes they are. */
  bytes: number
  /** What is left to do once they are filled. */
  finish: () => Steps<void>
}

/** Prepares to read raw data, channels × samples (or more axes), in its own dtype, and the times of its samples in ms. */
export async function planRaw(
  file: Hdf5File,
  names: { data: string; times: string },
  time: TimeConversion,
  signal: AbortSignal | undefined,
): Promise<PlannedRaw> {
  const data = await file.dataset(names.data, signal)
  const times = await list(file, names.times, signal)
  if (data.shape.length === 0) throw file.error('it is no raw data: it is a single value', names.data)
  const samples = data.shape.at(-1)
  if (countOf(times) !== samples) throw file.error(`it has ${countOf(times)} times, and ${names.data} has ${samples} samples`, names.times)
  const array = new NDArray(file.room(data), data.shape)
  const { into, scaling, finish } = roomForTimes(file, times, time)
  return {
    data: array,
    times: into,
    reads: [
      { path: names.data, into: array.data },
      { path: names.times, into, scaling },
    ],
    bytes: bytesOf(array.data).length + bytesOf(into).length,
    finish,
  }
}

/** As numpy has it: times in ms keep their dtype, and float32 stays float32 in every unit. */
function roomForTimes(
  file: Hdf5File,
  times: Hdf5Dataset,
  time: TimeConversion,
): Pick<PlannedRaw, 'finish'> & Pick<Hdf5Read, 'into' | 'scaling'> {
  const nothing = function* (): Steps<void> {}
  if (time.to === 'ms') return { into: file.room(times), finish: nothing }
  const size = times.type.dtype?.slice(1)
  if (size !== 'f4' && size !== 'f2') return { into: file.room(times, Float64Array), scaling: timeScaling(time), finish: nothing }
  const into = file.room(times, Float32Array)
  // Each operation rounds to float32, as assigning to the array does.
  const convert = (i: number) => {
    if (time.to === 'samples') into[i] = (into[i] as number) / Math.fround(time.fsHz)
    into[i] = (into[i] as number) * 1e3
  }
  const finish = () =>
    inRanges(into.length, (from, to) => {
      for (let i = from; i < to; i++) convert(i)
    })
  return { into, finish }
}
