/**
 * Decodes the texts of pickles: UTF-8 with lone surrogates, lines of escapes, and texts whose characters are bytes.
 */
import { PIECE_BYTES, pieceEnd } from '../../../memory/texts.js'
import type { Steps } from '../../../steps.js'
import { inRanges, isDue, spend } from '../../../steps.js'
import type { TextEncoding } from './nodes.js'

/** JavaScript has no longer text. */
const MOST_CHARACTERS = 2 ** 29 - 24

/** UTF-8 as Python's `surrogatepass` has it; undefined for what is none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  return text.includes('\ufffd') ? decodeSurrogates(bytes) : text
}

/** A text in steps, whose bytes are too many for one; undefined for what is none, and for more characters than JavaScript has. */
export function* decodeLong(bytes: Uint8Array, encoding: TextEncoding): Steps<string | undefined> {
  const isUtf8 = encoding === 'utf8'
  let text = ''
  for (let from = 0; from < bytes.length; ) {
    const to = isUtf8 ? pieceEnd(bytes, from) : escapedSliceEnd(bytes, from)
    const part = bytes.subarray(from, to)
    const slice = isUtf8 ? decodeUtf8(part) : decodeRawUnicodeEscape(part)
    if (slice === undefined || text.length + slice.length > MOST_CHARACTERS) return undefined
    text += slice
    spend(to - from)
    if (isDue()) yield
    from = to
  }
  return text
}

/** Character by character: surrogates are three bytes each, and U+FFFD may really be there. */
function decodeSurrogates(bytes: Uint8Array): string | undefined {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number
    const length = first < 0x80 ? 1 : first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? 3 : 2
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || at + length > bytes.length) return undefined
    let code = length === 1 ? first : first & (0x7f >> length)
    for (let i = 1; i < length; i++) {
      const next = bytes[at + i] as number
      if ((next & 0xc0) !== 0x80) return undefined
      code = (code << 6) | (next & 0x3f)
    }
    const least = length === 4 ? 0x1_0000 : length === 3 ? 0x800 : 0
    if (code < least || code > 0x10_ffff) return undefined
    parts.push(String.fromCodePoint(code))
    at += length
  }
  return parts.join('')
}

/** Python's `raw-unicode-escape`: latin-1 with `\u` and `\U`; undefined for an escape that is none. */
export function decodeRawUnicodeEscape(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    const letter = text[at + 1]
    const length = letter === 'u' ? 4 : letter === 'U' ? 8 : 0
    if (length > 0) {
      const digits = text.slice(at + 2, at + 2 + length)
      const code = Number.parseInt(digits, 16)
      if (digits.length < length || /[^0-9a-f]/i.test(digits) || code > 0x10_ffff) return undefined
      parts.push(text.slice(from, at), String.fromCodePoint(code))
      from = at + 2 + length
    }
    // The second of two backslashes begins no escape.
    at += 2 + length
  }
  return parts.join('') + text.slice(from)
}

/** The characters of the longest escape, such as `\U0001f9e0`. */
const LONGEST_ESCAPE = 10

/** A slice ends before a backslash that may begin an escape it has not all of. */
function escapedSliceEnd(bytes: Uint8Array, from: number): number {
  const to = Math.min(from + PIECE_BYTES, bytes.length)
  if (to === bytes.length) return to
  // Only there: in a text without any, the search would go back to its beginning, slice by slice.
  const tail = Math.max(from, to - LONGEST_ESCAPE)
  const backslash = tail + bytes.subarray(tail, to).lastIndexOf(0x5c)
  if (backslash < tail || backslash === from) return to
  // Of several backslashes in a row all stay together, unless they fill the slice.
  let first = backslash
  while (first > from && bytes[first - 1] === 0x5c) first--
  return first > from ? first : to
}

/**
 * The bytes that the characters of a long text stand for, in the memory of the text; undefined for a text that has others or is no text.
 */
export function* latin1FromUtf8(bytes: Uint8Array): Steps<Uint8Array | undefined> {
  let filled = 0
  const target = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let from = 0; from < bytes.length; ) {
    const to = pieceEnd(bytes, from)
    const text = target.toString('utf8', from, to)
    if (!isLatin1(text)) return undefined
    filled += target.write(text, filled, 'latin1')
    spend(2 * (to - from))
    if (isDue()) yield
    from = to
  }
  return bytes.subarray(0, filled)
}

/** The same for a line of escapes. */
export function* latin1FromRawUnicodeEscape(bytes: Uint8Array): Steps<Uint8Array | undefined> {
  let filled = 0
  let isValid = true
  let skipped = 0
  yield* inRanges(bytes.length, (from, to) => {
    for (let at = Math.max(from, skipped); at < to && isValid; at++) {
      const byte = bytes[at] as number
      isValid = byte !== 0x5c || bytes[at + 1] !== 0x55
      if (byte !== 0x5c || bytes[at + 1] !== 0x75) {
        bytes[filled++] = byte
        // The second of two backslashes begins no escape.
        if (byte === 0x5c && bytes[at + 1] === 0x5c) bytes[filled++] = bytes[++at] as number
        skipped = at + 1
        continue
      }
      const high = bytes[at + 2] === 0x30 && bytes[at + 3] === 0x30
      const value = 16 * hexDigit(bytes[at + 4]) + hexDigit(bytes[at + 5])
      isValid &&= high && value >= 0
      bytes[filled++] = value
      at += 5
      skipped = at + 1
    }
  })
  return isValid ? bytes.subarray(0, filled) : undefined
}

/** The value of a hexadecimal digit; far below 0 for anything else. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1000
}

/** Whether every character is a byte. Matches nothing, quickly, in a text that V8 holds as bytes. */
export function isLatin1(text: string): boolean {
  return !/[^\0-\xff]/.test(text)
}

/** What stands between the quotes of Python 2's `repr` of a text of ASCII; undefined for anything else. */
export function decodeQuoted(line: string): string | undefined {
  const quote = line[0]
  const isQuoted = line.length >= 2 && (quote === "'" || quote === '"') && line.at(-1) === quote
  if (!isQuoted || /[^\0-\x7f]/.test(line)) return undefined
  let isValid = true
  const text = line.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.?))/gs, (_, hex?: string, octal?: string, letter = '') => {
    if (hex !== undefined || octal !== undefined) {
      const code = hex === undefined ? Number.parseInt(octal as string, 8) : Number.parseInt(hex, 16)
      isValid &&= code < 0x80
      return String.fromCharCode(code)
    }
    const plain = QUOTED_ESCAPES[letter as string]
    isValid &&= plain !== undefined
    return plain ?? ''
  })
  return isValid ? text : undefined
}

const QUOTED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}
