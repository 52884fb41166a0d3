/**
 * The vocabulary of plain files: their bytes are a list of segments, one after the other.
 */
import type { TypeOf } from './schema.js'
import { COUNT, either, fields, kinds, list, optional, whole, words } from './schema.js'
import { ORDERED_SPIKES, SOURCE, UNIT_SOURCE } from './sources.js'

/**
 * How the little-endian bytes of a source reach the file; unchanged where there is none.
 * - `utf8`: each byte as one code point of latin-1, in UTF-8 (pickle protocols 1 and 2).
 * - `rawUnicodeEscape`: the same code points as the text of a pickle-0 `UNICODE` line.
 */
const TRANSCODING = words('utf8', 'rawUnicodeEscape')

/** A little-endian number of four or eight bytes. */
const NUMBER_ENCODING = words('u32', 'u64')
const COUNT_ENCODING = words('u32', 'u64', 'decimal')

/** Inside a repeat: bytes, the unit's spike count, its source's byte length after transcoding, or the source itself. */
const UNIT_PART = kinds('segment', {
  bytes: { bytes: 'Uint8Array' },
  unitSpikeCount: { encoding: COUNT_ENCODING },
  unitByteLength: { encoding: NUMBER_ENCODING },
  unitData: {},
})

export const SEGMENT = kinds('segment', {
  /** Bytes made by TypeScript: headers and opcodes. */
  bytes: { bytes: 'Uint8Array' },
  /** A source's elements in C order. */
  sourceData: { source: SOURCE, transcoding: optional(TRANSCODING) },
  /** The size in bytes, after transcoding, of the source that follows. */
  sourceByteLength: { source: SOURCE, transcoding: optional(TRANSCODING), encoding: NUMBER_ENCODING },
  /** The same parts once a unit, in unit order: a plan stays small however many units there are. */
  repeat: { source: UNIT_SOURCE, transcoding: optional(TRANSCODING), parts: list(UNIT_PART) },
})

/** Few segments are in the plan, many are handed over before, in steps. */
const SEGMENTS = either(list(SEGMENT), 'segments')

const PLAIN_FILE = {
  /** A name inside the folder. */
  name: 'name',
  segments: SEGMENTS,
  /** What follows the segments: the sample of each of the folder's `spikes` as int64, or its unit's number as int32. */
  ordered: optional(words('samples', 'units')),
  /** What follows then: values of each of the folder's `spikes`. */
  orderedValues: optional(
    fields({
      /** One a unit: `width` values for each of its spikes, or `width` values that all of its spikes have. */
      arrays: 'arrays',
      width: whole(1, 2 ** 53),
    }),
  ),
  /** The same from a column of the values that the spikes' trains have, in its own type or as float64. */
  orderedColumn: optional(fields({ column: COUNT, type: words('float32', 'float64') })),
} as const

export const PLAIN_FILES = kinds('format', {
  /** One plain file. Missing parent folders are made. */
  file: { target: 'name', segments: SEGMENTS },
  /** A folder of plain files, replaced together, by one export at a time. */
  folder: {
    target: 'name',
    files: list({ fields: PLAIN_FILE }),
    /**
     * The spikes of all units in the order of time, as a stable sort of all samples in unit order leaves them. One pass over the
     * trains fills all files that have a part of them. A sample below 0 fails the job.
     */
    spikes: optional(ORDERED_SPIKES),
    /** Names that are removed if they are there. */
    remove: list('name'),
    /**
     * What the folder held before it was decided what to remove, as `folderEntries` of the addon returns it. If since then a file has
     * come or been replaced, or one of those to be replaced or removed has been written to, the job fails with `changed`, and the
     * folder is as it was.
     */
    expected: optional('Uint8Array'),
  },
})

export type Transcoding = TypeOf<typeof TRANSCODING>
export type NumberEncoding = TypeOf<typeof NUMBER_ENCODING>
export type UnitPart = TypeOf<typeof UNIT_PART>
export type Segment = TypeOf<typeof SEGMENT>
export type BytesSegment = Extract<Segment, { segment: 'bytes' }>
export type PlainFile = TypeOf<{ fields: typeof PLAIN_FILE }>
export type FilePlan = Extract<TypeOf<typeof PLAIN_FILES>, { format: 'file' }>
export type FolderPlan = Extract<TypeOf<typeof PLAIN_FILES>, { format: 'folder' }>
