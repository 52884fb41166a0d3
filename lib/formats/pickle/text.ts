/**
 * Text as pickles hold it: UTF-8, or one line of escapes in protocol 0, both of which can hold lone surrogates.
 */
import type { SegmentBuilder } from '../../engine/plan/segment-builder.js'

/** The longest piece of text that is encoded in one go, in UTF-16 code units. */
export const SLICE_LENGTH = 8192

/** With the `u` flag a surrogate matches only where it is not part of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/u
const LONE_SURROGATES = /(\p{Surrogate})/u

/** What cannot stand for itself in a line of latin-1; Python escapes the same five control characters. */
const ESCAPED = /[\\\0\n\r\x1a]|[^\0-\xff]/gu

/** Pieces of at most {@link SLICE_LENGTH} code units that keep surrogate pairs together. */
export function* slicesOf(text: string): Generator<string, void, void> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + SLICE_LENGTH, text.length)
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--
    yield text.slice(from, to)
    from = to
  }
}

/** How many bytes {@link writeUtf8} makes of a text. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** UTF-8 in which a lone surrogate takes three bytes, as Python's `surrogatepass` has it. At most one slice. */
export function writeUtf8(out: SegmentBuilder, text: string): void {
  if (!LONE_SURROGATE.test(text)) return out.utf8(text)
  for (const part of text.split(LONE_SURROGATES)) {
    if (LONE_SURROGATE.test(part)) out.bytes(surrogateBytes(part.charCodeAt(0)))
    else out.utf8(part)
  }
}

/** Python's `raw-unicode-escape`. At most one slice. */
export function writeRawUnicodeEscape(out: SegmentBuilder, text: string): void {
  out.latin1(text.replace(ESCAPED, escape))
}

function escape(character: string): string {
  const code = character.codePointAt(0) as number
  const hex = code.toString(16)
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

function surrogateBytes(code: number): Uint8Array {
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}
