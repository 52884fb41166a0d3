/**
 * Reads the `.npz` files of SpikeLab's sorter: an archive of NPY files, of which `units.npy` holds a pickle of one dict a unit.
 */
import { FormatError, invalidValue } from '../../errors.js'
import type { OpenArray } from '../../files/npz.js'
import { NpzArchive } from '../../files/npz.js'
import type { RandomAccess } from '../../files/random-access.js'
import { Part, withFile } from '../../files/random-access.js'
import { requireBytes } from '../../formats/pickle/read.js'
import { PickleFailures } from '../../formats/pickle/reading/failures.js'
import { ArrayNode, DictNode } from '../../formats/pickle/reading/nodes.js'
import { readStoredBytes } from '../../formats/pickle/reading/stored-bytes.js'
import type { StoredTrain } from '../../formats/pickle/reading/stored-trains.js'
import { lazyTrains, storedTrain, takeOut } from '../../formats/pickle/reading/stored-trains.js'
import { itemsIn } from '../../formats/pickle/reading/structure.js'
import { unpickle, unpickledValue } from '../../formats/pickle/reading/unpickle.js'
import { PickleValues } from '../../formats/pickle/reading/values.js'
import { PyFloat } from '../../formats/pickle/values.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import type { Numbers } from '../../memory/float64.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { isNumericArray } from '../../memory/typed-arrays.js'
import { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, lengthInMs } from '../../options/checks.js'
import { timeScaling } from '../../options/time-unit.js'
import type { Metadata, NeuronAttributes } from '../../recording/attributes.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { GivenLazy, LazyLoading, LazySpool } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS, recordingOf } from '../../recording/lazy-loading.js'
import { lengthTooShort, NOTHING_MOVES, timeProblem } from '../../recording/loaded-spikes.js'
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
export type LoadSortedNpzOptions = SortedNpzReading & LoadOptions & LazyLoading & S3LoadOptions

/** All of them, each of which may be missing. */
type GivenOptions = SortedNpzReading & LoadOptions & GivenLazy & S3LoadOptions

export const OPTIONS: OptionNames<LoadSortedNpzOptions> = { ...LOAD_OPTIONS, ...LAZY_OPTIONS, lengthMs: true }

/** The samples of a unit's spikes. */
const TRAIN = 'spike_train'

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
  const call = checkLoadCall<GivenOptions>(path, options as GivenOptions | undefined, OPTIONS)
  const { given } = call
  if (!isMissing(given.lengthMs)) {
    lengthInMs(given.lengthMs, 'lengthMs')
  }
  const lazy = lazySpool(given)
  given.signal?.throwIfAborted()
  try {
    const load = async (file: RandomAccess, { absolute, path }: LoadCall<GivenOptions>) => {
      const archive = await NpzArchive.open(file, path, given.signal)
      if (lazy) return lazyRecording(archive, { path: absolute, size: file.size }, lazy, call)
      return recordingIn(await sortedIn(archive, given), call)
    }
    const sd = await withLocalFile(call, (local) => withFile(local.absolute, local.path, (file) => load(file, local)))
    finishLoad(call, lazy)
    return sd
  } finally {
    await lazy?.close()
  }
}

/** What is in a file but its units. */
interface Heading {
  readonly fsHz: number
  readonly locations: unknown
}

/** What is in a file. */
interface Sorted extends Heading {
  readonly units: unknown
}

async function sortedIn(archive: NpzArchive, options: LoadOptions): Promise<Sorted> {
  const fsHz = await archive.number('fs')
  const units = await objectsIn(archive, 'units', options)
  return { fsHz, units, locations: await locationsIn(archive, options) }
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
  const array = await archive.array(name)
  return unpickledValue(pickleIn(array, name), new PickleFailures(array.place.path, name), options)
}

function pickleIn({ file, header, place }: Pick<OpenArray, 'file' | 'header' | 'place'>, name: string): Part {
  const { dtype, descr, dataStart } = header
  if (dtype?.kind !== 'O') throw new FormatError(place.path, `its elements are of type ${descr}, not Python objects`, name)
  return new Part(file, dataStart, file.size - dataStart)
}

/** Places of the channels, channels × 2; null where the sorter had none. */
async function locationsIn(archive: NpzArchive, options: LoadOptions): Promise<unknown> {
  if (!archive.has('locations')) return null
  const { header } = await archive.array('locations')
  if (header.dtype?.kind === 'O') return objectsIn(archive, 'locations', options)
  const data = await archive.numbers('locations')
  return header.shape.length === 1 ? data : new NDArray(data, header.shape)
}

async function recordingIn(sorted: Sorted, call: LoadCall<GivenOptions>): Promise<SpikeData> {
  const { given, path } = call
  const { signal, lengthMs } = given
  const { fsHz, units } = sorted
  requireFrequency(sorted, path)
  if (!Array.isArray(units)) throw new FormatError(path, 'it is no array of units', 'units')
  const { trains, attributes, latest } = await inSlices(unitsFrom(units, fsHz, path), signal)
  const metadata = metadataOf(sorted, call)
  const length = isMissing(lengthMs) ? endAfter(latest) : lengthMs
  if (latest > length) throw invalidValue(`a length in ms that has all spikes (the last is at ${latest} ms)`, 'lengthMs', lengthMs)
  return madeFrom(path, () => SpikeData.create(trains, { length, neuronAttributes: attributes, metadata, signal }))
}

function requireFrequency({ fsHz }: Heading, path: string): void {
  if (!(fsHz > 0 && fsHz < Infinity)) throw new FormatError(path, `the sampling frequency is ${fsHz} Hz`, 'fs')
}

function metadataOf({ fsHz, locations }: Heading, { source }: LoadCall<GivenOptions>): Metadata {
  const metadata: Metadata = { source_file: source, source_format: 'SpikeLab_npz', fs_Hz: fsHz }
  if (locations !== null) metadata['channel_locations'] = locations
  return metadata
}

/** @param plain - the archive as a file */
async function lazyRecording(
  archive: NpzArchive,
  plain: { path: string; size: number },
  lazy: LazySpool,
  call: LoadCall<GivenOptions>,
): Promise<SpikeData> {
  const { given, path } = call
  const { signal, threads, lengthMs, onProgress } = given
  const fsHz = await archive.number('fs')
  const heading = { fsHz, locations: await locationsIn(archive, given) }
  requireFrequency(heading, path)
  const scaling = timeScaling({ to: 'samples', fsHz })
  const { spikes, attributes } = await archive.withArray('units', async (array) => {
    const pickle = pickleIn(array, 'units')
    const { storedAt, header } = array
    const stored = storedAt === undefined ? undefined : { ...plain, name: path, object: 'units', start: storedAt + header.dataStart }
    const units = await storedUnits(pickle, fsHz, path, given)
    const file = { pickle, plain: stored, ...(scaling && { scaling }) }
    return { spikes: await lazyTrains(units.trains, units.trains.length, file, lazy, { signal, threads }), attributes: units.attributes }
  })
  const length = isMissing(lengthMs) ? undefined : lengthMs
  const options = { length, neuronAttributes: attributes, metadata: metadataOf(heading, call) }
  const window = { tolerance: NOTHING_MOVES, endsAfterLast: true }
  const loaded = await madeFrom(path, () => recordingOf(spikes, options, window, signal))
  if (loaded.problem) {
    if (loaded.problem.kind === 'afterEnd') throw lengthTooShort(loaded.problem, lengthMs as number)
    throw new FormatError(path, timeProblem(loaded.problem, 0))
  }
  onProgress?.({ bytesRead: plain.size, bytesTotal: plain.size })
  return new SpikeData(loaded.recording)
}

/** The units of a pickle, without the spike trains that stay in it; others are in ms. */
async function storedUnits(
  pickle: RandomAccess,
  fsHz: number,
  path: string,
  options: GivenOptions,
): Promise<{ trains: (StoredTrain | Numbers)[]; attributes: NeuronAttributes[] }> {
  const { signal } = options
  await requireBytes(pickle)
  const failures = new PickleFailures(path, 'units')
  const root = await unpickle(pickle, failures, options, 'short')
  const items = root instanceof ArrayNode && root.state?.shape.length !== 1 ? [] : (itemsIn(root) ?? [])
  const nodes = await inSlices(trainsTakenOut(items), signal)
  await readStoredBytes(pickle, [root], signal)
  const values = new PickleValues(failures, true)
  const units: unknown = await inSlices(values.value(root), signal)
  if (!Array.isArray(units)) throw new FormatError(path, 'it is no array of units', 'units')
  const { trains, attributes, others } = await inSlices(withoutTrains(units, nodes, path), signal)
  for (const i of others) {
    await readStoredBytes(pickle, [nodes[i]], signal)
    const samples = samplesOf(await inSlices(values.value(nodes[i]), signal), path, `units[${i}]`)
    trains[i] = await inSlices(samplesInMs(samples, fsHz), signal)
  }
  return { trains, attributes }
}

/** Takes the train of each unit out of its dict, which may be there several times. */
function* trainsTakenOut(units: readonly unknown[]): Steps<unknown[]> {
  const taken = new GrowingMap<unknown, unknown>()
  const nodes: unknown[] = []
  for (const unit of units) {
    const before = taken.get(unit)
    const node = before ?? (unit instanceof DictNode ? takeOut(unit, TRAIN)?.node : undefined)
    if (before === undefined) taken.set(unit, node)
    nodes.push(node)
    if (isDue()) yield
  }
  return nodes
}

/** The attributes of units, the trains that stay in the file, and which units have others. */
function* withoutTrains(
  units: readonly unknown[],
  nodes: readonly unknown[],
  path: string,
): Steps<{ trains: (StoredTrain | Numbers)[]; attributes: NeuronAttributes[]; others: number[] }> {
  const trains: (StoredTrain | Numbers)[] = []
  const attributes: NeuronAttributes[] = []
  const others: number[] = []
  for (const [i, unit] of units.entries()) {
    const name = `units[${i}]`
    if (!isPlainObject(unit)) throw new FormatError(path, 'it is no dict', name)
    const train = storedTrain(nodes[i])
    if (!train) others.push(i)
    trains.push(train ?? [])
    attributes.push(attributesOf(unit, path, name))
    if (isDue()) yield
  }
  return { trains, attributes, others }
}

function samplesOf(samples: unknown, path: string, name: string): NumericArray {
  if (isNumericArray(samples)) return samples
  throw new FormatError(path, 'its spike_train is no array of one axis', name)
}

function* unitsFrom(units: readonly unknown[], fsHz: number, path: string): Steps<Units> {
  const trains: Float64Array[] = []
  const attributes: NeuronAttributes[] = []
  let latest = -Infinity
  for (const [i, unit] of units.entries()) {
    const name = `units[${i}]`
    if (!isPlainObject(unit)) throw new FormatError(path, 'it is no dict', name)
    const times: Float64Array = yield* samplesInMs(samplesOf(unit[TRAIN], path, name), fsHz)
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
