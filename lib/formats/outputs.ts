/**
 * The names that users of the command line and of batches know formats by that are written.
 */
import type { Format } from '../jobs/format.js'
import { FORMATS } from './registry.js'

/** A format that is written, and the options that its name stands for. */
export interface Output {
  readonly format: Format
  readonly options: object
}

/** All of them, such as `phy` for a KiloSort folder with what Phy needs. */
export const OUTPUTS: ReadonlyMap<string, Output> = new Map(
  FORMATS.flatMap((format) => [
    [format.name, { format, options: {} }] as const,
    ...Object.entries(format.alsoNamed ?? {}).map(([name, options]) => [name, { format, options }] as const),
  ]),
)

/** The output of a name that is known to be one. */
export function outputNamed(name: string): Output {
  return OUTPUTS.get(name) as Output
}

/** The name of the format that the ending of a path stands for; undefined where it is that of none. */
export function outputByEnding(path: string): string | undefined {
  for (const [name, { format }] of OUTPUTS) if (endingOf(path, format) !== undefined) return name
  return undefined
}

/** The ending of a path that stands for a format of files; undefined where it has another. */
export function endingOf(path: string, { output }: Format): string | undefined {
  const ending = /\.[^./\\]+$/.exec(path)?.[0]
  const endings = output.kind === 'file' ? [output.extension, ...(output.otherExtensions ?? [])] : []
  return ending !== undefined && endings.includes(ending.toLowerCase()) ? ending : undefined
}
