/**
 * The vocabulary of HDF5 files: a list of objects, in the order they are created. Missing parent groups are made.
 */
import type { TypeOf } from './schema.js'
import { COUNT, either, fields, kinds, list, optional, whole, words } from './schema.js'
import { SOURCE, UNIT_SOURCE } from './sources.js'

/** A scalar attribute, or one of one axis. */
const ATTRIBUTE = fields({
  name: 'name',
  /** A float64; text as UTF-8 of variable length; a number that some reader wants as int32; or the path of an object. */
  value: either(
    'float64',
    'text',
    list('text'),
    fields({ int32: whole(-(2 ** 31), 2 ** 31 - 1) }),
    // Looked up when all objects are there.
    fields({ reference: 'name' }),
    /** Numbers with their own dtype, `[]` or one axis; int8, 0 or 1, may be h5py's booleans. */
    fields({ numbers: 'numbers', shape: list(COUNT), areBooleans: optional('flag') }),
    /** A text that may be long. */
    fields({ utf8: 'Uint8Array' }),
  ),
})

const ATTRIBUTES = optional(list(ATTRIBUTE))

/** Texts and references go through no filter. */
const PLAIN_CHUNKS = {
  /** The most bytes of a chunk: as much of the last axes as they hold, and at least one element. */
  chunkBytes: whole(1, 2 ** 32 - 1),
  /** Rows can be added: the first axis is unlimited. */
  isExtendable: optional('flag'),
} as const

const CHUNKS = { ...PLAIN_CHUNKS, deflateLevel: optional(whole(1, 9)), shuffle: optional('flag') } as const

/** How a dataset lies in the file. A chunk of a raster that holds only zeros is never allocated. */
const STORAGE = kinds('layout', {
  contiguous: {},
  chunked: {
    ...CHUNKS,
    /** The shape of a chunk, instead of one by `chunkBytes`. */
    chunk: optional(list(COUNT)),
  },
})
const UNIT_STORAGE = kinds('layout', { contiguous: {}, chunked: CHUNKS })
const PLAIN_STORAGE = kinds('layout', { contiguous: {}, chunked: PLAIN_CHUNKS })

/** Many texts in few arrays, so that native code takes them in at once: their UTF-8 one after the other, and where each ends. */
const PACKED_TEXTS = fields({ bytes: 'Uint8Array', ends: 'Float64Array' })

/** How samples that come as a stream are written, before the plan of their file is made. */
export const STREAM = fields({
  dtype: words('int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'),
  channels: whole(1, 2 ** 53),
  /** Whether the dataset is channels × samples; else it is samples × channels. */
  growsLast: 'flag',
  samplesPerChunk: whole(1, 2 ** 53),
  /** No more than there are. */
  channelsPerChunk: whole(1, 2 ** 53),
  deflateLevel: optional(whole(1, 9)),
  shuffle: optional('flag'),
})

export const OBJECT = kinds('object', {
  dataset: {
    path: 'name',
    source: SOURCE,
    storage: STORAGE,
    attributes: ATTRIBUTES,
    /** The numbers are int8, 0 or 1, and become h5py's booleans: an enumeration of FALSE and TRUE. */
    isBoolean: optional('flag'),
  },
  /** Samples that came as a stream and are in the file that was begun. Its time axis is unlimited. */
  streamedDataset: { path: 'name', stream: 'streamedDataset', attributes: ATTRIBUTES },
  /** Texts of variable length, in UTF-8; contiguous where there is no storage. */
  textDataset: {
    path: 'name',
    texts: PACKED_TEXTS,
    /** `[]` for one text without an axis. */
    shape: list(COUNT),
    storage: optional(PLAIN_STORAGE),
    attributes: ATTRIBUTES,
  },
  /** One position: three float64, which become a compound of x, y and z without an axis. */
  positionDataset: { path: 'name', source: SOURCE, attributes: ATTRIBUTES },
  /** References to objects, as an array of one axis; contiguous where there is no storage. */
  referenceDataset: {
    path: 'name',
    /** The paths of the objects, each of which any number of elements refer to. */
    targets: list('name'),
    /** The target of each element, by its place among these. */
    choices: 'Int32Array',
    storage: optional(PLAIN_STORAGE),
    attributes: ATTRIBUTES,
  },
  /** A group that has attributes, or nothing in it. */
  group: { path: 'name', attributes: ATTRIBUTES },
  /** A second name for the object at another path. */
  softLink: { path: 'name', target: 'text' },
  /** One dataset a unit, named `0`, `1`, … in the group at `path`. */
  unitDatasets: { path: 'name', source: UNIT_SOURCE, storage: UNIT_STORAGE },
})

/** The writer of the file; where there is none it is chosen by the plan. */
const WRITER = words('auto', 'direct', 'library')

export const HDF5 = kinds('format', {
  /** One HDF5 file. A group precedes everything in it. */
  hdf5: {
    target: 'name',
    attributes: list(ATTRIBUTE),
    /** Few objects are in the plan, many are handed over before, in steps; then `auto` is the direct writer. */
    objects: either(list(OBJECT), 'objects'),
    writer: optional(WRITER),
    /** What the streams of the plan were written to; it becomes the file, or goes with the job. */
    begun: optional('begunFile'),
    /** A plain file that is replaced together with this one, right after it. */
    companion: optional(fields({ target: 'name', bytes: 'Uint8Array' })),
    /** The size of a page of a paged file, which has its metadata together at the front. */
    pageBytes: optional(whole(2 ** 9, 2 ** 30)),
  },
})

export type Stream = TypeOf<typeof STREAM>
export type Hdf5Attribute = TypeOf<typeof ATTRIBUTE>
export type Hdf5Storage = TypeOf<typeof STORAGE>
export type Hdf5PlainStorage = TypeOf<typeof PLAIN_STORAGE>
export type PackedTexts = TypeOf<typeof PACKED_TEXTS>
export type Hdf5Object = TypeOf<typeof OBJECT>
export type Hdf5Dataset = Extract<Hdf5Object, { object: 'dataset' }>
export type Hdf5TextDataset = Extract<Hdf5Object, { object: 'textDataset' }>
export type Hdf5Group = Extract<Hdf5Object, { object: 'group' }>
export type Hdf5Writer = TypeOf<typeof WRITER>
export type Hdf5Plan = TypeOf<typeof HDF5>
