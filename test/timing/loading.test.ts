/**
 * Loading does not hold the JS thread for more than 5 ms at a time (twice that here, see event-loop.test.ts), and an abort ends it soon, with
 * nothing left open.
 */
import { readdirSync, readlinkSync } from 'node:fs'
import t from 'tap'
import type { Hdf5Options, LoadHdf5Options } from '../../lib/index.js'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from '../../lib/index.js'
import { contention, slowdown, usualLongestTurn } from '../support/event-loop.mjs'

const LIMIT_MS = 10
const ABORT_LIMIT_MS = 100
const ROUNDS = 12

const dir = t.testdir()

/** Spikes of units, in order. */
function recording(unitCount: number, spikesEach: number): SpikeData {
  const flat = new Float64Array(unitCount * spikesEach)
  for (let i = 0; i < flat.length; i++) flat[i] = (i % spikesEach) * 3.25 + (i % 7) / 64
  return SpikeData.fromFlat(
    flat,
    Array.from({ length: unitCount }, (_, unit) => (unit + 1) * spikesEach),
  )
}

const STYLES: Record<string, { options: Hdf5Options; load?: LoadHdf5Options }> = {
  ragged: { options: { style: 'ragged' } },
  'ragged, compressed': { options: { style: 'ragged', compression: { level: 1 } } },
  paired: { options: { style: 'paired' } },
  group: { options: { style: 'group' } },
  raster: { options: { style: 'raster', rasterBinSizeMs: 50 } },
}

for (const [name, { options, load }] of Object.entries(STYLES)) {
  const path = `${dir}/${name}.h5`
  t.test(name, async (t) => {
    const sd = name === 'raster' ? recording(100, 20_000) : recording(50_000, 40)
    await exportSpikeDataToHdf5(sd, path, options)
    const before = contention()
    const longest = await usualLongestTurn(() => loadSpikeDataFromHdf5(path, load), LIMIT_MS)
    const limit = LIMIT_MS * Math.max(before, contention())
    t.ok(longest <= limit, `the longest turn took ${longest.toFixed(1)} ms, of ${limit.toFixed(1)}`)

    const started = performance.now()
    await loadSpikeDataFromHdf5(path, load)
    const duration = performance.now() - started
    let slowest = 0
    for (let round = 0; round < ROUNDS; round++) {
      const controller = new AbortController()
      let aborted = Number.NaN
      const timer = setTimeout(
        () => {
          aborted = performance.now()
          controller.abort('enough')
        },
        (duration * round) / ROUNDS,
      )
      const outcome: unknown = await loadSpikeDataFromHdf5(path, { ...load, signal: controller.signal } as LoadHdf5Options).catch(
        (reason: unknown) => reason,
      )
      clearTimeout(timer)
      if (outcome !== 'enough') continue
      slowest = Math.max(slowest, performance.now() - aborted)
      t.strictSame(
        readdirSync('/proc/self/fd').filter((fd) => leadsTo(fd, path)),
        [],
        'nothing is open',
      )
    }
    const most = ABORT_LIMIT_MS * slowdown()
    t.ok(slowest < most, `stopped within ${slowest.toFixed(1)} ms, of ${most.toFixed(0)}`)
  })
}

function leadsTo(fd: string, path: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`) === path
  } catch {
    return false
  }
}
