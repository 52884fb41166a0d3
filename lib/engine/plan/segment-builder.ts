/**
 * Collects the bytes of a file, and the places where native code pours in columns, as a list of segments.
 */
import type { BytesSegment, Segment } from './byte-segments.js'

/** Bytes are gathered in chunks that grow from here, each twice as long as the one before; a piece of text must fit in any. */
const FIRST_CHUNK_BYTES = 64 * 1024
const LAST_CHUNK_BYTES = 4 * 1024 * 1024

export class SegmentBuilder {
  readonly #segments: Segment[] = []
  #chunk = Buffer.allocUnsafe(FIRST_CHUNK_BYTES)
  #start = 0
  #end = 0

  uint8(value: number): void {
    this.#reserve(1)
    this.#end = this.#chunk.writeUInt8(value, this.#end)
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.#end = this.#chunk.writeUInt16LE(value, this.#end)
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#end = this.#chunk.writeUInt32LE(value, this.#end)
  }

  int32(value: number): void {
    this.#reserve(4)
    this.#end = this.#chunk.writeInt32LE(value, this.#end)
  }

  float64BigEndian(value: number): void {
    this.#reserve(8)
    this.#end = this.#chunk.writeDoubleBE(value, this.#end)
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > FIRST_CHUNK_BYTES) return this.segment({ segment: 'bytes', bytes })
    this.#reserve(bytes.length)
    this.#chunk.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Text of code points below 256, one byte each. */
  latin1(text: string): void {
    this.#reserve(text.length)
    this.#end += this.#chunk.write(text, this.#end, 'latin1')
  }

  /** Text without lone surrogates. */
  utf8(text: string): void {
    this.#reserve(text.length * 3)
    this.#end += this.#chunk.write(text, this.#end, 'utf8')
  }

  /** Appends a segment to the bytes so far. */
  segment(segment: Segment): void {
    this.#cut()
    this.#segments.push(segment)
  }

  /** The bytes that `write` adds here, taken out again: for parts that stand in a repeat. */
  fragment(write: () => void): BytesSegment[] {
    this.#cut()
    const from = this.#segments.length
    write()
    this.#cut()
    return this.#segments.splice(from) as BytesSegment[]
  }

  /** All segments, in order. */
  finish(): Segment[] {
    this.#cut()
    return this.#segments
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#chunk.length) return
    this.#cut()
    this.#chunk = Buffer.allocUnsafe(Math.min(this.#chunk.length * 2, LAST_CHUNK_BYTES))
    this.#start = 0
    this.#end = 0
  }

  #cut(): void {
    if (this.#end === this.#start) return
    this.#segments.push({ segment: 'bytes', bytes: this.#chunk.subarray(this.#start, this.#end) })
    this.#start = this.#end
  }
}
