/**
 * `spikeport/bullmq` on a real Redis: many exports by two processes while one is killed and Redis restarts, what fails and what is tried
 * again, progress, cancellation.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { QueueEvents } from 'bullmq'
import t from 'tap'
import type { QueuedRecording } from '../../lib/bullmq/index.js'
import { createProcessor, enqueue } from '../../lib/bullmq/index.js'
import { loadSpikeDataFromKilosort, loadSpikeDataFromNwb } from '../../lib/index.js'
import { batchFolder, inputOf, journalOf, outputsOf, repair, trainsOf } from '../support/batches.js'
import {
  CONCURRENCY,
  ended,
  enqueueOne,
  killAtWork,
  largeRecording,
  NWB,
  phyTarget,
  queueOn,
  startWorker,
  until,
  workerHere,
} from '../support/queues.js'
import { startRedis, whyNoRedis } from '../support/redis.js'
import { checkTurns } from '../support/short-turns.js'
import { spikeport } from '../support/spikeport-program.js'

const skip = whyNoRedis() ?? false

t.test('400 exports by two processes, one of which is killed, while Redis restarts', { skip }, async (t) => {
  const RECORDINGS = 200
  const redis = await startRedis(t)
  const dir = await batchFolder(t, { count: RECORDINGS })
  const planned = await spikeport(['plan', 'spec.yml', '--shards', '1', '-q'], dir)
  writeFileSync(`${dir}/plan.jsonl`, planned.stdout)
  const queue = queueOn(t, redis)
  const ids = await enqueue(queue, `${dir}/plan.jsonl`)
  t.equal(new Set(ids).size, RECORDINGS)
  t.notMatch(ids.join(''), ':')
  t.strictSame(await enqueue(queue, `${dir}/plan.jsonl`), ids, 'the same again')
  t.equal(await queue.getWaitingCount(), RECORDINGS, 'nothing is there twice')

  const results = `${dir}/results`
  const workers = [1, 2].map(() => startWorker(t, redis, queue, { results }))
  await until('some are done', async () => (await queue.getCompletedCount()) > RECORDINGS / 8)
  const inHand = await killAtWork(queue, workers[0]!)
  await until('more are done', async () => (await queue.getCompletedCount()) > RECORDINGS / 3)
  await redis.kill()
  await delay(300)
  await redis.start()
  const before = await queue.getCompletedCount()
  t.ok(before < RECORDINGS, `Redis was restarted in the middle, after ${before}`)
  await until('all are done', async () => (await queue.getCompletedCount()) === RECORDINGS)
  t.equal(await queue.getFailedCount(), 0)
  for (const id of inHand) t.match(await queue.getJob(id), { processedBy: workers[1]!.name }, 'the other has done what it had in hand')

  for (let i = 0; i < RECORDINGS; i++) {
    const [nwb, phy] = outputsOf(dir, i)
    for (const sd of [await loadSpikeDataFromNwb(nwb), await loadSpikeDataFromKilosort(phy, { fsHz: 20_000 })]) {
      const spikes = trainsOf(i).filter((train) => train.length > 0)
      t.strictSame(
        [...sd.train].map((train) => Array.from(train)).filter((train) => train.length > 0),
        spikes,
        `recording ${i}`,
      )
    }
  }
  const names = readdirSync(`${dir}/out`, { recursive: true, encoding: 'utf8' })
  t.equal(names.filter((name) => name.endsWith('.nwb')).length, RECORDINGS)
  t.strictSame(
    names.filter((name) => name.includes('spikeport')),
    [],
    'nothing is half done',
  )
  // Only what the killed process had in hand, and what was done when Redis went, may have been made a second time.
  const made = journalOf(results).filter(({ status }) => status === 'done')
  t.equal(new Set(made.map(({ output }) => output)).size, RECORDINGS * 2)
  t.ok(made.length <= RECORDINGS * 2 + 2 * CONCURRENCY, `${made.length} were made`)
  t.match(await spikeport(['status', 'plan.jsonl', '--results', 'results'], dir), { code: 0 }, 'the program knows what is done')
})

t.test('jobs', { skip }, async (t) => {
  const redis = await startRedis(t)

  t.test('the outcome of each output is what a job returns', async (t) => {
    const dir = await batchFolder(t, { count: 1 })
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue)
    const [nwb, phy] = outputsOf(dir, 0)
    const recording = { input: inputOf(dir, 0), targets: [{ output: nwb, writing: NWB }, phyTarget(phy)] }
    const job = await ended(queue, await enqueueOne(queue, recording))
    t.match(job.returnvalue, [
      { status: 'done', format: 'nwb', output: nwb, units: 3, spikes: 3 },
      { status: 'done', format: 'phy', output: phy, units: 3, spikes: 3 },
    ])
  })

  t.test('what was made before is left, and what has changed is made again', async (t) => {
    const dir = await batchFolder(t, { count: 1 })
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue, { results: `${dir}/results` })
    // Another process, which was there before.
    startWorker(t, redis, queue, { results: `${dir}/results` })
    const [, phy] = outputsOf(dir, 0)
    const recording = { input: inputOf(dir, 0), targets: [phyTarget(phy)] }
    const first = await ended(queue, await enqueueOne(queue, recording))
    for (let i = 0; i < 4; i++) {
      await (await queue.getJob(first.id!))!.remove()
      const again = await ended(queue, await enqueueOne(queue, recording))
      t.equal(again.id, first.id)
      t.match(again.returnvalue, [{ status: 'skipped', reason: 'it was made before' }])
    }
    await repair(dir, 0)
    const changed = await ended(queue, await enqueueOne(queue, recording))
    t.not(changed.id, first.id, 'another state of the input is another job')
    t.match(changed.returnvalue, [{ status: 'done' }])
  })

  t.test('a damaged file fails at once', async (t) => {
    const dir = await batchFolder(t, { count: 1, damaged: [0] })
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue)
    const recording = { input: inputOf(dir, 0), targets: [phyTarget(outputsOf(dir, 0)[1])] }
    const job = await ended(queue, await enqueueOne(queue, recording))
    t.match(job, { attemptsMade: 1, failedReason: /^Cannot read '.*sorting\.pkl': [^\n]*\.$/ })
  })

  t.test('an input that is not there fails at once', async (t) => {
    const dir = t.testdir()
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue)
    const job = await ended(queue, await enqueueOne(queue, { input: `${dir}/gone\n.nwb`, targets: [phyTarget(`${dir}/phy`)] }))
    t.match(job, { attemptsMade: 1, failedReason: /^[^\n]*no such file or directory[^\n]*$/ })
  })

  t.test('data of another program fails at once', async (t) => {
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue)
    for (const data of [{ file: 'x' }, { input: 'a', reading: {}, targets: [{ output: 'b', to: 'doc', writing: {} }] }]) {
      const { id } = await queue.add('convert', data as never)
      t.match(await ended(queue, id!), { failedReason: 'Expected a recording of enqueue() as the data of the job.' })
    }
  })

  t.test('what can pass is tried again', async (t) => {
    const dir = t.testdir()
    const queue = queueOn(t, redis)
    startWorker(t, redis, queue, {}, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_MAX_ATTEMPTS: '1' })
    // Nothing listens there.
    const reading = { s3Endpoint: 'http://127.0.0.1:9', forcePathStyle: true }
    const recording = { input: 's3://bucket/a.nwb', reading, targets: [phyTarget(`${dir}/phy`)] }
    const [id] = await enqueue(queue, [recording], { job: { attempts: 3, backoff: 10 } })
    t.match(await ended(queue, id!), { attemptsMade: 3, failedReason: /s3:\/\/bucket\/a\.nwb/ })
  })

  t.test('progress, and cancellation', async (t) => {
    const { dir, recording } = await largeRecording(t)
    const queue = queueOn(t, redis)
    const events = new QueueEvents(queue.name, { connection: redis.connection })
    t.teardown(() => events.close())
    await events.waitUntilReady()
    const progress: unknown[] = []
    events.on('progress', ({ data }) => progress.push(data))
    const worker = workerHere(t, redis, queue)
    const id = await enqueueOne(queue, recording)
    await until('progress is reported', () => progress.length > 0)
    t.match(progress[0], { label: /^(Reading|Writing)$/, bytesDone: Number, bytesTotal: Number })
    t.ok(worker.cancelJob(id, 'the client has\u0007 gone'))
    t.match(await ended(queue, id), { attemptsMade: 1, failedReason: 'Cancelled: the client has\\x07 gone' })
    t.strictSame(readdirSync(dir), ['large.pkl'], 'nothing is left')
  })

  t.test('a process that ends gives its job back', async (t) => {
    const { dir, recording } = await largeRecording(t)
    const queue = queueOn(t, redis)
    const worker = workerHere(t, redis, queue)
    const id = await enqueueOne(queue, recording)
    await until('the job is active', async () => (await queue.getActiveCount()) === 1)
    const startedAt = performance.now()
    await worker.close()
    t.ok(performance.now() - startedAt < 2000, 'it does not wait for the conversion')
    t.equal(await queue.getJobState(id), 'waiting')
    t.match(await queue.getJob(id), { attemptsMade: 0 })
    t.strictSame(readdirSync(dir), ['large.pkl'], 'nothing is left')
  })

  t.test('adding many recordings does not hold the event loop', async (t) => {
    const queue = queueOn(t, redis)
    let round = 0
    await checkTurns(t, async () => {
      round++
      const recordings = Array.from({ length: 4000 }, (_, i) => ({ input: `/none/${round}/${i}`, targets: [phyTarget(`/none/phy-${i}`)] }))
      t.equal((await enqueue(queue, recordings)).length, 4000)
    })
  })
})

t.test('what is no recording is refused before anything is added', async (t) => {
  const queue = { addBulk: () => Promise.reject(new Error('nothing is added')) }
  const good = { input: 'a.nwb', targets: [{ output: 'b.pkl' }] }
  const refused: [recording: unknown, message: RegExp][] = [
    [null, /^Expected an object for recordings\[1\] but received null\.$/],
    [{ ...good, input: 3 }, /^Expected a string for recordings\[1\]\.input but received 3\.$/],
    [{ ...good, to: 'nwb' }, /^Expected the name of an option for recordings\[1\] but received 'to'/],
    [{ ...good, targets: [] }, /^Expected at least one output for recordings\[1\]\.targets but received \[\]\.$/],
    [{ ...good, targets: 'b.nwb' }, /^Expected a list for recordings\[1\]\.targets but received 'b\.nwb'\.$/],
    [{ ...good, targets: [{ output: 'b.txt' }] }, /^Expected a format, as the ending .* for recordings\[1\]\.targets\[0\]\.to /],
    [{ ...good, targets: [{ output: 'b', to: 'doc' }] }, /for recordings\[1\]\.targets\[0\]\.to but received 'doc'\.$/],
    [{ ...good, from: 'doc' }, /for recordings\[1\]\.from but received 'doc'\.$/],
    [{ ...good, input: 's3://bucket/key' }, /^Expected a format, as the ending of the input is that of none, for recordings\[1\]\.from /],
    [{ ...good, reading: [] }, /^Expected a plain object for recordings\[1\]\.reading but received \[\]\.$/],
  ]
  for (const [recording, message] of refused) await t.rejects(enqueue(queue, [good, recording as QueuedRecording]), { message })
  t.throws(() => createProcessor({ existing: 'refreshed' as 'refresh' }), { code: 'ERR_INVALID_ARG_VALUE' })
  for (const wrong of [{ threads: 0 }, { durable: 1 }, { signal: {} }, { results: '' }] as object[]) {
    t.throws(() => createProcessor(wrong), { message: `for ${Object.keys(wrong)[0]} but received` })
  }
  t.throws(() => createProcessor({ result: 'x' } as object), { message: /did you mean results\?/ })
})
