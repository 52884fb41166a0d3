/**
 * Many exports, many at once, in many threads: the event loop stays free, and nothing leaks or is lost.
 */
import t from 'tap'
import { scriptOf } from '../support/child.js'
import { contention } from '../support/event-loop.mjs'

const script = scriptOf(new URL('./many/', import.meta.url))

t.test('10,000 small exports, 64 at once, in four worker threads', async (t) => {
  interface Found {
    settled: number
    failed: number
    memory: number[]
    longest: number
    left: string[]
  }
  const { settled, failed, memory, longest, left } = await script<Found>('small-exports.mjs', t.testdir())
  t.strictSame({ settled, failed, left }, { settled: 10_000, failed: 0, left: [] })
  t.ok(
    Math.min(...memory.slice(-2)) - memory[0]! < 10,
    `resident memory beside the engine's own in MB: ${memory.map(Math.round).join(', ')}`,
  )
  // Sixteen of them may be started in one turn, which is the caller's.
  t.ok(longest < 20 * contention(), `the longest turn took ${longest.toFixed(1)} ms`)
})

t.test('4,000 exports that one signal stops', async (t) => {
  interface Found {
    rounds: Record<string, { written: number; stopped: number; longest: number }[]>
    left: string[]
  }
  const { rounds, left } = await script<Found>('stop-exports.mjs', t.testdir(), '4000')
  t.strictSame(left, [])
  for (const [name, found] of Object.entries(rounds)) {
    for (const { written, stopped } of found) {
      t.equal(written + stopped, 4000)
      t.ok(stopped > 0, `${name}: ${stopped} were stopped`)
    }
    const [, usual] = found.map(({ longest }) => longest).sort((a, b) => a - b)
    t.ok(usual! < 10 * contention(), `${name}: the longest turn of most rounds took ${usual!.toFixed(1)} ms`)
  }
})
