/**
 * Raw samples that stay in their file, as a caller gives them.
 */
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { addon } from '../engine/native.js'
import { runJob } from '../engine/run-job.js'
import { invalidValue } from '../errors.js'
import { hasHdf5 } from '../files/hdf5-signature.js'
import type { RandomAccess } from '../files/random-access.js'
import { withFile } from '../files/random-access.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, refuseOptions, requiredString } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import type { ExportPath } from '../options/export-path.js'
import { exportPath } from '../options/export-path.js'
import type { RawFile } from '../recording/raw-file.js'
import { newRawFile } from '../recording/raw-file.js'
import { requireReadPermission } from '../storage/local.js'
import { absolutePath } from '../storage/paths.js'
import type { FlatOptions, RawOrder } from './flat-samples.js'
import { describeFlat, describeNpy } from './flat-samples.js'
import { openDataset } from './hdf5-samples.js'
import { describeOpenEphys } from './open-ephys.js'
import { memoryDtype } from './raw-dtypes.js'
import type { DescribedRaw } from './raw-layout.js'
import { describeSpikeGlx, metaPathOf } from './spikeglx.js'

/** Of a flat binary file: what it holds. */
export interface FlatFileOptions extends FlatOptions {
  /** Only of an Open Ephys recording. */
  stream?: Missing
  /** Only of an HDF5 file. */
  dataset?: Missing
  /** Stops the call. */
  signal?: AbortSignal | undefined
}

/** Of a file that says itself what it holds: an NPY or HDF5 file, or a recording of SpikeGLX or Open Ephys. */
export interface DescribedFileOptions {
  /** Of an Open Ephys recording of several streams: the name of the stream, or of its folder. */
  stream?: string | undefined
  /**
   * Of an HDF5 file: the path of the dataset in it, such as `raw`. Of an NWB file also the path of a series, or its name in `/acquisition`;
   * default: the first `ElectricalSeries` there. Of a MaxWell file default: its only recording.
   */
  dataset?: string | undefined
  /**
   * `time` for samples × channels, `channel` for channels × samples. Of an NPY file default `time`; of a dataset that neither NWB nor MaxWell
   * describes `channel`, as `exportSpikeDataToHdf5` writes it.
   */
  order?: RawOrder | undefined
  /** Only of a flat binary file. */
  dtype?: Missing
  /** Only of a flat binary file. */
  channels?: Missing
  /** Only of a flat binary file. */
  offset?: Missing
  /** Only of a flat binary file. */
  samples?: Missing
  /** Only of a flat binary file. */
  littleEndian?: Missing
  /** Stops the call. */
  signal?: AbortSignal | undefined
}

/** Where the samples of a file lie, unless the file says that itself. */
export type RawFileOptions = FlatFileOptions | DescribedFileOptions

const OPTIONS: OptionNames<RawFileOptions> = {
  dtype: true,
  channels: true,
  order: true,
  offset: true,
  samples: true,
  littleEndian: true,
  stream: true,
  dataset: true,
  signal: true,
}

/** What only flat binary files need to be told. */
const FLAT = ['channels', 'offset', 'samples', 'littleEndian'] as const

/** The file that says what an Open Ephys recording holds. */
const OEBIN = 'structure.oebin'

const NPY_MAGIC = '\x93NUMPY'

/**
 * Raw samples that stay in their file: a flat binary, of which the options say what it holds; an NPY file; a recording of SpikeGLX, the
 * `.bin` file with its `.meta` beside it; or of Open Ephys' binary format, its folder or `structure.oebin`; a series of an NWB file; a
 * recording of MaxWell; or a dataset of any HDF5 file. The result stands for `rawData` of a recording, or `data` of a series of an NWB file.
 *
 * The file is looked at, and not read. Exports read it block by block, by all threads, in memory that does not depend on its length;
 * a file that has changed by then is an error. What the format says of the sampling rate and of volts is used where the caller says
 * nothing else. The sync channel of SpikeGLX is left out.
 *
 * @param path - a path, or a `file:` URL
 * @param options - `dtype` and `channels` of a flat binary
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for a file that is not what it should be, such as one whose last sample is not whole, and for a dataset that is
 * compressed by what is not supported: the plugin of MaxWell, for example
 * @throws Error with the file system's `code`; the signal's reason
 * @example
 * ```js
 * const raw = await rawFile('recording.dat', { dtype: 'int16', channels: 384 })
 * const sd = new SpikeData([], { length: 0, rawData: raw, rawTime: 30 })
 * await exportSpikeDataToNwb(sd, 'recording.nwb', { rawData: { conversion: 2.34e-6 } })
 * ```
 */
export async function rawFile(path: ExportPath, options?: RawFileOptions): Promise<RawFile> {
  const given = optionsFrom<RawFileOptions>(options, OPTIONS)
  const { signal } = given
  checkCallbacks({ signal })
  const name = exportPath(path, 'path')
  const absolute = absolutePath(name)
  requireReadPermission(absolute)
  signal?.throwIfAborted()
  const layout = await described(absolute, name, given)
  const { facts, ...parts } = layout ? await opened(layout, signal) : await openDataset(absolute, name, given, signal)
  const { rateKHz, conversion, offset, channelConversion, channelNames } = facts
  return newRawFile({ frames: undefined, ...parts, path: name, ...{ rateKHz, conversion, offset, channelConversion, channelNames } })
}

/** Opens samples whose place is known. */
async function opened({ layout, facts }: DescribedRaw, signal: AbortSignal | undefined) {
  requireReadPermission(layout.path)
  const native = new addon.Samples()
  await runJob(() => native.open(layout), signal)
  const { channels, samples } = layout
  const dtype = memoryDtype(layout.dtype)
  const isPlain = layout.order === 'time' && layout.dtype === dtype
  const frames = isPlain ? { path: layout.path, offset: layout.offset, width: layout.stride } : undefined
  return { native, dtype, channels, samples, liesByChannel: layout.order === 'channel', frames, facts }
}

/** Where samples lie; undefined in an HDF5 file, which has to be opened to find that out. */
async function described(absolute: string, name: string, given: RawFileOptions): Promise<DescribedRaw | undefined> {
  const { signal } = given
  if (!isMissing(given.dtype)) {
    refuseOptions(given, ['stream', 'dataset'], 'as dtype says that the file is flat')
    return withFile(absolute, name, async ({ size }) => describeFlat({ path: absolute, name, size }, given as FlatFileOptions))
  }
  refuseOptions(given, FLAT, 'as there is no dtype')
  if ((await stat(absolute)).isDirectory() || basename(absolute) === OEBIN) {
    refuseOptions(given, ['order', 'dataset'], 'as Open Ephys has samples in order of time')
    const stream = isMissing(given.stream) ? undefined : requiredString(given.stream, 'stream')
    return describeOpenEphys(absolute, name, stream, signal)
  }
  refuseOptions(given, ['stream'], 'as this is no Open Ephys recording')
  return withFile(absolute, name, async (file) => {
    const place = { path: absolute, name, size: file.size }
    const isNpy = await startsAsNpy(file)
    if (!isNpy && (await hasHdf5(file))) return undefined
    refuseOptions(given, ['dataset'], 'as this is no HDF5 file')
    if (isNpy) return describeNpy(file, place, given.order)
    refuseOptions(given, ['order'], 'as this is neither an NPY nor an HDF5 file')
    if (await isThere(metaPathOf(absolute))) return describeSpikeGlx(absolute, name, signal)
    throw invalidValue(
      `the type of the samples, as ${name} is neither an NPY or HDF5 file nor a recording of SpikeGLX or Open Ephys,`,
      'dtype',
      given.dtype,
    )
  })
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function startsAsNpy(file: RandomAccess): Promise<boolean> {
  if (file.size < NPY_MAGIC.length) return false
  const start = Buffer.alloc(NPY_MAGIC.length)
  await file.read(start, 0)
  return start.toString('latin1') === NPY_MAGIC
}
