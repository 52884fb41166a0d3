/**
 * The addon in processes: both kinds of modules, worker threads, and ends at any time.
 */
import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { recordingScript, runNode } from '../support/child.js'

const dir = t.testdir()
const clean = { code: 0, signal: null, stderr: '' }

t.test('from an ES module and from CommonJS', async (t) => {
  const body = `new SpikeData([[1]]).N + exportSpikeDataToHdf5.name`
  const esm = `import { SpikeData, exportSpikeDataToHdf5 } from 'spikeport'; console.log(${body})`
  const cjs = `const { SpikeData, exportSpikeDataToHdf5 } = require('spikeport'); console.log(${body})`
  t.match(await runNode(esm), { code: 0, stdout: '1exportSpikeDataToHdf5\n', stderr: '' })
  t.match(await runNode(cjs, { args: ['--input-type=commonjs'] }), { code: 0, stdout: '1exportSpikeDataToHdf5\n' })
})

t.test('the process stays until its exports are done, and no longer', async (t) => {
  const script = `
    import { SpikeData, exportSpikeDataToHdf5 } from 'spikeport'
    ${recordingScript('sd', 10, 100_000)}
    exportSpikeDataToHdf5(sd, '${dir}/stays.h5', { compression: { level: 9 } }).then(({ spikeCount }) => console.log(spikeCount))
  `
  t.match(await runNode(script), { ...clean, stdout: '1000000\n' })
  t.ok(existsSync(`${dir}/stays.h5`))
})

t.test('process.exit in the middle of exports', async (t) => {
  const script = `
    import { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportToPickle } from 'spikeport'
    ${recordingScript('sd', 10, 1_000_000)}
    for (let i = 0; i < 3; i++) {
      exportSpikeDataToHdf5(sd, '${dir}/exit-' + i, { compression: { level: 9 }, onProgress: () => process.exit(7) })
      exportSpikeDataToKilosort(sd, '${dir}/exit-ks-' + i, { fsHz: 1 })
      exportToPickle(sd, '${dir}/exit-pickle-' + i, { protocol: 0 })
      SpikeData.create(sd.train.map((times) => times.toReversed()))
    }
  `
  t.match(await runNode(script), { ...clean, code: 7 })
  t.notOk(
    readdirSync(dir).some((name) => name.includes('partial')),
    'its partial files are gone',
  )
})

t.test('exports in worker threads, some of them ended in the middle', async (t) => {
  const worker = `
    const { workerData, parentPort } = require('node:worker_threads')
    import('spikeport').then(async ({ SpikeData, exportSpikeDataToHdf5, exportToPickle }) => {
      ${recordingScript('sd', 5, 200_000)}
      await exportSpikeDataToHdf5(sd, workerData + '.h5', { style: 'paired' })
      parentPort.postMessage('written')
      for (;;) await Promise.all([exportToPickle(sd, workerData + '.pkl', { protocol: 1 }), SpikeData.create([[3, 2, 1]])])
    })
  `
  const script = `
    import { Worker } from 'node:worker_threads'
    import { once } from 'node:events'
    const code = ${JSON.stringify(worker)}
    const workers = [0, 1, 2, 3].map((i) => new Worker(code, { eval: true, execArgv: [], workerData: '${dir}/worker-' + i }))
    await Promise.all(workers.map((worker) => once(worker, 'message')))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await Promise.all(workers.map((worker) => worker.terminate()))
    console.log('ended')
  `
  t.match(await runNode(script), { ...clean, stdout: 'ended\n' })
  t.strictSame(readdirSync(dir).filter((name) => /^worker-\d\.h5$/.test(name)).length, 4)
  t.notOk(readdirSync(dir).some((name) => name.includes('partial')))
})

t.test('a recording without references left is exported to its end', async (t) => {
  const script = `
    import { SpikeData, exportSpikeDataToHdf5 } from 'spikeport'
    function start() {
      const train = Array.from({ length: 50 }, (_, u) => Float64Array.from({ length: 100_000 }, (_, i) => i + u))
      return exportSpikeDataToHdf5(new SpikeData(train), '${dir}/gc.h5', { compression: { level: 6 } })
    }
    const done = start()
    const timer = setInterval(() => gc(), 1)
    await done
    clearInterval(timer)
  `
  t.match(await runNode(script, { args: ['--expose-gc'] }), clean)
  const { readHdf5 } = await import('../support/hdf5-file.js')
  const { values } = (await readHdf5(`${dir}/gc.h5`)).datasets['spike_times']!
  t.ok([0, 99_999, 100_000, 4_999_999].every((i) => values[i] === ((i % 1e5) + Math.floor(i / 1e5)) / 1000))
})

t.test('memory stays flat over many exports', async (t) => {
  const script = `
    import { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportToPickle } from 'spikeport'
    const sd = new SpikeData(Array.from({ length: 100 }, (_, u) => [u, u + 1, u + 2]))
    const round = async () => {
      for (let i = 0; i < 400; i++) {
        await exportSpikeDataToHdf5(sd, '${dir}/flat.h5', { style: 'group' })
        await exportSpikeDataToKilosort(sd, '${dir}/flat', { fsHz: 1 })
        await exportToPickle(sd, '${dir}/flat.pkl')
      }
      gc()
      return process.memoryUsage().rss / 1e6
    }
    await round()
    const before = await round()
    await round()
    console.log((await round()) - before)
  `
  // The engine's own heap otherwise grows in steps of 8 MB whenever it sees fit.
  const { stdout, ...ended } = await runNode(script, { args: ['--expose-gc', '--max-semi-space-size=1'] })
  t.match(ended, clean)
  t.ok(Number(stdout) < 5, `800 exports of each kind added ${Number(stdout).toFixed(1)} MB`)
})
