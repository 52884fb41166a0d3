/**
 * Numbers of rows or channels, which have to be less than their count.
 */
import type { Steps } from '../steps.js'
import { inRanges } from '../steps.js'
import type { NumericArray } from './typed-arrays.js'

/** The first number that is not among 0 to `count - 1`. */
export function* firstOutside(data: NumericArray, count: number): Steps<number | undefined> {
  let outside: number | undefined
  yield* inRanges(data.length, (from, to) => {
    for (let i = from; i < to && outside === undefined; i++) {
      const number = Number(data[i])
      if (!(number >= 0 && number < count)) outside = number
    }
  })
  return outside
}
