/**
 * Work in steps pauses by the clock, however long its items are.
 */
import t from 'tap'
import type { Steps } from '../../lib/steps.js'
import { atOnce, inRanges, inSlices, isDue, SLICE_MS, spend } from '../../lib/steps.js'

/** A clock that only the work moves on. */
let now = 0
let looks = 0
t.before(() => {
  performance.now = () => {
    looks++
    return now
  }
})

function* items(count: number, msEach: number, elementsEach = 0): Steps<number> {
  for (let i = 0; i < count; i++) {
    now += msEach
    spend(elementsEach)
    if (isDue()) yield
  }
  return count
}

/** How long each slice of the work takes. */
async function slicesOf<T>(steps: Steps<T>): Promise<number[]> {
  const slices: number[] = []
  let start = now
  const timed = {
    next() {
      start = now
      const step = steps.next()
      slices.push(now - start)
      return step
    },
  }
  await inSlices(timed as Steps<T>)
  return slices
}

t.test('a slice of short items takes a millisecond, and few looks at the clock', async (t) => {
  looks = 0
  const slices = await slicesOf(items(100_000, 0.0001))
  t.ok(slices.length >= 9 && slices.length <= 11, `${slices.length} slices`)
  t.ok(Math.max(...slices) <= SLICE_MS + 64 * 0.0001 + 1e-9)
  t.ok(looks <= 100_000 / 64 + 2 * slices.length, `${looks} looks`)
})

t.test('no slice of items of some microseconds is much longer', async (t) => {
  t.ok(Math.max(...(await slicesOf(items(10_000, 0.004)))) < SLICE_MS + 0.3)
})

t.test('the clock is asked after every item that is a long text or array', async (t) => {
  t.ok(Math.max(...(await slicesOf(items(1000, 0.2, 8192)))) <= SLICE_MS + 0.2 + 1e-9)
})

t.test('elements are worked on in ranges', async (t) => {
  const seen: [number, number][] = []
  const work = (from: number, to: number) => {
    now += (to - from) * 30e-6
    seen.push([from, to])
  }
  const slices = await slicesOf(inRanges(100_001, work))
  t.ok(Math.max(...slices) < SLICE_MS + 0.3)
  t.equal(seen[0]?.[0], 0)
  for (const [i, [from]] of seen.entries()) t.equal(from, seen[i - 1]?.[1] ?? 0)
  t.equal(seen.at(-1)?.[1], 100_001)
  t.same([...inRanges(0, () => t.fail('there is nothing to work on'))], [])
})

t.test('at once, nothing pauses or looks at the clock, also inside of a slice', async (t) => {
  function* nested(): Steps<number> {
    let done = 0
    for (let i = 0; i < 100; i++) {
      const before = looks
      done += atOnce(items(1000, 0.01))
      t.equal(looks, before)
      if (isDue(64)) yield
    }
    return done
  }
  t.equal(atOnce(items(1000, 1)), 1000)
  const slices = await slicesOf(nested())
  t.equal(slices.length, 101, 'the slice around it ends where it would have ended')
})

t.test('what work throws at once leaves later slices as they are', async (t) => {
  const broken = function* (): Steps<void> {
    throw new Error('broken')
  }
  t.throws(() => atOnce(broken()), { message: 'broken' })
  t.ok((await slicesOf(items(100_000, 0.0001))).length > 5)
})

t.test('the signal stops work before its next slice', async (t) => {
  const stopped = new AbortController()
  const reason = new Error('stopped')
  let done = 0
  function* steps(): Steps<void> {
    for (; done < 1000; done++) {
      now += 1
      if (isDue(64)) yield
      if (done === 10) stopped.abort(reason)
    }
  }
  await t.rejects(inSlices(steps(), stopped.signal), reason)
  t.ok(done < 15)
})
