/**
 * Loads a recording from any format.
 */
import { invalidType, invalidValue } from '../errors.js'
import type { LoadOptions, LoadPath } from '../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS } from '../jobs/load-call.js'
import type { Reader } from '../jobs/reader.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, refuseOptions } from '../options/checks.js'
import { exportPath } from '../options/export-path.js'
import { nearestName } from '../options/nearest-name.js'
import type { GivenLazy, LazyLoading } from '../recording/lazy-loading.js'
import { LAZY_OPTIONS, lazySpoolOptions } from '../recording/lazy-loading.js'
import type { LoadOptionsFor, S3Access } from '../storage/s3-options.js'
import { S3_LOAD_OPTIONS, withoutSecrets } from '../storage/s3-options.js'
import { isS3Url } from '../storage/s3-url.js'
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
export type LoadRecognised = LoadOptions &
  LazyLoading & { [Name in Exclude<NameOf<AnyOptions>, keyof LoadOptions | keyof LazyLoading>]?: Missing }

/**
 * Options of {@link loadSpikeData}: those of every loader, or `format` and the options of that format's loader. Options of a loader without
 * `format`, or of another one than it names, neither compile nor run.
 */
export type LoadSpikeDataOptions = LoadRecognised | AnyOptions

/** All of them, each of which may be missing. */
type GivenOptions = LoadOptions & GivenLazy & S3Access & { format?: unknown }

const NAMES: Readonly<Record<string, true>> = Object.assign({ format: true }, ...READERS.map(({ options }) => options))

const FORMATS = READERS.map(({ name }) => name)
const EXPECTED = `one of ${FORMATS.map((name) => `'${name}'`).join(', ')}`

/** Those that every loader takes. Options of S3 need a format: nothing of a URL is there to recognise it by. */
const COMMON = Object.keys(LOAD_OPTIONS).filter((name) => !(name in S3_LOAD_OPTIONS)) as (keyof LoadOptions)[]

/** Those of spikes that are kept on the disk. */
const LAZY = Object.keys(LAZY_OPTIONS) as (keyof GivenLazy)[]

const OWN_NAMES = Object.keys(NAMES).filter((name) => name !== 'format' && ![...COMMON, ...LAZY].includes(name as never)) as never[]

/**
 * Loads a recording from a file or folder of any format, which is recognised by what is in it: never by its name.
 *
 * | recognised | by |
 * |---|---|
 * | `workspace`; of several recordings `namespace` and `key` choose one, with `format: 'workspace'` | the root attribute `__workspace_id__`; the path may lack `.h5` |
 * | `nwb` | `nwb_version`; or `/units/spike_times` and its index, with `profile: 'spikelab'` |
 * | `hdf5` | any other HDF5 file, in the style that {@link loadSpikeDataFromHdf5} recognises |
 * | `kilosort` folder, or `.zip` of one | `spike_times.npy` and `spike_clusters.npy` |
 * | `spikeinterface` folder, or `.npz` | `numpysorting_info.json`, `sorting_cached.npz`; `unit_ids`, `num_segment`, `sampling_frequency` |
 * | `spikelab-npz` | `units` and `fs` in an `.npz` |
 * | `pickle` | its first opcodes |
 *
 * The result is that of the format's own loader, and so are the spikes that stay on the disk with `lazy`. An HDF5 file that does not state
 * the unit of its times is loaded with the loader's default, and the warning `SPIKEPORT_UNIT_ASSUMED`.
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
export async function loadSpikeData<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadSpikeDataOptions>
): Promise<SpikeData> {
  // Each option is read once, here; a loader that is named checks those that it is given.
  const { format, ...given } = optionsFrom<GivenOptions>(options, NAMES as OptionNames<GivenOptions>)
  if (!isMissing(format)) return readerNamed(format).load(path as string, given)
  if (isS3Url(exportPath(path, 'path'))) throw invalidValue(`${EXPECTED}, as the path is an S3 URL,`, 'format', format)
  refuseOptions<object>({ ...given, ...withoutSecrets(given) }, OWN_NAMES, 'as format does not name the loader that takes it')
  const common = Object.fromEntries(COMMON.map((name) => [name, given[name]])) as LoadOptions
  const call = checkLoadCall<LoadOptions>(path, common, LOAD_OPTIONS)
  const lazy = Object.fromEntries(LAZY.filter((name) => !isMissing(given[name])).map((name) => [name, given[name]])) as GivenLazy
  lazySpoolOptions(lazy)
  const { load, at, assumed } = await withRecognised(call, async (reader, candidate) => {
    return {
      load: reader.load,
      // The working directory may be another by now.
      at: candidate.absolute,
      assumed: await reader.asRecognised?.(candidate),
    }
  })
  const sd = await load(at, { ...assumed?.options, ...call.given, ...lazy })
  call.warnings.push(...(assumed?.warnings ?? []))
  try {
    finishLoad(call)
    return sd
  } catch (error) {
    await sd.close()
    throw error
  }
}

function readerNamed(format: unknown): Reader {
  if (typeof format !== 'string') throw invalidType(EXPECTED, 'format', format)
  const reader = READERS.find(({ name }) => name === format)
  if (reader) return reader
  const nearest = nearestName(format, FORMATS)
  throw invalidValue(nearest === undefined ? EXPECTED : `${EXPECTED} (did you mean '${nearest}'?)`, 'format', format)
}
