/**
 * Reads the `.npz` files of SpikeLab's sorter: an archive of NPY files, of which `units.npy` holds a pickle of one dict a unit.
 */
import { FormatError, invalidValue } from '../../errors.js'
import { NpzArchive } from '../../files/npz.js'
import { Part, withFile } from '../../files/random-access.js'
import { PickleFailures } from '../../formats/pickle/reading/failures.js'
import { unpickledValue } from '../../formats/pickle/reading/unpickle.js'
import { PyFloat } from '../../formats/pickle/values.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, LOAD_OPTIONS, reportWarnings } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import { NDArray } from '../../memory/ndarray.js'
import { isNumericArray } from '../../memory/typed-arrays.js'
import { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, lengthInMs } from '../../options/checks.js'
import type { Metadata, NeuronAttributes } from '../../recording/attributes.js'
import { isPlainObject } from '../../recording/attributes.js'
import { endAfter, latestOf, samplesInMs } from '../../recording/sample-times.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import type { LoadOptionsFor, S3LoadOptions } from '../../storage/s3-options.js'

/** The options that only results of SpikeLab's sorter have. */
export interface SortedNpzReading {
  /** The length of the recording in ms. Default: one unit in the last place after the last spike, 0 without spikes. */
  lengthMs?: number | Missing
}

/** Options of {@link loadSpikeDataFromSpikelabSortedNpz}. Options of S3 without `s3Download` neither compile nor run. */
export type LoadSortedNpzOptions = SortedNpzReading & LoadOptions & S3LoadOptions

export const OPTIONS: OptionNames<LoadSortedNpzOptions> = { ...LOAD_OPTIONS, lengthMs: true }

/** The attributes of a unit that are kept as they are. */
const ARRAYS = ['template', 'amplitudes', 'std_norms'] as const
const TEXTS = ['peak_sign', 'max_channel_id'] as const

/**
 * Loads the result of SpikeLab's sorter from its compiled `.npz`. The pickle in it is read as {@link loadFromPickle} does: nothing is
 * executed.
 *
 * Each unit has `unit_id`, and where the file has them `location` (`x_max`, `y_max`), `electrode`, `template`, `amplitudes`, `std_norms`,
 * `peak_sign` and `max_channel_id`. Spike samples become ms as `sample / fs * 1000`. Metadata has `source_file`, `source_format`, `fs_Hz`
 * and `channel_locations`.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadSortedNpzOptions}
 * @returns a promise of the recording
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for a file that is no such archive, is damaged, or refers to a name that is not allowed
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeDataFromSpikelabSortedNpz('sorted.npz', { lengthMs: 600_000 })
 * ```
 */
export async function loadSpikeDataFromSpikelabSortedNpz<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadSortedNpzOptions>
): Promise<SpikeData> {
  const call = checkLoadCall<LoadSortedNpzOptions>(path, options, OPTIONS)
  const { given } = call
  if (!isMissing(given.lengthMs)) {
    lengthInMs(given.lengthMs, 'lengthMs')
  }
  given.signal?.throwIfAborted()
  const sorted = await withLocalFile(call, ({ absolute, path }) =>
    withFile(absolute, path, async (file) => sortedIn(await NpzArchive.open(file, path, given.signal), given)),
  )
  const sd = await recordingOf(sorted, call)
  reportWarnings(call)
  return sd
}

/** What is in a file. */
interface Sorted {
  readonly fsHz: number
  readonly units: unknown
  readonly locations: unknown
}

async function sortedIn(archive: NpzArchive, options: LoadOptions): Promise<Sorted> {
  return {
    fsHz: await archive.number('fs'),
    units: await objectsIn(archive, 'units', options),
    locations: archive.has('locations') ? await locationsIn(archive, options) : null,
  }
}

/** What the units in it are. */
interface Units {
  /** Their spike times in ms. */
  readonly trains: Float64Array[]
  readonly attributes: NeuronAttributes[]
  /** The latest time of all, −∞ without spikes. */
  readonly latest: number
}

/** An array of Python objects: an NPY header, and a pickle. */
async function objectsIn(archive: NpzArchive, name: string, options: LoadOptions): Promise<unknown> {
  const { file, header, place } = await archive.array(name)
  const { dtype, descr, dataStart } = header
  if (dtype?.kind !== 'O') throw new FormatError(place.path, `its elements are of type ${descr}, not Python objects`, name)
  const pickle = new Part(file, dataStart, file.size - dataStart)
  return unpickledValue(pickle, new PickleFailures(place.path, name), options)
}

/** Places of the channels, channels × 2; null where the sorter had none. */
async function locationsIn(archive: NpzArchive, options: LoadOptions): Promise<unknown> {
  const { header } = await archive.array('locations')
  if (header.dtype?.kind === 'O') return objectsIn(archive, 'locations', options)
  const data = await archive.numbers('locations')
  return header.shape.length === 1 ? data : new NDArray(data, header.shape)
}

async function recordingOf({ fsHz, units, locations }: Sorted, call: LoadCall<LoadSortedNpzOptions>): Promise<SpikeData> {
  const { given, path, source } = call
  const { signal, lengthMs } = given
  if (!(fsHz > 0 && fsHz < Infinity)) throw new FormatError(path, `the sampling frequency is ${fsHz} Hz`, 'fs')
  if (!Array.isArray(units)) throw new FormatError(path, 'it is no array of units', 'units')
  const { trains, attributes, latest } = await inSlices(unitsFrom(units, fsHz, path), signal)
  const metadata: Metadata = { source_file: source, source_format: 'SpikeLab_npz', fs_Hz: fsHz }
  if (locations !== null) metadata['channel_locations'] = locations
  const length = isMissing(lengthMs) ? endAfter(latest) : lengthMs
  if (latest > length) throw invalidValue(`a length in ms that has all spikes (the last is at ${latest} ms)`, 'lengthMs', lengthMs)
  return madeFrom(path, () => SpikeData.create(trains, { length, neuronAttributes: attributes, metadata, signal }))
}

function* unitsFrom(units: readonly unknown[], fsHz: number, path: string): Steps<Units> {
  const trains: Float64Array[] = []
  const attributes: NeuronAttributes[] = []
  let latest = -Infinity
  for (const [i, unit] of units.entries()) {
    const name = `units[${i}]`
    if (!isPlainObject(unit)) throw new FormatError(path, 'it is no dict', name)
    const samples: unknown = unit['spike_train']
    if (!isNumericArray(samples)) throw new FormatError(path, 'its spike_train is no array of one axis', name)
    const times: Float64Array = yield* samplesInMs(samples, fsHz)
    latest = Math.max(latest, yield* latestOf(times))
    trains.push(times)
    attributes.push(attributesOf(unit, path, name))
    if (isDue()) yield
  }
  return { trains, attributes, latest }
}

/** The names of the attributes of a unit that has these keys. */
export function attributeNames(keys: ReadonlyMap<string, unknown>): string[] {
  const has = (key: string) => keys.has(key)
  return ['unit_id', ...(has('x_max') && has('y_max') ? ['location'] : []), ...['electrode', ...ARRAYS, ...TEXTS].filter(has)]
}

function attributesOf(unit: Readonly<Record<string, unknown>>, path: string, name: string): NeuronAttributes {
  const number = (key: string): number => {
    const given = unit[key]
    const isOne = typeof given === 'number' || typeof given === 'bigint' || typeof given === 'boolean' || given instanceof PyFloat
    const value = isOne ? Number(given) : NaN
    if (Number.isNaN(value)) throw new FormatError(path, `its ${key} is no number`, name)
    return value
  }
  const attributes: Record<string, unknown> = { unit_id: Math.trunc(number('unit_id')) }
  if ('x_max' in unit && 'y_max' in unit) attributes['location'] = [number('x_max'), number('y_max')]
  if ('electrode' in unit) attributes['electrode'] = Math.trunc(number('electrode'))
  for (const key of ARRAYS) if (key in unit) attributes[key] = asArray(unit[key])
  for (const key of TEXTS) {
    if (!(key in unit)) continue
    if (typeof unit[key] === 'object' && unit[key] !== null) throw new FormatError(path, `its ${key} is no text`, name)
    attributes[key] = String(unit[key])
  }
  return attributes
}

/** A list of numbers as an array; other values as they are. */
function asArray(value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? Float64Array.from(value) : value
}
