/**
 * All formats. Everything that works with every format iterates over these lists: demo, benchmarks, documentation and tests, and whatever
 * recognises a file.
 */
import type { Format, Variant } from '../jobs/format.js'
import type { Reader } from '../jobs/reader.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportReport } from '../options/export-options.js'
import { spikeInterface } from '../sortings/spikeinterface/recognise.js'
import { spikelabNpz } from '../sortings/spikelab/recognise.js'
import { hdf5 } from './hdf5/format.js'
import { kilosort } from './kilosort/format.js'
import { nwb } from './nwb/format.js'
import { pickle } from './pickle/format.js'
import { workspace } from './workspace/format.js'

const LISTED = [hdf5, nwb, kilosort, pickle, workspace] as const
/** Results of sorters, which are only read. */
const SORTINGS = [spikelabNpz, spikeInterface] as const

export const FORMATS: readonly Format[] = LISTED

/** Everything that recordings are loaded from. */
export const READERS: readonly Reader[] = [...FORMATS.flatMap(({ reader }) => reader ?? []), ...SORTINGS]

/** One of these. */
export type ListedReader = NonNullable<(typeof LISTED)[number]['reader']> | (typeof SORTINGS)[number]

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
