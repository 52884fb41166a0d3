/**
 * Asynchronous properties of the tests (test/support/property.ts).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { fc } from '../support/property.js'

t.test('a run that is under way when the budget of time ends is waited for', async (t) => {
  let begun = 0
  let ended = 0
  const property = fc.asyncProperty(fc.integer(), fc.boolean(), async () => {
    begun++
    await sleep(100)
    ended++
  })
  await fc.assert(property, { interruptAfterTimeLimit: 150 })
  t.ok(begun > 0)
  t.equal(ended, begun)
})

t.test('a failure is that of the property', async (t) => {
  const property = fc.asyncProperty(fc.constant(1), () => Promise.reject(new Error('it is wrong')))
  await t.rejects(Promise.resolve(fc.assert(property)), { cause: { message: 'it is wrong' } })
})
