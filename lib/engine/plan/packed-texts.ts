/**
 * Texts on their way into native code.
 */

import type { Steps } from '../../steps.js'
import type { PackedTexts } from './hdf5-tree.js'

/** How many texts one step packs: a fraction of a millisecond. */
const STEP_TEXTS = 1024

/** Packs a few texts at once. */
export function packedTexts(texts: readonly string[]): PackedTexts {
  let end = 0
  return { bytes: Buffer.from(texts.join('')), ends: Float64Array.from(texts, (text) => (end += Buffer.byteLength(text))) }
}

/** Packs many texts. */
export function* packTexts(count: number, textOf: (index: number) => string): Steps<PackedTexts> {
  const ends = new Float64Array(count)
  const parts: Buffer[] = []
  let end = 0
  for (let from = 0; from < count; from += STEP_TEXTS) {
    const to = Math.min(from + STEP_TEXTS, count)
    let part = ''
    for (let i = from; i < to; i++) {
      const text = textOf(i)
      part += text
      ends[i] = end += Buffer.byteLength(text)
    }
    parts.push(Buffer.from(part))
    yield
  }
  const bytes = new Uint8Array(end)
  let filled = 0
  for (const part of parts) {
    bytes.set(part, filled)
    filled += part.length
    yield
  }
  return { bytes, ends }
}
