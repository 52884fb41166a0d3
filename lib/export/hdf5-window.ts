import type { SpikeData } from '../model/spike-data.js'
import type { Hdf5Attribute } from '../plan/hdf5-tree.js'

/** The root attributes that hold a recording's window; SpikeLab's readers know them. */
export function windowAttributes({ startTime, length }: SpikeData): Hdf5Attribute[] {
  return [
    { name: 'start_time', value: startTime },
    { name: 'length_ms', value: length },
  ]
}
