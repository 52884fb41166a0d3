/**
 * When a warning comes: in the report of each export that succeeds, and once a process and code, whichever thread exports.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import { named } from '../../lib/engine/warnings.js'
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { runNode } from '../support/child.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()

t.test('a report has the warnings of its export', async (t) => {
  const sd = new SpikeData([[-1]], { startTime: -2, neuronAttributes: [{ self: {} }] })
  for (let i = 0; i < 2; i++) {
    const { warnings } = await exportSpikeDataToNwb(sd, `${dir}/a.nwb`)
    t.strictSame(
      warnings.map(({ code }) => code),
      ['SPIKEPORT_NWB_START_UNKNOWN', 'SPIKEPORT_NWB_ATTRIBUTES_SKIPPED'],
    )
    for (const { message } of warnings) t.match(message, /^[A-Z][^\n]+\.$/)
  }
  const { warnings } = await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz: 30000 })
  t.match(warnings, [{ code: 'SPIKEPORT_START_TIME_LOST', message: /-2 ms/ }])
})

t.test('names in a warning are printable, and ten at most', async (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `n${i}`)
  t.equal(named(['a', 'b\n\u202e']), "'a', 'b\\x0a\\u202e'")
  t.equal(named(names.slice(0, 10)), "'n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9'")
  t.equal(named(names), "'n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9' and 2 more")
  t.ok(named(['x'.repeat(10_000)]).length < 100)
})

t.test('an export that fails warns of nothing', async (t) => {
  const sd = new SpikeData([[-1]], { startTime: -2 })
  const failing = [
    () => exportSpikeDataToNwb(sd, `${dir}/missing/a.nwb`),
    () => exportSpikeDataToNwb(sd, `${dir}/a.nwb`, { signal: AbortSignal.abort() }),
    () => exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz: 30000, phy: true }),
  ]
  for (const fail of failing) t.strictSame(await warningsOf(() => t.rejects(fail())), [])
  t.notOk(existsSync(`${dir}/phy`))
})

t.test('a process emits each code once, for all its threads', async (t) => {
  const body = `import('spikeport').then(async ({ SpikeData, exportSpikeDataToKilosort, exportSpikeDataToNwb }) => {
    const sd = new SpikeData([[1]], { startTime: 1 })
    for (let i = 0; i < 3; i++) {
      await exportSpikeDataToNwb(sd, '${dir}/process.nwb')
      await exportSpikeDataToKilosort(sd, '${dir}/process', { fsHz: 30000 })
    }
  })`
  const { stderr } = await runNode(`
    import { once } from 'node:events'
    import { Worker } from 'node:worker_threads'
    const body = ${JSON.stringify(body)}
    for (let i = 0; i < 2; i++) await once(new Worker(body, { eval: true }), 'exit')
    await eval(body)
  `)
  t.strictSame(stderr.match(/SPIKEPORT_\w+/g), ['SPIKEPORT_NWB_START_UNKNOWN', 'SPIKEPORT_START_TIME_LOST'], stderr)
})
