/**
 * Comparisons of what may be large.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Test } from 'tap'

/** What `t.strictSame` checks, which takes seconds for large arrays. Only a difference is left to it. */
export function same(t: Test, found: unknown, expected: unknown, message = 'the same'): void {
  if (isDeepStrictEqual(found, expected)) t.pass(message)
  else t.strictSame(found, expected, message)
}
