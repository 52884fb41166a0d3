/**
 * What a caller says about the probe of a recording: devices, groups of electrodes, and electrodes.
 */
import type { Missing, OptionNames } from '../../options/checks.js'

/** What recorded the signals: `Device` of the NWB schema. */
export interface NwbDevice {
  /** Default `device`. */
  name?: string | undefined
  /** Model, firmware, software. Default: that nothing is known. */
  description?: string | undefined
  /** Becomes part of the description. */
  manufacturer?: string | undefined
}

/** A place in a common frame, such as a stereotaxic one: `position` of an `ElectrodeGroup` in the NWB schema, which fixes no unit. */
export interface NwbGroupPosition {
  /** Along the first axis of the frame. */
  x: number
  /** Along the second. */
  y: number
  /** Along the third. */
  z: number
}

/** The electrodes as a whole, or a part of them, such as a shank, a tetrode or an array: `ElectrodeGroup` of the NWB schema. */
export interface NwbElectrodeGroup {
  /** Default `electrode_group`. */
  name?: string | undefined
  /** Default: that it holds all electrodes of the recording, or those of the group. */
  description?: string | undefined
  /** Where in the brain, preferably in the terms of an atlas. It is the location of each of its electrodes, too. Default `unknown`. */
  location?: string | undefined
  /** Where it is in stereotaxic or other common coordinates; float64 in the file. Its unit and frame belong into `description`. */
  position?: NwbGroupPosition | undefined
  /** The name of its device. Default: the only one; with several devices it is required. */
  device?: string | undefined
}

/** One electrode, which is one channel of the probe: a row of the electrode table. */
export interface NwbElectrode {
  /** The number that the units' attributes and `rawData.electrodes` have for it, other than those of the others. Default: its place in the list. */
  id?: number | bigint | undefined
  /** The name of its group. Default: the only one; with several groups it is required. */
  group?: string | undefined
  /** Where in the brain, preferably in the terms of an atlas. Default: the location of the group. */
  location?: string | undefined
  /** Where in the brain, in µm: +x is posterior. SpikeLab takes this for the place of a unit. */
  x?: number | undefined
  /** +y is inferior. */
  y?: number | undefined
  /** +z is right. */
  z?: number | undefined
  /** Where in its group, in µm, such as across a shank. SpikeInterface takes this for the place of a channel. */
  relX?: number | undefined
  /** Where in its group, in µm, such as along a shank. */
  relY?: number | undefined
  /** Where in its group, in µm. */
  relZ?: number | undefined
  /** The impedance in Ω. */
  imp?: number | undefined
  /** The filters of the hardware, with their names and cut-off frequencies. */
  filtering?: string | undefined
  /** What its signal is measured against, such as a screw in the skull. */
  reference?: string | undefined
  /** What the acquisition calls the channel. SpikeInterface takes it for the id of a channel. Default: the id as text. */
  channelName?: string | undefined
  /**
   * Further columns of the table, by name: numbers, texts or booleans, of one kind in each column. Where some electrodes have no value, it
   * is NaN or an empty text; booleans become 1, 0 and NaN.
   */
  columns?: Readonly<Record<string, number | bigint | string | boolean | Missing>> | undefined
}

/** A device or a group among several. */
export type Named<T> = T & {
  /** Other than those of the others. */
  name: string
}

/** One device. */
export interface OneDevice {
  /** What recorded the signals. */
  device?: NwbDevice | undefined
  /** Instead of `device`. */
  devices?: Missing
}

/** Several devices, such as probes. */
export interface SeveralDevices {
  /** What recorded the signals: at least one device. Groups refer to them by their names. */
  devices?: readonly Named<NwbDevice>[] | undefined
  /** Instead of `devices`. */
  device?: Missing
}

/** One group of electrodes. */
export interface OneElectrodeGroup {
  /** The electrodes as a whole. */
  electrodeGroup?: NwbElectrodeGroup | undefined
  /** Instead of `electrodeGroup`, with `electrodes`. */
  electrodeGroups?: Missing
  /**
   * The rows of the electrode table: one entry for each channel of the probe, whether or not a unit is there. Default: the electrodes
   * of the units and of the raw data.
   */
  electrodes?: readonly NwbElectrode[] | undefined
}

/** Several groups of electrodes, such as shanks; each electrode is in one. */
export interface SeveralElectrodeGroups {
  /** The groups of the electrodes, at least one. Electrodes, and the attribute `electrode_group` of units, refer to them by their names. */
  electrodeGroups: readonly Named<NwbElectrodeGroup>[]
  /** Instead of `electrodeGroups`. */
  electrodeGroup?: Missing
  /** The rows of the electrode table: one entry for each channel of the probes, whether or not a unit is there. */
  electrodes: readonly NwbElectrode[]
}

/** What is known about devices, groups of electrodes, and electrodes. */
export type NwbProbe = (OneDevice | SeveralDevices) &
  (OneElectrodeGroup | SeveralElectrodeGroups) & {
    /** What the `columns` of `electrodes` mean, by name: the descriptions of these columns. Only with `electrodes`. */
    electrodeColumnDescriptions?: Readonly<Record<string, string>> | undefined
  }

/** The names of what describes a probe. */
export const PROBE_OPTIONS: OptionNames<NwbProbe> = {
  device: true,
  devices: true,
  electrodeGroup: true,
  electrodeGroups: true,
  electrodes: true,
  electrodeColumnDescriptions: true,
}

export const DEVICE_OPTIONS: OptionNames<NwbDevice> = { name: true, description: true, manufacturer: true }
export const POSITION_OPTIONS: OptionNames<NwbGroupPosition> = { x: true, y: true, z: true }
export const GROUP_OPTIONS: OptionNames<NwbElectrodeGroup> = {
  name: true,
  description: true,
  location: true,
  position: true,
  device: true,
}
export const ELECTRODE_OPTIONS: OptionNames<NwbElectrode> = {
  id: true,
  group: true,
  location: true,
  x: true,
  y: true,
  z: true,
  relX: true,
  relY: true,
  relZ: true,
  imp: true,
  filtering: true,
  reference: true,
  channelName: true,
  columns: true,
}
