/**
 * How the datasets of an HDF5 file lie in it.
 */
import type { Hdf5PlainStorage, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import { invalidType, invalidValue } from '../../errors.js'
import type { OptionNames } from '../../options/checks.js'
import { checkedNumber, optionalBoolean, optionsFrom, refuseOptions, wholeNumber } from '../../options/checks.js'

/** How hard the gzip filter tries. */
export type CompressionLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** A layout that is read over a network in few requests. */
export interface CloudLayout {
  /**
   * `cloud`: as `auto`, in a paged file with the metadata and small datasets together at its front. What a page holds is read in one
   * request, by HDF5 from 1.10.1 on with a page buffer, and by caches of byte ranges.
   */
  layout: 'cloud'
  /** How chunks are compressed. Default false, but `{}` for a raster, and for raw data in NWB files. */
  compression?: false | Compression | undefined
  /**
   * The most bytes of a chunk before compression. Default `pageBytes` for tables, 1 MiB for what is compressed, and 10 MiB for raw data;
   * an error where nothing would be chunked.
   */
  chunkBytes?: number | undefined
  /** The size of a page: a multiple of 4096 from 4 to 16 MiB, in bytes. Readers with a page buffer read whole pages. Default 4 MiB. */
  pageBytes?: number | undefined
}

/** The gzip filter of HDF5, and the shuffle filter before it: chunks are compressed by all threads, and every reader opens them. */
export interface Compression {
  /**
   * 1 to 9. Level 1 with `shuffle` is made for numbers: about as small as gzip's level 4 on spike times and raw data, and many times
   * faster. From 2 on a general compressor looks for repetitions too: slower, and smaller where data repeats itself. Default 1.
   */
  level?: CompressionLevel | undefined
  /** Sorts the bytes of a chunk by their place in the number first: numbers become much smaller. Default true. */
  shuffle?: boolean | undefined
}

/** A layout of any kind whose chunks, if it has any, are not compressed and of the default size. */
export interface PlainLayout {
  /**
   * `auto`: contiguous, and chunked where `compression` is set. A raster is chunked and compressed. Tables of NWB files are chunked,
   * so that other programs can add rows to them, unless this is `contiguous`. Default `auto`.
   */
  layout?: 'auto' | 'contiguous' | 'chunked' | undefined
  /** Only chunks are compressed. Default false, but `{}` for a raster, and for raw data in NWB files. */
  compression?: false | undefined
  /** The most bytes of a chunk before compression. Default 1 MiB; an error where nothing would be chunked. */
  chunkBytes?: undefined
  /** Only with the layout `cloud`. */
  pageBytes?: undefined
}

/** A layout with chunks. */
export interface ChunkedLayout {
  /**
   * `auto`: contiguous, and chunked where `compression` is set. A raster is chunked and compressed. Tables of NWB files are chunked,
   * so that other programs can add rows to them, unless this is `contiguous`. Default `auto`.
   */
  layout?: 'auto' | 'chunked' | undefined
  /** How chunks are compressed. Default false, but `{}` for a raster, and for raw data in NWB files. */
  compression?: false | Compression | undefined
  /** The most bytes of a chunk before compression. Default 1 MiB; an error where nothing would be chunked. */
  chunkBytes?: number | undefined
  /** Only with the layout `cloud`. */
  pageBytes?: undefined
}

/** Options of HDF5 and NWB files: a contiguous layout has neither `compression` nor `chunkBytes`, and only `cloud` has `pageBytes`. */
export type Hdf5StorageOptions = CloudLayout | ChunkedLayout | PlainLayout

export const STORAGE_OPTIONS: OptionNames<Hdf5StorageOptions> = { layout: true, chunkBytes: true, compression: true, pageBytes: true }
const COMPRESSION_OPTIONS: OptionNames<Compression> = { level: true, shuffle: true }

const LAYOUTS: readonly unknown[] = ['auto', 'contiguous', 'chunked', 'cloud']
const LAYOUT_NAMES = `'auto', 'contiguous', 'chunked' or 'cloud'`
export const DEFAULT_CHUNK_BYTES = 2 ** 20
/** A chunk is held in memory, and compressed in one go. */
const CHUNK_BYTES = { least: 1024, most: 2 ** 25 }
const PAGE_BYTES = { least: 2 ** 22, most: 2 ** 24, step: 4096 }

/**
 * The storage that the options ask for.
 *
 * @param compressed - how to compress where the options do not specify it
 * @throws TypeError or RangeError for an option that makes no sense, such as compression of a contiguous layout
 */
export function storageFrom(
  options: Hdf5StorageOptions,
  compressed: false | Compression = false,
  defaultChunkBytes = DEFAULT_CHUNK_BYTES,
): Hdf5Storage {
  const { layout = 'auto', chunkBytes = defaultChunkBytes } = options
  if (typeof layout !== 'string') throw invalidType(LAYOUT_NAMES, 'layout', layout)
  if (!LAYOUTS.includes(layout)) throw invalidValue(LAYOUT_NAMES, 'layout', layout)
  wholeNumber(chunkBytes, 'chunkBytes', CHUNK_BYTES.least, CHUNK_BYTES.most, ' of bytes')
  const filters = filtersFrom(options.compression)
  if (layout === 'contiguous') {
    if (filters) throw invalidValue(`false, as layout is 'contiguous',`, 'compression', options.compression)
    refuseOptions(options, ['chunkBytes'], `as layout is 'contiguous'`)
    return { layout }
  }
  if (options.compression === undefined && compressed) {
    return { layout: 'chunked', chunkBytes, ...filtersFrom(compressed) }
  }
  return layout === 'chunked' || filters ? { layout: 'chunked', chunkBytes, ...filters } : { layout: 'contiguous' }
}

/**
 * The same for the datasets that every file of a kind has: where they are contiguous, nothing takes `chunkBytes`.
 *
 * @throws also for `chunkBytes` of datasets without chunks
 */
export function mainStorage(options: Hdf5StorageOptions, compressed: false | Compression = false): Hdf5Storage {
  const storage = storageFrom(options, compressed)
  if (storage.layout === 'contiguous') refuseOptions(options, ['chunkBytes'], `as only layout: 'chunked' or compression makes chunks`)
  return storage
}

/**
 * The storage of the columns of tables: rows can be added later, unless the options ask for a contiguous layout.
 *
 * @param pageBytes - the size of the file's pages, if it is paged: a chunk that is not compressed fills a page
 * @throws what {@link storageFrom} does
 */
export function tableStorage(options: Hdf5StorageOptions, pageBytes = DEFAULT_CHUNK_BYTES): Hdf5Storage {
  const storage = storageFrom(options)
  if (options.layout === 'contiguous') return storage
  return { chunkBytes: options.chunkBytes ?? pageBytes, ...storage, layout: 'chunked', isExtendable: true }
}

/**
 * The size of the file's pages, if it is paged.
 *
 * @throws TypeError or RangeError for a size that is none, or without the layout `cloud`
 */
export function pagesFrom(options: Hdf5StorageOptions): { pageBytes?: number } {
  if (options.layout !== 'cloud') {
    refuseOptions(options, ['pageBytes'], `as layout is not 'cloud'`)
    return {}
  }
  const { pageBytes = PAGE_BYTES.least } = options
  const isPageSize = (bytes: number) => bytes >= PAGE_BYTES.least && bytes <= PAGE_BYTES.most && bytes % PAGE_BYTES.step === 0
  const expected = `a multiple of ${PAGE_BYTES.step} from ${PAGE_BYTES.least} to ${PAGE_BYTES.most} bytes`
  return { pageBytes: checkedNumber(pageBytes, 'pageBytes', expected, isPageSize) }
}

/** The same without filters, for texts and references. */
export function plainStorage(storage: Hdf5Storage): Hdf5PlainStorage {
  if (storage.layout === 'contiguous') return storage
  const { layout, chunkBytes, isExtendable = false } = storage
  return { layout, chunkBytes, isExtendable }
}

/** How raw data lies in a file: its chunks have this many channels, unless it is too short for that. */
export interface RawStorage {
  storage: Hdf5Storage
  channelsPerChunk: number
}

/** Few enough channels to read one, and enough that a window of all has few chunks. */
const RAW_CHUNKS = { chunkBytes: DEFAULT_CHUNK_BYTES, channelsPerChunk: 16 }
/** Over a network a request costs as much as some MiB. */
const CLOUD_RAW_CHUNKS = { chunkBytes: 10 * 2 ** 20, channelsPerChunk: 64 }

/**
 * The storage of raw data that the options ask for.
 *
 * @throws what {@link storageFrom} does
 */
export function rawStorageFrom(options: Hdf5StorageOptions, compressed: false | Compression = false): RawStorage {
  const { chunkBytes, channelsPerChunk } = options.layout === 'cloud' ? CLOUD_RAW_CHUNKS : RAW_CHUNKS
  return { storage: storageFrom(options, compressed, chunkBytes), channelsPerChunk }
}

/**
 * The storage of raw data, channels × samples (or more axes): its chunks hold a long stretch of a few channels, so that neither
 * reading a channel nor reading a window of time unpacks much else.
 *
 * @param itemBytes - the size of an element
 */
export function rawStorage({ storage, channelsPerChunk }: RawStorage, shape: readonly number[], itemBytes: number): Hdf5Storage {
  if (storage.layout === 'contiguous' || shape.length < 2 || shape.includes(0)) return storage
  const [channels, samples] = shape.slice(-2) as [number, number]
  const chunk = rawChunk(channels, samples, storage.chunkBytes / itemBytes, channelsPerChunk)
  return { ...storage, chunk: [...shape.slice(0, -2).map(() => 1), ...chunk] }
}

/** The same for samples × channels. */
export function transposedRawStorage(
  { storage, channelsPerChunk }: RawStorage,
  channels: number,
  samples: number,
  itemBytes: number,
): Hdf5Storage {
  if (storage.layout === 'contiguous' || channels * samples === 0) return storage
  return { ...storage, chunk: rawChunk(channels, samples, storage.chunkBytes / itemBytes, channelsPerChunk).toReversed() }
}

/** The channels and samples of a chunk of at most `elements`. */
function rawChunk(channels: number, samples: number, elements: number, channelsPerChunk: number): [channels: number, samples: number] {
  const most = Math.max(1, Math.floor(elements))
  const rows = Math.min(channels, channelsPerChunk, most)
  const columns = Math.min(samples, Math.max(1, Math.floor(most / rows)))
  // Of a short recording a chunk holds more channels.
  return [Math.min(channels, Math.max(rows, Math.floor(most / columns))), columns]
}

function filtersFrom(compression: unknown): { deflateLevel: number; shuffle: boolean } | undefined {
  if (compression === undefined || compression === false) return undefined
  if (typeof compression !== 'object' || compression === null) throw invalidType('false or { level, shuffle }', 'compression', compression)
  const { level = 1, shuffle = true } = optionsFrom<Compression>(compression, COMPRESSION_OPTIONS, 'compression')
  wholeNumber(level, 'compression.level', 1, 9)
  optionalBoolean(shuffle, 'compression.shuffle')
  return { deflateLevel: level, shuffle }
}
