/**
 * The recording's window in HDF5 files: the root attributes that SpikeLab and this package write.
 */
import type { Hdf5Dataset, Hdf5Group } from '../../engine/reading/hdf5-description.js'
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'

/** The recording's window as a file states it, in ms. */
export interface RootWindow {
  startTime: number | undefined
  lengthMs: number | undefined
}

/**
 * `start_time` and `length_ms`, where the file has them.
 *
 * @param root - the root group
 */
export function rootWindow(file: Hdf5File, root: Hdf5Group | Hdf5Dataset | undefined): RootWindow {
  const number = (name: string) => {
    const value = root?.attributes.get(name)
    if (value === undefined) return undefined
    const found = numberIn(value)
    if (found === undefined || !Number.isFinite(found)) throw file.error(`its attribute ${name} is no finite number`, '/')
    return found
  }
  const lengthMs = number('length_ms')
  if (lengthMs !== undefined && lengthMs < 0) throw file.error('its attribute length_ms is below 0', '/')
  return { startTime: number('start_time'), lengthMs }
}
