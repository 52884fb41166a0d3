/**
 * Writers and streams that nothing ends: however their process, their thread or the last reference to them does, nothing is left.
 */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { runNode } from '../support/child.js'

const WRITER = (dir: string) => `
  import { setTimeout as sleep } from 'node:timers/promises'
  import { exportSpikeDataToHdf5, openNwbWriter, rawStream, SpikeData } from 'spikeport'
  const open = (name) =>
    openNwbWriter('${dir}/' + name, { N: 1, raw: { dtype: 'int16', channels: 64, rateKHz: 1 }, rawData: { conversion: 1 }, compression: {} })
  const fill = async (name) => {
    const writer = await open(name)
    for (let i = 0; i < 30; i++) await writer.writeRaw(new Int16Array(64 * 10_000).fill(i))
    await writer.writeSpikes({ unit: 0, times: [1, 2, 3] })
    return writer
  }
`

for (const [how, ending, code] of [
  ['process.exit', 'process.exit(7)', 7],
  ['an uncaught error', "setImmediate(() => { throw new Error('of the caller') })", 1],
  ['having nothing more to do', '', 0],
] as const) {
  t.test(`a process that ends by ${how} while files are open`, async (t) => {
    const dir = t.testdir()
    const ended = await runNode(`
      ${WRITER(dir)}
      globalThis.writer = await fill('a.nwb')
      writer.writeRaw(new Int16Array(64 * 1_000_000))
      const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
      const sd = new SpikeData([], { length: 0, rawData: rawStream(never, { dtype: 'int16', channels: 1 }), rawTime: 1 })
      exportSpikeDataToHdf5(sd, '${dir}/b.h5', { rawDataset: 'raw', rawTimeDataset: 'times' })
      await sleep(20)
      ${ending}
    `)
    t.match(ended, { code, signal: null, stdout: '' })
    t.strictSame(readdirSync(dir), [])
  })
}

t.test('a thread that is terminated', async (t) => {
  const dir = t.testdir()
  const ended = await runNode(`
    import { Worker } from 'node:worker_threads'
    const code = ${JSON.stringify(`(async () => { ${WRITER(dir).replace(/import \{(.+?)\} from '(.+?)'/g, (_, names: string, from: string) => `const {${names.replace(/ as /g, ': ')}} = await import('${from}')`)}
      globalThis.writer = await fill('a.nwb')
      const { parentPort } = await import('node:worker_threads')
      parentPort.postMessage('open')
      setInterval(() => {}, 1000)
    })()`)}
    const worker = new Worker(code, { eval: true })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
  `)
  t.strictSame(ended, { code: 0, signal: null, stdout: '', stderr: '' })
  t.strictSame(readdirSync(dir), [])
})

t.test('a writer that nothing refers to', async (t) => {
  const dir = t.testdir()
  const ended = await runNode(
    `
    ${WRITER(dir)}
    import { readdirSync } from 'node:fs'
    await fill('a.nwb')
    for (let i = 0; i < 100 && readdirSync('${dir}').length > 0; i++) {
      gc()
      await sleep(10)
    }
    console.log(readdirSync('${dir}').length)
    process.reallyExit(0)
  `,
    { args: ['--expose-gc'] },
  )
  t.strictSame(ended, { code: 0, signal: null, stdout: '0\n', stderr: '' })
})
