/**
 * Names of objects and attributes in an HDF5 file.
 */
import type { Hdf5Attribute } from '../../engine/plan/hdf5-tree.js'
import { invalidValue, quoted } from '../../errors.js'
import type { SpikeData } from '../../model/spike-data.js'
import { requiredString } from '../../options/checks.js'

/** A place in a file, and the option that named it. */
export interface ObjectPath {
  path: string
  option: string
}

/** The path that an option names, without empty and `.` parts: `/a//b` is `a/b`. */
export function objectPath(value: unknown, option: string): ObjectPath {
  const parts = requiredString(value, option)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  if (parts.length === 0) throw invalidValue('the name of an object', option, value)
  return { path: parts.join('/'), option }
}

/** Throws when two objects have the same path, or the path of one runs through another that is no group. */
export function checkDistinct(paths: readonly ObjectPath[]): void {
  const byPath = new Map<string, string>()
  for (const { path, option } of paths) {
    const other = byPath.get(path)
    if (other !== undefined) throw invalidValue(`another name than ${other} has`, option, path)
    byPath.set(path, option)
  }
  for (const { path, option } of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const other = byPath.get(path.slice(0, slash))
      if (other !== undefined) throw invalidValue(`a name outside ${other} (${quoted(path.slice(0, slash))})`, option, path)
    }
  }
}

/** The root attributes that hold a recording's window; SpikeLab's readers use them. */
export function windowAttributes({ startTime, length }: SpikeData): Hdf5Attribute[] {
  return [
    { name: 'start_time', value: startTime },
    { name: 'length_ms', value: length },
  ]
}
