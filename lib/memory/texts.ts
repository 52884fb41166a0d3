/**
 * UTF-8 of any length, decoded in pieces.
 */
import { constants } from 'node:buffer'
import { outOfMemory } from '../errors.js'
import type { Steps } from '../steps.js'
import { isDue, spend } from '../steps.js'

/** How many bytes are decoded in one go. */
export const PIECE_BYTES = 64 * 1024

/** The text of all bytes, piece by piece. Wherever a text of many pieces is needed in one, V8 copies it in one go: see {@link joined}. */
export function* utf8Pieces(bytes: Uint8Array): Steps<string[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const pieces: string[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = pieceEnd(bytes, from)
    pieces.push(buffer.toString('utf8', from, to))
    spend(to - from)
    if (isDue()) yield
    from = to
  }
  return pieces
}

/**
 * One text, which V8 keeps as its pieces until its characters are looked at.
 *
 * @throws Error for one that is longer than V8's longest text
 */
export function joined(pieces: readonly string[]): string {
  let text = ''
  for (const piece of pieces) {
    if (text.length + piece.length > constants.MAX_STRING_LENGTH) throw outOfMemory()
    text += piece
  }
  return text
}

/** Where a piece ends that begins at `from`, so that it cuts no character in two. */
export function pieceEnd(bytes: Uint8Array, from: number): number {
  let to = Math.min(from + PIECE_BYTES, bytes.length)
  // A character has at most three bytes after its first.
  for (let back = 0; back < 3 && to < bytes.length && ((bytes[to] as number) & 0xc0) === 0x80; back++) to--
  return to
}
