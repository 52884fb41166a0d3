/**
 * What is to be made of a recording: plain data, which may stand in a file.
 */
import type { LoadFormat } from '../formats/load.js'
import { OUTPUTS } from '../formats/outputs.js'
import { READERS } from '../formats/registry.js'
import { isPlainObject } from '../recording/attributes.js'

/** Options by their names in the library. */
export type Options = Readonly<Record<string, unknown>>

/** A recording, and the outputs that it is converted to. */
export interface Conversion {
  /** A path, or an S3 URL. */
  readonly input: string
  /** Missing where the file says it. */
  readonly from?: LoadFormat | undefined
  /** Options of the loader, some of which only one format may have. */
  readonly reading: Options
  readonly targets: readonly Target[]
}

export interface Target {
  /** A path, or an S3 URL. */
  readonly output: string
  /** The name of its format, one of {@link OUTPUTS}. */
  readonly to: string
  readonly writing: Options
}

/** Whether plain data says what is to be made of which recording, as far as that can be seen without the formats. */
export function isConversion(value: unknown): value is Conversion {
  if (!isPlainObject(value)) return false
  const { input, reading, targets } = value
  return typeof input === 'string' && isPlainObject(reading) && Array.isArray(targets) && targets.every(isTarget)
}

function isTarget(value: unknown): value is Target {
  return isPlainObject(value) && typeof value['output'] === 'string' && OUTPUTS.has(String(value['to'])) && isPlainObject(value['writing'])
}

/** The formats of inputs, by the names that users know them by. */
export const INPUT_NAMES: readonly string[] = [...new Set([...OUTPUTS.keys(), ...READERS.map(({ name }) => name)])]

/** Those of an input's options that only some formats have. */
export function ownOptions(reading: Options): string[] {
  return Object.keys(reading).filter((name) => READERS.some(({ described }) => name in described))
}

/** The loader of a format that users may also know by the name of an output: a folder for Phy is one of KiloSort. */
export function loaderNamed(name: string): LoadFormat {
  return (OUTPUTS.get(name)?.format.reader?.name ?? name) as LoadFormat
}
