/**
 * fast-check for the tests: every property has a budget of time, and every process a seed, which a failure names. The same runs are
 * made again, however long they take, with
 *
 *     SPIKEPORT_SEED=⟨seed⟩ npm test -- ⟨file⟩
 */
import { slowdown } from './event-loop.mjs'
import * as fc from './fast-check.js'

/** On a machine left alone. */
const BUDGET_MS = 2000

const given = process.env['SPIKEPORT_SEED']
fc.configureGlobal(
  given === undefined
    ? { seed: Math.floor(Math.random() * 2 ** 31), interruptAfterTimeLimit: BUDGET_MS * slowdown() }
    : { seed: Number(given) },
)

export { fc }

/** A repeatable sequence of numbers below 1. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
}
