/**
 * Texts on their way into native code.
 */
import { unset, unsetBytes } from '../../memory/allocation.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'
import type { PackedTexts } from './hdf5-tree.js'

/** Texts are encoded together, up to this many UTF-16 code units or one long text. */
const PART_LENGTH = 16_384

/** Packs a few texts at once. */
export function packedTexts(texts: readonly string[]): PackedTexts {
  let end = 0
  return { bytes: Buffer.from(texts.join('')), ends: Float64Array.from(texts, (text) => (end += Buffer.byteLength(text))) }
}

/** Packs many texts. */
export function* packTexts(count: number, textOf: (index: number) => string): Steps<PackedTexts> {
  const ends = unset(Float64Array, count)
  const parts: Buffer[] = []
  let end = 0
  let part = ''
  for (let i = 0; i < count; i++) {
    const text = textOf(i)
    part += text
    ends[i] = end += Buffer.byteLength(text)
    if (part.length >= PART_LENGTH) {
      parts.push(Buffer.from(part))
      part = ''
    }
    spend(text.length)
    if (isDue()) yield
  }
  parts.push(Buffer.from(part))
  const bytes = unsetBytes(end)
  let filled = 0
  for (const part of parts) {
    bytes.set(part, filled)
    filled += part.length
    spend(part.length)
    if (isDue()) yield
  }
  return { bytes, ends }
}

/** Whether a file can hold a text: one of variable length ends at a NUL, and UTF-8 has no lone surrogates. */
export function isWritableText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}
