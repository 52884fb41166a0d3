/**
 * Reads Python pickles of SpikeLab's objects: the inverse of write.ts. Python's own `pickle.load` runs what a file asks for; here names are
 * looked up in a list, and anything that is not on it is an error.
 */
import { invalidValue } from '../../errors.js'
import type { RandomAccess } from '../../files/random-access.js'
import { withFile } from '../../files/random-access.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import { oneOf } from '../../options/checks.js'
import type { GivenLazy, LazyLoading, LazySpool } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS } from '../../recording/lazy-loading.js'
import type { LoadOptionsFor, S3LoadOptions } from '../../storage/s3-options.js'
import { PickleFailures } from './reading/failures.js'
import { memoryFor } from './reading/machine.js'
import { InstanceNode } from './reading/nodes.js'
import { lazySpikeData, objectFrom } from './reading/objects.js'
import { unpickle } from './reading/unpickle.js'
import { PickleValues } from './reading/values.js'
import type { SpikeLabObject } from './write.js'

/** The options that only pickles have. */
export interface PickleReading {
  /**
   * What only Python distinguishes. `'exact'`, the default: a `float` that is whole is a {@link PyFloat}, and a tuple a {@link PyTuple}, so
   * that {@link exportToPickle} writes the same again. `'plain'`: they are numbers and arrays, as other formats take them.
   */
  pythonTypes?: 'exact' | 'plain' | undefined
}

/** Options of {@link loadFromPickle}. Options of S3 without `s3Download` neither compile nor run. */
export type LoadPickleOptions = PickleReading & LoadOptions & S3LoadOptions

/**
 * Options of {@link loadSpikeDataFromPickle}. `spoolFolder` and `maxMemory` without `lazy`, and options of S3 without `s3Download` neither compile
 * nor run.
 */
export type LoadSpikeDataPickleOptions = PickleReading & LoadOptions & LazyLoading & S3LoadOptions

/** All of them, each of which may be missing. */
type GivenOptions = PickleReading & LoadOptions & GivenLazy & S3LoadOptions

const OPTIONS: OptionNames<LoadPickleOptions> = { ...LOAD_OPTIONS, pythonTypes: true }

export const RECORDING_OPTIONS: OptionNames<LoadSpikeDataPickleOptions> = { ...OPTIONS, ...LAZY_OPTIONS }

/**
 * Loads an object of SpikeLab from a pickle, of any protocol, written by Python or by {@link exportToPickle}. Nothing in the file is
 * executed: names of classes and functions are looked up in a list, and any other is an error that names it and its place. Objects of
 * versions of SpikeLab before its module was renamed are loaded, too.
 *
 * Values in metadata, attributes and labels: `int` becomes a number, or a bigint where that is not exact; `float` a number, a whole one
 * a {@link PyFloat}; None null; a list an array, a tuple a {@link PyTuple}; a dict a plain object where all keys are texts, otherwise a
 * Map; a set or frozenset a Set. An ndarray of one axis becomes a typed array, of others an {@link NDArray}, booleans in it 0 and 1; of
 * texts, bytes, dates or objects an array, nested for several axes. numpy's scalars are plain values. Bytes become a Uint8Array, complex
 * numbers `{ real, imag }`, dates and times ISO 8601 text, durations seconds, paths text. Shared and cyclic values are so here, too.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadPickleOptions}
 * @returns a promise of the object
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for a file that is no pickle, is cut off, changes while it is read, holds another object, or refers to a name that
 *   is not allowed
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const rates = await loadFromPickle('rates.pkl')
 * ```
 */
export async function loadFromPickle<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadPickleOptions>
): Promise<SpikeLabObject> {
  return load(checkLoadCall<LoadPickleOptions>(path, options, OPTIONS))
}

/**
 * Loads a recording from a pickle, as {@link loadFromPickle} does. With `lazy`, which pickles of protocol 3 and later can do, its spikes stay in
 * the file where each train is an array of numbers and in order.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadSpikeDataPickleOptions}
 * @returns a promise of the recording
 * @throws what {@link loadFromPickle} throws, and FormatError for an object of another class
 * @example
 * ```js
 * const sd = await loadSpikeDataFromPickle('sorted_spikedata_curated.pkl', { pythonTypes: 'plain' })
 * ```
 */
export async function loadSpikeDataFromPickle<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadSpikeDataPickleOptions>
): Promise<SpikeData> {
  const call = checkLoadCall<GivenOptions>(path, options as GivenOptions | undefined, RECORDING_OPTIONS)
  const lazy = lazySpool(call.given)
  if (!lazy) return (await load(call, RECORDING)) as SpikeData
  try {
    return await loadLazily(call, lazy)
  } finally {
    await lazy.close()
  }
}

/** The class of a recording. */
const RECORDING = 'SpikeData'

/** @param className - the class that the object must be of, if there is one */
async function load(call: LoadCall<GivenOptions>, className?: string): Promise<SpikeLabObject> {
  const { given, path, warnings } = call
  const { signal } = given
  const isPlain = arePlain(given)
  signal?.throwIfAborted()
  const failures = new PickleFailures(path)
  const [root, memoryLeft] = await withLocalFile(call, ({ absolute }) =>
    withFile(absolute, path, async (file) => [await unpickle(file, failures, given), memoryFor(file.size)] as const),
  )
  const instance = className === undefined ? instanceIn(root, failures) : instanceOf(className, root, failures)
  const values = new PickleValues(failures, isPlain)
  const object = await objectFrom(instance, { values, failures, warnings, signal, memoryLeft })
  finishLoad(call)
  return object
}

async function loadLazily(call: LoadCall<GivenOptions>, lazy: LazySpool): Promise<SpikeData> {
  const { given, path, warnings } = call
  const { signal, threads, onProgress } = given
  const isPlain = arePlain(given)
  signal?.throwIfAborted()
  const failures = new PickleFailures(path)
  const load = async (file: RandomAccess, absolute: string) => {
    await requireBytes(file)
    const instance = instanceOf(RECORDING, await unpickle(file, failures, given, 'short'), failures)
    const values = new PickleValues(failures, isPlain)
    const context = { values, failures, warnings, signal, memoryLeft: memoryFor(file.size) }
    const plain = { path: absolute, name: path, object: 'train', size: file.size, start: 0 }
    const sd = await lazySpikeData(instance, context, { pickle: file, plain }, lazy, threads)
    onProgress?.({ bytesRead: file.size, bytesTotal: file.size })
    return sd
  }
  const sd = await withLocalFile(call, ({ absolute }) => withFile(absolute, path, (file) => load(file, absolute)))
  finishLoad(call, lazy)
  return sd
}

/** The opcode of protocols from 2 on, and the first protocol that has bytes as they are. */
const PROTO = 0x80
const FIRST_WITH_BYTES = 3

/**
 * Checks that a pickle has bytes as they are: earlier protocols have them as text.
 *
 * @internal
 * @throws RangeError
 */
export async function requireBytes(file: RandomAccess): Promise<void> {
  const start = new Uint8Array(Math.min(2, file.size))
  await file.read(start, 0)
  const [opcode, protocol = 0] = start
  if (opcode === undefined || (opcode === PROTO && protocol >= FIRST_WITH_BYTES)) return
  throw invalidValue('no value, as the spikes of a pickle of protocol 0, 1 or 2 are read into memory,', 'lazy', true)
}

/** Whether values are to be what other formats take. */
function arePlain({ pythonTypes = 'exact' }: GivenOptions): boolean {
  oneOf(pythonTypes, 'pythonTypes', ['exact', 'plain'])
  return pythonTypes === 'plain'
}

function instanceOf(className: string, root: unknown, failures: PickleFailures): InstanceNode {
  const instance = instanceIn(root, failures)
  if (instance.className === className) return instance
  throw failures.of(`it is of the class ${instance.className}, not ${className}`, 'the object')
}

/**
 * The object that a pickle holds.
 *
 * @internal
 * @throws FormatError for any other value
 */
export function instanceIn(root: unknown, failures: PickleFailures): InstanceNode {
  if (!(root instanceof InstanceNode)) throw failures.of("it is none of SpikeLab's objects", 'the value')
  return root
}
