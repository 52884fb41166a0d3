/**
 * The reading side of a format, as the registry lists it, and what inspecting a file finds.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { quoted } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Candidate } from './candidate.js'
import type { LoadOptions } from './load-call.js'

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
  /** Names of attributes that units have; not each unit has all. */
  attributes: string[]
  /** Raw data: which arrays there are. */
  rawData: InspectedArray[]
  /** Of a workspace: its items, or the first of them. */
  items?: InspectedItem[]
  /** What is odd, and what is not known. */
  warnings: ExportWarning[]
}

/** By what a format recognises a file: by a mark of its own, or by names and shapes that others may have as well. */
export type Recognition = 'mark' | 'structure' | undefined

/** What is assumed of a file that was recognised. */
export interface Assumptions<Options extends LoadOptions = LoadOptions> {
  /** Options for its loader. */
  readonly options?: Partial<Options>
  /** What the file does not state, and the caller may have to. */
  readonly warnings?: readonly ExportWarning[]
}

/** What recordings can be loaded from. Nothing outside of its folder knows how. */
export interface Reader<Name extends string = string, Options extends LoadOptions = LoadOptions> {
  /** What the option `format` calls it. */
  readonly name: Name
  /** The names of its loader's options. */
  readonly options: Readonly<Record<string, true>>
  /** What a file or a folder of it has, for the error of one that no format recognises. */
  readonly lookedFor: { readonly file?: string; readonly folder?: string }
  /** The file at a path that leads to nothing by itself; undefined where it is the path. */
  fileAt?(path: string): string | undefined
  /** Whether a file or folder is of this format, however damaged it is. */
  recognise(candidate: Candidate): Promise<Recognition>
  /** How a file that was recognised is loaded where the caller gives no options; with none where this is missing. */
  asRecognised?(candidate: Candidate): Promise<Assumptions<Options>>
  /** Loads the recording in it. */
  load(path: string, options?: Options): Promise<SpikeData>
  /** What it holds, without reading spikes; its warnings have those of {@link asRecognised}. */
  inspect(candidate: Candidate): Promise<Findings>
}

/** The warning of an inspection that does not find out something. @param message - one sentence */
export function incomplete(message: string): ExportWarning {
  return { code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message }
}

/** The same for the number of units. @param where - what would have to be read */
export function unitsUnknown(where: string): ExportWarning {
  return incomplete(`The number of units is not known without reading ${quoted(where)}.`)
}
