/**
 * The description of a format in the registry.
 */
import type { ExportWarning } from '../engine/warnings.js'
import type { SpikeData } from '../model/spike-data.js'
import type { OptionTable } from '../options/described.js'
import type { ExportReport } from '../options/export-options.js'
import type { Reader } from './reader.js'
import type { SessionMetadata } from './session-metadata.js'

/** A style, profile or protocol of a format. */
export interface Variant<Options extends object = object> {
  /** Unique among the variants of all formats. */
  readonly name: string
  /** What it is, for people. */
  readonly title: string
  /** The options that select it, with an example of each that it requires. */
  readonly options: Options
  /** Lines of Python that open what was written to a path, and show the spikes of unit 0. */
  readonly python: (path: string) => readonly string[]
}

/** A format: one folder of lib/formats/, which exports one of these. */
export interface Format<Options extends object = object, R extends Reader | undefined = Reader | undefined> {
  /** The name of its folder. */
  readonly name: string
  /** What is written to the path: one file with this extension, a folder, or files of the path's name with these extensions. */
  readonly output:
    | { readonly kind: 'file'; readonly extension: string; readonly otherExtensions?: readonly string[] }
    | { readonly kind: 'folder' /** A file that is in each. */; readonly mark: string }
    | { readonly kind: 'files'; readonly extensions: readonly string[] }
  /** The options that only its exporter has, for the command line. */
  readonly described: OptionTable
  /** Other names that the command line knows it by, each with the options that it stands for. */
  readonly alsoNamed?: Readonly<Record<string, Partial<Options>>>
  /**
   * Options that a recording states itself, such as its sampling frequency: what the command line adds to those that are given, with warnings
   * of what cannot be. */
  readonly stated?: (sd: SpikeData, given: object, warnings: ExportWarning[]) => Partial<Options>
  /** How it keeps what a batch says of each session; nothing of it where this is missing. */
  readonly metadata?: SessionMetadata<Options>
  /** Whether it can be uploaded to S3. */
  readonly canUpload: boolean
  /** All variants, the default first. */
  readonly variants: readonly Variant<Options>[]
  /** What the public function takes that is to export a recording; the recording itself where this is missing. */
  readonly from?: (sd: SpikeData) => object
  /** The public function that exports to it. */
  write(data: object, path: string, options?: Options): Promise<ExportReport>
  /** How recordings are loaded from it, if they are. */
  readonly reader?: R
}
