/**
 * What inspecting a file finds.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { named } from '../engine/warnings.js'
import { quoted } from '../errors.js'

/** An array in a file. */
export interface InspectedArray {
  /** Its path in the file, or the name of its file. */
  name: string
  /** Its axes as the file has them. */
  shape: number[]
  /** numpy's type string, such as `<i2`. */
  dtype: string
}

/** An item of a workspace. */
export interface InspectedItem {
  /** The namespace that it is in. */
  namespace: string
  /** Its name in the namespace. */
  key: string
  /** Its class, `ndarray` or `dict`. */
  type: string
  /** Of a recording: its number of units. */
  units?: number
  /** Of a recording: where it starts, in ms. */
  startTimeMs?: number
  /** Of a recording: how long it is, in ms. */
  lengthMs?: number
}

/** What a file or folder holds, as far as it states so. What can be known only by reading the spikes is absent. */
export interface Findings {
  /**
   * Which form of the format: the style of an HDF5 file, the profile of an NWB file, `folder` or `zip` of KiloSort, the class of a pickle, the
   * kind of sorting that SpikeInterface has saved.
   */
  variant?: string
  /** The version of the format, such as that of NWB or the protocol of a pickle. */
  version?: string
  /** The program that wrote it. */
  producer?: string
  /** The sampling frequency in Hz. */
  fsHz?: number
  /** The number of units. */
  units?: number
  /** The number of spikes. */
  spikes?: number
  /** Where the recording starts, in ms. */
  startTimeMs?: number
  /** How long the recording is, in ms. */
  lengthMs?: number
  /** The number of channels or electrodes. */
  channels?: number
  /** Names of attributes that units have; not each unit has all. A warning lists those of which that is not known. */
  attributes: string[]
  /** Raw data: which arrays there are. */
  rawData: InspectedArray[]
  /** Of a workspace: its items, or the first of them. */
  items?: InspectedItem[]
  /** What is odd, and what is not known. */
  warnings: ExportWarning[]
}

/** The warning of an inspection that does not find out something. @param message - one sentence */
export function incomplete(message: string): ExportWarning {
  return { code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message }
}

/** The same for the number of units. @param where - what would have to be read */
export function unitsUnknown(where: string): ExportWarning {
  return incomplete(`The number of units is not known without reading ${quoted(where)}.`)
}

/**
 * The warning for attributes that no unit may have, as not all of their values are read.
 *
 * @param names - none of them, no warning
 */
export function valuesUnknown(names: readonly string[]): ExportWarning[] {
  if (names.length === 0) return []
  return [incomplete(`Whether any unit has one of these is not known without reading more: ${named(names)}.`)]
}
