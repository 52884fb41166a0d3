/**
 * Columns with a list of texts a row, such as the labels that curation gave a unit.
 */
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { unset } from '../../memory/allocation.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'
import type { AttributeValues, HeldData } from './column-data.js'

/** Whether these are lists of which the first that is not empty begins with a text. */
export function* areTextLists(values: readonly unknown[]): Steps<boolean> {
  for (const value of values) {
    if (!Array.isArray(value)) return false
    if (value.length > 0) return typeof value[0] === 'string'
    if (isDue()) yield
  }
  return false
}

/** Lists of texts, with an index; no texts where a row has none. Null where something else is among them. */
export function* textListColumn({ units, values }: AttributeValues, rowCount: number): Steps<HeldData | null> {
  const texts: string[] = []
  const ends = unset(Uint32Array, rowCount)
  let next = 0
  for (let row = 0; row < rowCount; row++) {
    if (units[next] === row) {
      const list: unknown = values[next++]
      if (!Array.isArray(list)) return null
      // Not copied: an array of holes may be of any length.
      const { length } = list
      for (let i = 0; i < length; i++) {
        const text: unknown = list[i]
        if (typeof text !== 'string' || !isWritableText(text)) return null
        texts.push(text)
        spend(text.length)
        if (isDue()) yield
      }
    }
    ends[row] = texts.length
    if (isDue()) yield
  }
  const packed = yield* packTexts(texts.length, (i) => texts[i] as string)
  return {
    values: { data: 'texts', texts: packed, count: texts.length },
    index: { kind: 'array', data: ends, shape: [rowCount] },
  }
}
