/**
 * fast-check for the tests: every property has a budget of time, and every process a seed, which a failure names. The same runs are
 * made again, however long they take, with
 *
 *     SPIKEPORT_SEED=⟨seed⟩ npm test -- ⟨file⟩
 */
import fc from 'fast-check'
import { slowdown } from './event-loop.mjs'

/** On a machine left alone. */
const BUDGET_MS = 2000

const given = process.env['SPIKEPORT_SEED']
fc.configureGlobal(
  given === undefined
    ? { seed: Math.floor(Math.random() * 2 ** 31), interruptAfterTimeLimit: BUDGET_MS * slowdown() }
    : { seed: Number(given) },
)

export { fc }
