/**
 * The reading side of a format, as the registry lists it.
 */
import type { ExportWarning } from '../engine/warnings.js'
import type { SpikeData } from '../model/spike-data.js'
import type { OptionTable } from '../options/described.js'
import type { Candidate } from './candidate.js'
import type { Findings } from './findings.js'
import type { LoadOptions } from './load-call.js'
import type { StoredRecording, Validated, ValidationFinding } from './validation.js'

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
  /** Those of them that only this loader has, for the command line. */
  readonly described: OptionTable
  /** Options with which values in the recording are those that every format takes; none where they always are. */
  readonly forOtherFormats?: Options
  /** Whether the spikes of a file can stay on the disk; those of every file where this is missing. @param found - undefined, not yet known */
  readonly canBeLazy?: (found: Findings | undefined) => boolean
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
  /**
   * How each recording in a file is loaded to be validated, with what the file does not state assumed; one as {@link asRecognised} has it where
   * this is missing, and where it returns nothing.
   */
  recordings?(found: Findings): readonly StoredRecording<Options>[] | undefined
  /** Checks what neither the loader nor those of every recording do, and which readers refuse the file. */
  validate?(candidate: Candidate, validated: Validated): Promise<ValidationFinding[]>
}
