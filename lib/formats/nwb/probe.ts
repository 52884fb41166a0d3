/**
 * The device of a recording, and the group that all its electrodes belong to.
 */

import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import { invalidValue } from '../../errors.js'
import type { OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import { nameField } from './fields.js'
import { typedGroup } from './objects.js'

/** What recorded the signals: `Device` of the NWB schema. */
export interface NwbDevice {
  /** Default `device`. */
  name?: string | undefined
  /** Model, firmware, software. Default: that nothing is known. */
  description?: string | undefined
  /** Becomes part of the description. */
  manufacturer?: string | undefined
}

/** The electrodes as a whole, such as a shank or an array: `ElectrodeGroup` of the NWB schema. */
export interface NwbElectrodeGroup {
  /** Default `electrode_group`. */
  name?: string | undefined
  /** Default: that it holds all electrodes of the recording. */
  description?: string | undefined
  /** Where in the brain, preferably in the terms of an atlas. It is the location of each of its electrodes, too. Default `unknown`. */
  location?: string | undefined
}

const DEVICE_OPTIONS: OptionNames<NwbDevice> = { name: true, description: true, manufacturer: true }
const GROUP_OPTIONS: OptionNames<NwbElectrodeGroup> = { name: true, description: true, location: true }

/** The group that holds electrode groups and their table. */
export const EPHYS = 'general/extracellular_ephys'
export const ELECTRODE_TABLE = 'electrodes'

/** The place of an electrode that nothing is known of. */
export const UNKNOWN = 'unknown'

/** The description of the probe in a session. */
interface ProbeOptions {
  device?: NwbDevice | undefined
  electrodeGroup?: NwbElectrodeGroup | undefined
}

/** A probe in the file. */
export interface Probe {
  /** Whether the caller has described any of it. */
  isDescribed: boolean
  objects: Hdf5Object[]
  group: { name: string; path: string; location: string }
}

/**
 * The device and the electrode group that a session has.
 *
 * @throws TypeError, RangeError for a field that is no text of its form
 */
export function probeFrom({ device: givenDevice, electrodeGroup: givenGroup }: ProbeOptions): Probe {
  const device = optionsFrom<NwbDevice>(givenDevice ?? undefined, DEVICE_OPTIONS, 'nwb.device')
  const group = optionsFrom<NwbElectrodeGroup>(givenGroup ?? undefined, GROUP_OPTIONS, 'nwb.electrodeGroup')

  const deviceName = nameField(device.name ?? 'device', 'nwb.device.name')
  const devicePath = `general/devices/${deviceName}`

  const name = nameField(group.name ?? 'electrode_group', 'nwb.electrodeGroup.name')
  if (name === ELECTRODE_TABLE) throw invalidValue(`another name than ${ELECTRODE_TABLE}, the table's,`, 'nwb.electrodeGroup.name', name)
  const path = `${EPHYS}/${name}`
  const description = requiredString(group.description ?? 'All electrodes of this recording.', 'nwb.electrodeGroup.description')
  const location = requiredString(group.location ?? UNKNOWN, 'nwb.electrodeGroup.location')
  return {
    isDescribed: !isMissing(givenDevice) || !isMissing(givenGroup),
    objects: [
      typedGroup(devicePath, 'core', 'Device', { description: deviceDescription(device) }),
      typedGroup(path, 'core', 'ElectrodeGroup', { description, location }),
      { object: 'softLink', path: `${path}/device`, target: `/${devicePath}` },
    ],
    group: { name, path, location },
  }
}

/** The manufacturer is part of the description, because pynwb 4 warns of the field `manufacturer`. */
function deviceDescription({ description, manufacturer }: NwbDevice): string {
  const parts = []
  if (!isMissing(description)) parts.push(requiredString(description, 'nwb.device.description'))
  if (!isMissing(manufacturer)) parts.push(`Manufacturer: ${requiredString(manufacturer, 'nwb.device.manufacturer')}`)
  return parts.join('\n') || 'Nothing is known about this device.'
}
