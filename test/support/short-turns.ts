/**
 * Whether work holds the JS thread for 5 ms at most. Here it may be twice as long, for a machine whose caches are others'; `npm run bench`
 * measures it on a machine left alone. Sizes should be such that anything done in one go takes several times that.
 */
import type { Test } from 'tap'
import { contention, usualLongestTurn } from './event-loop.mjs'

const MOST_MS = 10

/** @param what - goes before the message, where one test looks at several works */
export async function checkTurns(t: Test, work: () => Promise<unknown>, what?: string): Promise<void> {
  const before = contention()
  const longest = await usualLongestTurn(work, MOST_MS)
  const limit = MOST_MS * Math.max(before, contention())
  t.ok(longest <= limit, `${what ? `${what}: ` : ''}the longest turn took ${longest.toFixed(1)} ms, of ${limit.toFixed(1)}`)
}
