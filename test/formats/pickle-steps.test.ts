import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { pickle } from '../../lib/formats/pickle/pickler.js'
import { atOnce } from '../../lib/steps.js'
import { render } from '../support/segments.js'
import { unpickle } from '../support/unpickle.js'

function stepsOf(value: unknown): number {
  let count = 0
  for (const steps = pickle(value, 5); !steps.next().done; count++);
  return count
}

// Outside of a slice all time is up: the walk stops wherever it asks for the time, which it does once in 64 values.
t.test('the walk stops between values, and within long texts and keys', async (t) => {
  t.ok(stepsOf(Array.from({ length: 1000 }, (_, i) => ({ i }))) >= 2000 / 64)
  t.ok(stepsOf('x'.repeat(1e6)) >= 200)
  t.ok(stepsOf({ ['x'.repeat(1e6)]: 1 }) >= 200)
})

t.test('long keys', async () => {
  const entries = { ['é'.repeat(10_000)]: 'a', after: 'b' }
  const dict = new Map(Object.entries(entries))
  for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
    deepStrictEqual(unpickle(render(atOnce(pickle([entries, { ...entries }], protocol)))).value, [dict, dict])
  }
})
