/**
 * The examples of docs/queues.md, as a reader would try them: the worker, and the process that adds a recording.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToKilosort, loadSpikeData, SpikeData } from '../../lib/index.js'
import { startProcess } from '../support/child.js'
import { startRedis, whyNoRedis } from '../support/redis.js'

const guide = readFileSync(new URL('../../docs/queues.md', import.meta.url), 'utf8')
const [worker = '', producer = '', ...others] = [...guide.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code as string)

t.test('docs/queues.md', { skip: whyNoRedis() ?? false }, async (t) => {
  t.strictSame(others, [])
  const redis = await startRedis(t)
  const dir = t.testdir({ 'worker.mjs': worker, 'producer.mjs': producer })
  await exportSpikeDataToKilosort(await SpikeData.create([[1, 2.5], [2]], { length: 10 }), `${dir}/sorted`, { fsHz: 20_000, phy: true })
  const start = (name: string) => startProcess('env', [`REDIS_PORT=${redis.connection.port}`, process.execPath, '--no-warnings', name], dir)
  const working = start('worker.mjs')
  t.teardown(() => working.child.kill('SIGKILL'))
  t.match(await start('producer.mjs').ended, { code: 0, stdout: /^done,done$/m, stderr: '' })
  for (const ending of ['nwb', 'h5']) t.equal((await loadSpikeData(`${dir}/out/sorted.${ending}`)).spikeCount, 3, ending)
  working.child.kill('SIGTERM')
  t.match(await working.ended, { code: 0, stderr: '' }, 'the worker ends when it is asked to')
})

t.test('the defaults of jobs are as docs/queues.md has them', async (t) => {
  const { enqueue } = await import('../../lib/bullmq/index.js')
  const optionsOf = async (defaultJobOptions?: object, job = {}) => {
    let options: unknown
    const addBulk = (jobs: { opts: object }[]) => Promise.resolve(jobs.map(({ opts }) => ((options = opts), { id: 'x' })))
    await enqueue({ addBulk, defaultJobOptions }, [{ input: 'a', targets: [{ output: 'b.nwb' }] }], { job })
    return options
  }
  const day = 24 * 60 * 60
  t.match(await optionsOf(), { attempts: 5, backoff: { type: 'exponential', delay: 5000 } })
  t.match(await optionsOf(), { removeOnComplete: { age: 7 * day }, removeOnFail: { age: 30 * day } })
  t.match(await optionsOf({ attempts: 2 }), { attempts: 2, removeOnFail: { age: 30 * day } }, "the queue's")
  t.match(await optionsOf({ attempts: 2 }, { attempts: 3, jobId: 'mine' }), { attempts: 3, jobId: /^[\w-]{22}$/ }, "the call's")
})
