/**
 * What validating a recording finds: the seam between the checks of formats and {@link validate}.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { printable } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Findings } from './findings.js'

/**
 * How bad a finding is: `error`, the file cannot be read, contradicts itself or breaks the rules of its format; `warning`, it can be read, and
 * something is suspicious or lost; `refused`, it is right, and a certain reader does not open it or reads it wrong.
 */
export type ValidationLevel = 'error' | 'warning' | 'refused'

/** The codes of findings. Those of warnings that loaders give are in docs/errors.md. */
export const VALIDATION_CODES = {
  UNREADABLE: 'error',
  COUNTS_DIFFER: 'error',
  SPIKES_UNORDERED: 'warning',
  SPIKES_REPEATED: 'warning',
  IDS_REPEATED: 'error',
  LOADING_NEEDS_OPTION: 'warning',
  NOT_CHECKED: 'warning',
  NWB_MISSING: 'error',
  NWB_INVALID: 'error',
  NWB_TIME_ZONE: 'warning',
  NWB_TABLE: 'error',
  NWB_REFERENCE: 'error',
  NWB_DANDI: 'warning',
  KILOSORT_LENGTHS: 'error',
  KILOSORT_RANGE: 'error',
  KILOSORT_RAW_MISSING: 'warning',
  READER_REFUSES: 'refused',
} as const satisfies Record<string, ValidationLevel>

/** One of {@link VALIDATION_CODES}. */
export type ValidationCode = keyof typeof VALIDATION_CODES

/** Something that validating a recording has found. */
export interface ValidationFinding {
  /** How bad it is. */
  level: ValidationLevel
  /** What kind of finding it is: docs/validation.md lists them; of a warning that the loader gives, `SPIKEPORT_…` of docs/errors.md. */
  code: string
  /** One sentence. */
  message: string
  /** Where it is: the path of an object in the file, or the name of a file in the folder. */
  object?: string
  /** Of `refused`: the reader and its version. */
  reader?: string
}

/** How long the name of an object is in a finding. */
const MOST_OF_OBJECT = 160
const MOST_OF_MESSAGE = 1000

/** A finding of this package's own checks, at the level of its code. */
export function finding(code: Exclude<ValidationCode, 'READER_REFUSES'>, message: string, object?: string): ValidationFinding {
  return {
    level: VALIDATION_CODES[code],
    code,
    message: printable(message, MOST_OF_MESSAGE),
    ...(object !== undefined && { object: printable(object, MOST_OF_OBJECT) }),
  }
}

/** The version of SpikeLab that its refusals were found with. */
export const SPIKELAB = 'SpikeLab 0.1.2'

/** A reader that does not open a file, or reads it wrong. */
export function refused(reader: string, message: string, object?: string): ValidationFinding {
  return { level: 'refused', code: 'READER_REFUSES', message, ...(object !== undefined && { object }), reader }
}

/** A warning of a loader or an inspection. */
export function warned({ code, message }: ExportWarning): ValidationFinding {
  return { level: 'warning', code, message }
}

/** A recording in a file, and how it is loaded to be validated. */
export interface StoredRecording<Options extends object = object> {
  /** Its path in the file, where it may have several. */
  readonly object?: string
  readonly options: Options
  /** What its options are assumed for. */
  readonly findings?: readonly ValidationFinding[]
}

/** What is known of a file when its format checks it: nothing of what could not be read. */
export interface Validated {
  readonly found: Findings | undefined
  /** The only recording in it. It is closed afterwards. */
  readonly sd: SpikeData | undefined
  /** The codes of the warnings that its loader gave. */
  readonly warnings: ReadonlySet<string>
}
