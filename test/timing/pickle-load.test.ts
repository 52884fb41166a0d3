/**
 * Loading a pickle holds the JS thread for no more than 5 ms at a time (twice that here, for a machine whose caches are others'), and ends
 * soon after its signal, with the file closed.
 */
import { readdirSync, readlinkSync } from 'node:fs'
import t from 'tap'
import type { PickleProtocol, SpikeLabObject } from '../../lib/index.js'
import { exportToPickle, loadFromPickle, NDArray, PairwiseCompMatrixStack, RateData, RateSliceStack, SpikeData } from '../../lib/index.js'
import { slowdown } from '../support/event-loop.mjs'
import { checkTurns } from '../support/short-turns.js'

const UNITS = 100_000

const dir = t.testdir()
const path = `${dir}/object.pkl`

const list = <T>(length: number, item: (i: number) => T): T[] => Array.from({ length }, (_, i) => item(i))
const times = (count: number) => Float64Array.from({ length: count }, (_, i) => i / 7)

const windows = list(200_000, (i): [number, number] => [(i * 7919) % 200_000, ((i * 7919) % 200_000) + 1])

const OBJECTS: Record<string, () => SpikeLabObject> = {
  'many units with attributes': () => {
    const neuronAttributes = list(UNITS, (unit) => ({ electrode: unit, location: [unit, 0.5], label: `unit ${unit}`, template: times(4) }))
    return new SpikeData(
      list(UNITS, (unit) => Float64Array.of(unit, unit + 1)),
      { neuronAttributes },
    )
  },
  'long trains': () => new SpikeData(list(10, () => times(1_000_000))),
  'trains that are read through the window': () => new SpikeData(list(1000, () => times(10_000))),
  rates: () => new RateData(new NDArray(new Float64Array(4_000_000), [4, 1_000_000]), times(1_000_000)),
  numbers: () => new SpikeData([], { metadata: { values: list(300_000, (i) => i / 2) } }),
  objects: () => new SpikeData([], { metadata: { values: list(100_000, (i) => ({ i })) } }),
  // JavaScript puts the keys of a larger one into new places in one go.
  'a dict': () => new SpikeData([], { metadata: { values: new Map(list(50_000, (i) => [`key ${i}`, i])) } }),
  'a long text': () => new SpikeData([], { metadata: { text: Buffer.alloc(50_000_000, 'µ text').toString('utf8') } }),
  'many windows': () => new PairwiseCompMatrixStack(new NDArray(new Int8Array(200_000), [1, 1, 200_000]), { times: windows }),
  'many windows of slices, in no order': () => new RateSliceStack(new NDArray(new Int8Array(200_000), [1, 1, 200_000]), { times: windows }),
  'a deep nest': () => new SpikeData([], { metadata: { nest: list(20_000, (i) => i).reduce<unknown[]>((inner) => [inner], []) } }),
}

/** Those with work of their own. */
const PROTOCOLS: Record<string, PickleProtocol[]> = {
  'long trains': [5, 2, 0],
  'trains that are read through the window': [5, 2],
  'a long text': [5, 0],
}

for (const [name, make] of Object.entries(OBJECTS)) {
  for (const protocol of PROTOCOLS[name] ?? [5 as const]) {
    t.test(`${name}, protocol ${protocol}`, async (t) => {
      await exportToPickle(make(), path, { protocol })
      await checkTurns(t, () => loadFromPickle(path, { onProgress: () => {} }))
    })
  }
}

t.test('stopped at any moment', async (t) => {
  for (const [name, protocol] of [
    ['long trains', 5],
    ['long trains', 0],
    ['many units with attributes', 5],
  ] as [string, PickleProtocol][]) {
    await exportToPickle(OBJECTS[name]!(), path, { protocol })
    const started = performance.now()
    await loadFromPickle(path)
    const whole = performance.now() - started
    const took: number[] = []
    for (let round = 0; round < 12; round++) {
      const controller = new AbortController()
      const reason = new Error('stop')
      let aborted = NaN
      setTimeout(
        () => {
          aborted = performance.now()
          controller.abort(reason)
        },
        (whole * round) / 14,
      )
      const outcome = await loadFromPickle(path, { signal: controller.signal }).catch((error: unknown) => error)
      if (outcome !== reason) continue
      took.push(performance.now() - aborted)
      t.notOk(openFiles().includes(path), 'the file is closed')
    }
    t.ok(took.length > 0, 'it was stopped')
    // On a machine left alone it takes a fifth of that.
    const limit = 100 * slowdown()
    t.ok(Math.max(...took) < limit, `${name}, protocol ${protocol}: at most ${Math.max(...took).toFixed(1)} ms of ${limit.toFixed(0)}`)
  }
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
}
