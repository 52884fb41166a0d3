/**
 * The devices of a recording, and the groups that its electrodes belong to.
 */
import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import { invalidType, invalidValue } from '../../errors.js'
import type { OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import { nameField } from './fields.js'
import { typedGroup } from './objects.js'
import type { NwbDevice, NwbElectrodeGroup, NwbGroupPosition, NwbProbe } from './probe-options.js'
import { DEVICE_OPTIONS, GROUP_OPTIONS, POSITION_OPTIONS } from './probe-options.js'

/** More devices or groups than any recording has: each is an object of the file, and they are made in one go. */
export const MOST_OBJECTS = 256

/** The group that holds electrode groups and their table. */
export const EPHYS = 'general/extracellular_ephys'
export const ELECTRODE_TABLE = 'electrodes'

/** The path of the table. */
export const ELECTRODES = `${EPHYS}/${ELECTRODE_TABLE}`

/** The place of an electrode that nothing is known of. */
export const UNKNOWN = 'unknown'

/** A group of electrodes in the file. */
export interface ElectrodeGroup {
  name: string
  path: string
  location: string
  /** What it is in the file. */
  objects: readonly Hdf5Object[]
}

/** What the one group is called of which nothing else is known. */
export const DEFAULT_GROUP = 'electrode_group'

/** A probe in the file. */
export interface Probe {
  /** Whether the caller has described any of it. */
  isDescribed: boolean
  devices: readonly Hdf5Object[]
  /** All groups: one or more. */
  groups: readonly ElectrodeGroup[]
}

/** A device or a group whose options are checked, and the option that it comes from. */
interface Given<T> {
  fields: T
  option: string
  name: string
}

/**
 * The devices and the electrode groups that a session has.
 *
 * @param ofUnits - the names of groups that units name: they are the groups, and so is one for other electrodes, where none is described
 * @throws TypeError, RangeError for a field that is no text of its form, for two of one name, and for a device that is none
 */
export function probeFrom(session: NwbProbe, ofUnits: readonly string[] | undefined): Probe {
  const isOneGroup = isMissing(session.electrodeGroups)
  refuseBoth(session, 'device', 'devices')
  refuseBoth(session, 'electrodeGroup', 'electrodeGroups')
  if (!isOneGroup && isMissing(session.electrodes)) {
    throw invalidType('an array of electrodes, as nwb.electrodeGroups is given,', 'nwb.electrodes', session.electrodes)
  }
  const devices = isMissing(session.devices)
    ? [namedFields<NwbDevice>(session.device ?? {}, DEVICE_OPTIONS, 'nwb.device', 'device')]
    : listed<NwbDevice>(session.devices, DEVICE_OPTIONS, 'nwb.devices')
  const isNamedByUnits = ofUnits !== undefined && isMissing(session.electrodeGroup) && isMissing(session.electrodes) && devices.length === 1
  const names = isNamedByUnits ? new Set([...ofUnits, DEFAULT_GROUP]) : [DEFAULT_GROUP]
  const groups = isOneGroup
    ? Array.from(names, (name) => namedFields<NwbElectrodeGroup>(session.electrodeGroup ?? {}, GROUP_OPTIONS, 'nwb.electrodeGroup', name))
    : listed<NwbElectrodeGroup>(session.electrodeGroups, GROUP_OPTIONS, 'nwb.electrodeGroups')

  const deviceObjects = devices.map(({ fields, option, name }): Hdf5Object => {
    return typedGroup(devicePath(name), 'core', 'Device', { description: deviceDescription(fields, option) })
  })
  const inFile = groups.map(({ fields, option, name }): ElectrodeGroup => {
    if (name === ELECTRODE_TABLE) throw invalidValue(`another name than ${ELECTRODE_TABLE}, the table's,`, `${option}.name`, name)
    const path = `${EPHYS}/${name}`
    const all = groups.length === 1 ? 'All electrodes of this recording.' : 'The electrodes of this group.'
    const description = requiredString(fields.description ?? all, `${option}.description`)
    const location = requiredString(fields.location ?? UNKNOWN, `${option}.location`)
    const device = deviceOf(fields, option, devices)
    const objects: Hdf5Object[] = [typedGroup(path, 'core', 'ElectrodeGroup', { description, location })]
    if (!isMissing(fields.position)) objects.push(positionAt(`${path}/position`, fields.position, `${option}.position`))
    objects.push({ object: 'softLink', path: `${path}/device`, target: `/${devicePath(device)}` })
    return { name, path, location, objects }
  })
  const described = [session.device, session.devices, session.electrodeGroup, session.electrodeGroups]
  return { isDescribed: !described.every(isMissing), devices: deviceObjects, groups: inFile }
}

function refuseBoth(session: NwbProbe, one: 'device' | 'electrodeGroup', several: 'devices' | 'electrodeGroups'): void {
  if (isMissing(session[one]) || isMissing(session[several])) return
  throw invalidValue(`no value, as nwb.${several} is given,`, `nwb.${one}`, session[one])
}

/** Several of a kind, with different names. */
function listed<T extends { name?: string | undefined }>(given: unknown, options: OptionNames<T>, name: string): Given<T>[] {
  if (!Array.isArray(given)) throw invalidType('an array of objects', name, given)
  const count = given.length
  if (count === 0 || count > MOST_OBJECTS) throw invalidValue(`1 to ${MOST_OBJECTS} entries`, `${name}.length`, count)
  const entries: Given<T>[] = []
  const places = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    const entry = namedFields<T>(given[i] ?? null, options, `${name}[${i}]`, undefined)
    const place = places.get(entry.name)
    if (place !== undefined) throw invalidValue(`another name than ${name}[${place}] has`, `${entry.option}.name`, entry.name)
    places.set(entry.name, i)
    entries.push(entry)
  }
  return entries
}

function namedFields<T extends { name?: string | undefined }>(
  given: unknown,
  options: OptionNames<T>,
  option: string,
  name: string | undefined,
): Given<T> {
  const fields = optionsFrom<T>(given, options, option)
  return { fields, option, name: nameField(fields.name ?? name, `${option}.name`) }
}

function devicePath(name: string): string {
  return `general/devices/${name}`
}

/** The name of a group's device. */
function deviceOf({ device }: NwbElectrodeGroup, option: string, devices: readonly Given<NwbDevice>[]): string {
  if (isMissing(device) && devices.length === 1) return (devices[0] as Given<NwbDevice>).name
  const name = requiredString(device, `${option}.device`)
  if (!devices.some((other) => other.name === name)) throw invalidValue('the name of a device of nwb', `${option}.device`, name)
  return name
}

function positionAt(path: string, given: NwbGroupPosition, option: string): Hdf5Object {
  const { x, y, z } = optionsFrom<NwbGroupPosition>(given, POSITION_OPTIONS, option)
  const axis = (value: unknown, name: string) => checkedNumber(value, `${option}.${name}`, 'a finite number', Number.isFinite)
  const data = Float64Array.of(axis(x, 'x'), axis(y, 'y'), axis(z, 'z'))
  return { object: 'positionDataset', path, source: { kind: 'array', data, shape: [3] } }
}

/** The manufacturer is part of the description, because pynwb 4 warns of the field `manufacturer`. */
function deviceDescription({ description, manufacturer }: NwbDevice, option: string): string {
  const parts = []
  if (!isMissing(description)) parts.push(requiredString(description, `${option}.description`))
  if (!isMissing(manufacturer)) parts.push(`Manufacturer: ${requiredString(manufacturer, `${option}.manufacturer`)}`)
  return parts.join('\n') || 'Nothing is known about this device.'
}
