/** Blocks of spikes on their way from a file to a spool: read ahead, by one. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { SpikeSpool } from '../../lib/recording/spike-spool.js'
import type { SpikeBlocks } from '../../lib/recording/spool-blocks.js'
import { BLOCK_SPIKES, spoolBlocks } from '../../lib/recording/spool-blocks.js'

/** A spool that takes all spikes but one. */
function spoolThat(log: string[], refused = Infinity): SpikeSpool {
  let taken = 0
  const addTimes: SpikeSpool['addTimes'] = async (_, times) => {
    const from = taken
    taken += times.length
    await sleep(5)
    log.push(`taken ${from}`)
    return refused < taken ? { at: refused - from, problem: { kind: 'unit', unit: 9, value: 1 } } : undefined
  }
  return { values: [], addTimes } as unknown as SpikeSpool
}

const units = (length: number) => new Uint32Array(length)

function reading(log: string[], failsAt = Infinity): SpikeBlocks {
  let isReading = false
  return {
    units,
    async read(from, { times }) {
      t.notOk(isReading, 'one block is read at a time')
      isReading = true
      log.push(`read ${from}`)
      await sleep(1)
      times.fill(from)
      isReading = false
      if (from >= failsAt) throw new Error(`no block at ${from}`)
    },
  }
}

t.test('the next block is read while one is taken', async (t) => {
  const log: string[] = []
  t.equal(await spoolBlocks(spoolThat(log), 2 * BLOCK_SPIKES + 1, {}, reading(log)), undefined)
  const [first, second, third] = [0, BLOCK_SPIKES, 2 * BLOCK_SPIKES]
  t.strictSame(log, [`read ${first}`, `read ${second}`, `taken ${first}`, `read ${third}`, `taken ${second}`, `taken ${third}`])
})

t.test('nothing is read of no spikes', async (t) => {
  const log: string[] = []
  t.equal(await spoolBlocks(spoolThat(log), 0, {}, reading(log)), undefined)
  t.strictSame(log, [])
})

t.test('a block that cannot be read is an error after those before it were taken', async (t) => {
  const log: string[] = []
  await t.rejects(spoolBlocks(spoolThat(log), 3 * BLOCK_SPIKES, {}, reading(log, BLOCK_SPIKES)), { message: `no block at ${BLOCK_SPIKES}` })
  t.strictSame(log, ['read 0', `read ${BLOCK_SPIKES}`, 'taken 0'])
})

t.test('a refused spike is reported, and the block that was read meanwhile is waited for', async (t) => {
  const log: string[] = []
  const lost: unknown[] = []
  const keep = (error: unknown) => void lost.push(error)
  process.on('unhandledRejection', keep)
  const found = await spoolBlocks(spoolThat(log, 7), 3 * BLOCK_SPIKES, {}, reading(log, BLOCK_SPIKES))
  await sleep(10)
  process.off('unhandledRejection', keep)
  t.strictSame(found, { at: 7, problem: { kind: 'unit', unit: 9, value: 1 } })
  t.strictSame(log, ['read 0', `read ${BLOCK_SPIKES}`, 'taken 0'])
  t.strictSame(lost, [])
})

t.test('an abort stops after the block that is taken', async (t) => {
  const log: string[] = []
  const signal = AbortSignal.abort(new Error('enough'))
  await t.rejects(spoolBlocks(spoolThat(log), 3 * BLOCK_SPIKES, { signal }, reading(log)), { message: 'enough' })
  t.strictSame(log, ['read 0', `read ${BLOCK_SPIKES}`, 'taken 0'])
})
