/**
 * The bytes that native code writes for byte segments, computed independently in TypeScript: the tests of the formats need no addon.
 */

import type { NativeJob } from '../../lib/engine/native-job.js'
import type { NativeSpikeTrains, SealReport } from '../../lib/engine/native-spike-trains.js'
import type { NumberEncoding, Segment, Transcoding, UnitPart } from '../../lib/engine/plan/byte-segments.js'
import type { Source, TimeConversion } from '../../lib/engine/plan/sources.js'

/** Trains whose times are known here. */
export interface KnownTrains extends NativeSpikeTrains {
  readonly arrays: readonly Float64Array[]
}

export function knownTrains(arrays: readonly Float64Array[]): KnownTrains {
  const refuse = (): never => {
    throw new Error('These trains are complete.')
  }
  return {
    arrays,
    unitCount: arrays.length,
    spikeCount: arrays.reduce((sum, { length }) => sum + length, 0),
    longestTrain() {
      const spikeCount = Math.max(0, ...arrays.map(({ length }) => length))
      return { unit: arrays.findIndex(({ length }) => length === spikeCount), spikeCount }
    },
    append: refuse,
    appendFlat: refuse,
    appendEmpty: refuse,
    seal: refuse as () => SealReport,
    sealAsync: refuse as () => NativeJob<SealReport>,
    countSpikes(counts, first) {
      for (let i = 0; i < counts.length; i++) counts[i] = (arrays[first + i] as Float64Array).length
    },
    readTrain: refuse as () => NativeJob<void>,
    readValues: refuse as () => NativeJob<void>,
    unitsNotFinite: refuse as () => NativeJob<Float64Array>,
    survey: refuse as () => NativeJob<never>,
    select: refuse as () => NativeJob<never>,
    limit: refuse as () => NativeJob<number>,
    close: refuse as () => NativeJob<void>,
  }
}

/** The bytes of a file. */
export function render(segments: readonly Segment[]): Buffer {
  return Buffer.concat(segments.flatMap(renderSegment))
}

function renderSegment(segment: Segment): Uint8Array[] {
  switch (segment.segment) {
    case 'bytes':
      return [segment.bytes]
    case 'sourceData':
      return [transcode(columnBytes(segment.source), segment.transcoding)]
    case 'sourceByteLength':
      return [encoded(transcode(columnBytes(segment.source), segment.transcoding).length, segment.encoding)]
    case 'repeat': {
      const { trains, time } = segment.source
      return (trains as KnownTrains).arrays.flatMap((times) => {
        const bytes = transcode(bytesOf(convert(times, time)), segment.transcoding)
        return segment.parts.map((part) => renderPart(part, times.length, bytes))
      })
    }
  }
}

function renderPart(part: UnitPart, spikes: number, bytes: Uint8Array): Uint8Array {
  switch (part.segment) {
    case 'bytes':
      return part.bytes
    case 'unitSpikeCount':
      return encoded(spikes, part.encoding)
    case 'unitByteLength':
      return encoded(bytes.length, part.encoding)
    case 'unitData':
      return bytes
  }
}

function encoded(length: number, encoding: NumberEncoding | 'decimal'): Uint8Array {
  if (encoding === 'decimal') return Buffer.from(String(length))
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(length))
  return encoding === 'u64' ? buffer : buffer.subarray(0, 4)
}

function transcode(bytes: Buffer, transcoding?: Transcoding): Buffer {
  const text = bytes.toString('latin1')
  if (transcoding === 'utf8') return Buffer.from(text, 'utf8')
  if (transcoding === 'rawUnicodeEscape') {
    const escaped = text.replace(/[\\\0\n\r\x1a]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    return Buffer.from(escaped, 'latin1')
  }
  return bytes
}

function columnBytes(source: Source): Buffer {
  switch (source.kind) {
    case 'array':
      return bytesOf(source.data)
    case 'times':
      return bytesOf(convert(Float64Array.from(source.data, Number), source.time))
    case 'sampleTimes':
      return bytesOf(
        convert(
          Float64Array.from({ length: source.count }, (_, i) => i / source.rateKHz),
          source.time,
        ),
      )
    case 'spikeTimes': {
      const times = (source.trains as KnownTrains).arrays.map((array) => bytesOf(convert(array, source.time)))
      return Buffer.concat(times)
    }
    case 'spikeTimesIndex': {
      let end = 0n
      return bytesOf(BigInt64Array.from((source.trains as KnownTrains).arrays, ({ length }) => (end += BigInt(length))))
    }
    case 'spikeUnits': {
      const units = (source.trains as KnownTrains).arrays.flatMap(({ length }, unit) => {
        return new Array<bigint>(length).fill(source.ids ? (source.ids[unit] as bigint) : BigInt(unit))
      })
      return bytesOf(BigInt64Array.from(units))
    }
    case 'range':
      return bytesOf(BigInt64Array.from({ length: source.count }, (_, i) => BigInt(source.first + i)))
    default:
      throw new Error(`No pickle holds a source '${source.kind}'.`)
  }
}

function convert(times: Float64Array, time: TimeConversion): Float64Array | BigInt64Array {
  if (time.to === 'ms') return times
  if (time.to === 's') return times.map((ms) => ms / 1000)
  return BigInt64Array.from(times, (ms) => BigInt(roundHalfEven(ms * (time.fsHz / 1000))))
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  if (x - floor !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}

function bytesOf(array: NodeJS.TypedArray): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
