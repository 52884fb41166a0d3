/**
 * Loads a recording from any format.
 */
import { invalidType, invalidValue } from '../errors.js'
import type { LoadOptions, LoadPath } from '../jobs/load-call.js'
import { checkLoadCall, LOAD_OPTIONS, reportWarnings } from '../jobs/load-call.js'
import type { Reader } from '../jobs/reader.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, refuseOptions } from '../options/checks.js'
import { nearestName } from '../options/nearest-name.js'
import { S3_LOAD_OPTIONS } from '../storage/s3-options.js'
import { withRecognised } from './recognise.js'
import type { ListedReader } from './registry.js'
import { READERS } from './registry.js'

/** What a recording can be loaded from, as the option `format` and {@link inspect} call it. */
export type LoadFormat = ListedReader['name']

/** The options of a loader, with its name as `format`. */
type WithFormat<R> = R extends Reader<infer Name, infer Options> ? { format: Name } & Options : never

type AnyOptions = WithFormat<ListedReader>
type NameOf<T> = T extends unknown ? keyof T : never

/** Options where the file decides the format: those that every loader takes. */
export type LoadRecognised = LoadOptions & { [Name in Exclude<NameOf<AnyOptions>, keyof LoadOptions>]?: Missing }

/**
 * Options of {@link loadSpikeData}: those of every loader, or `format` and the options of that format's loader. Options of a loader without
 * `format`, or of another one than it names, neither compile nor run.
 */
export type LoadSpikeDataOptions = LoadRecognised | AnyOptions

/** All of them, each of which may be missing. */
type GivenOptions = LoadOptions & { format?: unknown }

const NAMES: Readonly<Record<string, true>> = Object.assign({ format: true }, ...READERS.map(({ options }) => options))

/** What needs no `format`. Of an S3 URL nothing is there to recognise a format by. */
const COMMON: Readonly<Record<string, true>> = { format: true, signal: true, onProgress: true, threads: true, onWarning: true }

/** Those that need one. */
const OWN_NAMES = Object.keys({ ...NAMES, ...S3_LOAD_OPTIONS }).filter((name) => !(name in COMMON)) as never[]

/**
 * Loads a recording from a file or folder of any format, which is recognised by what is in it: never by its name.
 *
 * | recognised | by |
 * |---|---|
 * | `workspace` with exactly one recording | the root attribute `__workspace_id__`; the path may lack `.h5` |
 * | `nwb` | `nwb_version`; or `/units/spike_times`, with `profile: 'spikelab'` |
 * | `hdf5` | any other HDF5 file, in the style that {@link loadSpikeDataFromHdf5} recognises |
 * | `kilosort` folder, or `.zip` of one | `spike_times.npy` and `spike_clusters.npy` |
 * | `spikeinterface` folder, or `.npz` | `numpysorting_info.json`, `sorting_cached.npz`; `unit_ids`, `num_segment`, `sampling_frequency` |
 * | `spikelab-npz` | `units` and `fs` in an `.npz` |
 * | `pickle` | its first opcodes |
 *
 * The result is that of the format's own loader. An HDF5 file that does not state the unit of its times is loaded with the loader's default,
 * and the warning `SPIKEPORT_UNIT_ASSUMED`.
 *
 * @param path - the file or folder, as a path or a `file:` URL; with `format` and `s3Download` an S3 URL
 * @param options - a {@link LoadSpikeDataOptions}
 * @returns a promise of the recording; its times are in ms
 * @throws TypeError, RangeError for options that make no sense, and for options of a loader without `format`
 * @throws FormatError for what no format recognises, which the message describes; for a file that may be several things, which it lists; and
 *   what the format's own loader throws
 * @throws Error with the file system's `code`; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeData('recording.nwb')
 * const sorted = await loadSpikeData('phy', { format: 'kilosort', clusterInfoTsv: 'cluster_group.tsv' })
 * ```
 */
export async function loadSpikeData(path: LoadPath, options?: LoadSpikeDataOptions): Promise<SpikeData> {
  // Each option is read once, here; a loader that is named checks those that it is given.
  const { format, ...given } = optionsFrom<GivenOptions>(options, NAMES as OptionNames<GivenOptions>)
  if (!isMissing(format)) return readerNamed(format).load(path as string, given)
  refuseOptions<object>(given, OWN_NAMES, 'as format does not name the loader that takes it')
  const call = checkLoadCall<LoadOptions>(path, given, LOAD_OPTIONS)
  const { load, at, assumed } = await withRecognised(call, async (reader, candidate) => ({
    load: reader.load,
    at: candidate.path,
    assumed: await reader.asRecognised?.(candidate),
  }))
  const sd = await load(at, { ...assumed?.options, ...call.given })
  call.warnings.push(...(assumed?.warnings ?? []))
  reportWarnings(call)
  return sd
}

function readerNamed(format: unknown): Reader {
  const names = READERS.map(({ name }) => name)
  const expected = `one of ${names.map((name) => `'${name}'`).join(', ')}`
  if (typeof format !== 'string') throw invalidType(expected, 'format', format)
  const reader = READERS.find(({ name }) => name === format)
  if (reader) return reader
  const nearest = nearestName(format, names)
  throw invalidValue(nearest === undefined ? expected : `${expected} (did you mean '${nearest}'?)`, 'format', format)
}
