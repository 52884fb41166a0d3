/**
 * The vocabulary of plain files: a file is a list of byte segments, written one behind the other.
 */
import type { NativeSegments, NativeSpikeTrains } from '../native.js'
import type { Source, UnitSpikeTimesSource } from './sources.js'

/**
 * How the little-endian bytes of a source reach the file. Not given: as they are.
 * - `utf8`: each byte as one code point of latin-1, in UTF-8 (pickle protocols 1 and 2).
 * - `rawUnicodeEscape`: the same code points as the text of a pickle-0 `UNICODE` line.
 */
export type Transcoding = 'utf8' | 'rawUnicodeEscape'

/** Bytes made by TypeScript: headers and opcodes. */
export interface BytesSegment {
  segment: 'bytes'
  bytes: Uint8Array
}

/** A source's elements in C order. */
export interface SourceSegment {
  segment: 'source'
  source: Source
  transcoding?: Transcoding
}

/** The size in bytes, after transcoding, of the source that follows. */
export interface ByteLengthSegment {
  segment: 'byteLength'
  source: Source
  transcoding?: Transcoding
  encoding: NumberWidth
}

/** A little-endian number of four or eight bytes. */
export type NumberWidth = 'u32' | 'u64'

export type LengthEncoding = NumberWidth | 'decimal'

/** Inside a repeat: bytes, the unit's spike count, its source's byte length after transcoding, or the source itself. */
export type UnitPart =
  | BytesSegment
  | { segment: 'unitSpikeCount'; encoding: LengthEncoding }
  | { segment: 'unitByteLength'; encoding: NumberWidth }
  | { segment: 'unitColumn' }

/** The same parts once a unit, in unit order: a plan stays small however many units there are. */
export interface RepeatSegment {
  segment: 'repeat'
  source: UnitSpikeTimesSource
  transcoding?: Transcoding
  parts: readonly UnitPart[]
}

export type Segment = BytesSegment | SourceSegment | ByteLengthSegment | RepeatSegment

export interface PlainFile {
  /** Path of the file, or its name inside a folder. */
  name: string
  segments: readonly Segment[]
  /** What follows the segments in a folder with {@link OrderedSpikes}: the sample of each spike as int64, or its unit's number as int32. */
  ordered?: 'samples' | 'units'
}

/**
 * The spikes of all units in the order of time, as a stable sort of all samples in unit order leaves them. One pass over the
 * trains fills all files that have a part of them. A sample below 0 fails the job.
 */
export interface OrderedSpikes {
  trains: NativeSpikeTrains
  fsHz: number
}

/** One plain file. Missing parent folders are made. */
export interface FilePlan {
  format: 'file'
  target: string
  /** Many are handed over before, in steps. */
  segments: readonly Segment[] | NativeSegments
}

/** A folder of plain files, replaced together, by one export at a time. Names in `remove` go if they are there. */
export interface FolderPlan {
  format: 'folder'
  target: string
  files: readonly PlainFile[]
  spikes?: OrderedSpikes
  remove: readonly string[]
  /**
   * What the folder held before it was decided what to remove, as `folderEntries` of the addon returns it. If since then a file has come
   * or been replaced, or one of those to be replaced or removed has been written to, the job fails with `changed`, and the folder is as
   * it was.
   */
  expected?: Uint8Array
}
