/**
 * All formats. Everything that works with every format iterates over this list: demo, benchmarks, documentation and tests.
 */
import type { Format, Variant } from '../jobs/format.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportReport } from '../options/export-options.js'
import { hdf5 } from './hdf5/format.js'
import { kilosort } from './kilosort/format.js'
import { nwb } from './nwb/format.js'
import { pickle } from './pickle/format.js'
import { workspace } from './workspace/format.js'

export const FORMATS: readonly Format[] = [hdf5, nwb, kilosort, pickle, workspace]

/** A variant together with its format. */
export interface FormatVariant extends Variant {
  readonly format: Format
  /** Exports to it: with its own options, and with others in addition or instead. */
  readonly write: (sd: SpikeData, path: string, options?: object) => Promise<ExportReport>
}

/** The variants of all formats. */
export const VARIANTS: readonly FormatVariant[] = FORMATS.flatMap((format) =>
  format.variants.map((variant) => ({
    ...variant,
    format,
    write: (sd, path, options) => format.write(format.from?.(sd) ?? sd, path, { ...variant.options, ...options }),
  })),
)
