/**
 * The service of ../fastify with its conversions in a queue: this process receives uploads and sends results, those of worker.mjs convert. It
 * has no state of its own, so that there may be several.
 *
 *     npm install spikeport fastify @fastify/multipart bullmq ioredis
 *     FOLDER=/shared/conversions REDIS_HOST=redis PORT=3000 node server.mjs
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import multipart from '@fastify/multipart'
import { Queue } from 'bullmq'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { FormatError, inspect } from 'spikeport'
import { enqueue } from 'spikeport/bullmq'
import { CANCEL, connection, FOLDER, QUEUE } from './settings.mjs'

/** Endings of results by format. */
const ENDINGS = { nwb: '.nwb', hdf5: '.h5', pickle: '.pkl' }
const MOST_BYTES = Number(process.env.MAX_UPLOAD_BYTES ?? 4 * 2 ** 30)
/** How long uploads and results are kept that no client has taken, in s. */
const KEPT_S = 24 * 60 * 60
/** The time between two looks at a job, in ms. */
const PACE_MS = 200

await mkdir(FOLDER, { recursive: true })
const queue = new Queue(QUEUE, { connection })
queue.on('error', (error) => app.log.error(error.message))
const publisher = new Redis(connection)
publisher.on('error', (error) => app.log.error(error.message))

const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'warn' }, bodyLimit: MOST_BYTES })
app.removeAllContentTypeParsers()
// A body of any other type is the file itself.
app.addContentTypeParser('*', (_request, body, done) => done(null, body))
await app.register(multipart, { limits: { fileSize: MOST_BYTES, files: 1, fields: 0 } })

// An answer says what is wrong with the request, and nothing of this machine.
app.setErrorHandler((/** @type {import('fastify').FastifyError} */ error, request, reply) => {
  const { statusCode = 500, message } = error
  if (statusCode >= 500) request.log.error(error)
  return reply.code(statusCode).send({ message: statusCode === 500 ? 'The recording cannot be converted.' : message })
})

app.post('/conversions', async (request, reply) => {
  const { to = 'nwb' } = /** @type {{ to?: string }} */ (request.query)
  if (!Object.hasOwn(ENDINGS, to)) throw httpError(400, `Expected one of ${Object.keys(ENDINGS).join(', ')} for 'to'.`)
  // The name that the client gave its file is not used.
  const body = request.isMultipart() ? (await request.file())?.file : request.body
  if (!(body instanceof Readable)) throw httpError(400, 'Expected a file in the body.')
  const folder = await mkdtemp(join(FOLDER, 'conversion-'))
  try {
    const input = join(folder, 'upload')
    await pipeline(body, limited, createWriteStream(input))
    await inspect(input)
    const recording = { input, targets: [{ output: join(folder, `recording${ENDINGS[to]}`), to }] }
    const [id] = await enqueue(queue, [recording], { job: { removeOnComplete: { age: KEPT_S }, removeOnFail: { age: KEPT_S } } })
    return reply.code(202).send({ id })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error instanceof FormatError ? httpError(422, withoutFolder(error.message, folder)) : error
  }
})

app.get('/conversions/:id/progress', async (request, reply) => {
  const job = await jobOf(request)
  let isOver = false
  reply.raw.once('close', () => {
    if (!isOver) void remove(job)
  })
  const events = eventsOf(job, () => (isOver = true))
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(Readable.from(events))
})

app.get('/conversions/:id/result', async (request, reply) => {
  const job = await jobOf(request)
  const { state, message } = await progressOf(job)
  if (state === 'running') throw httpError(409, 'The conversion is going on.')
  reply.raw.once('close', () => void remove(job))
  if (state === 'failed') throw httpError(422, message ?? '')
  const { output } = job.data.targets[0]
  return reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename="${basename(output)}"`)
    .send(createReadStream(output))
})

app.delete('/conversions/:id', async (request, reply) => {
  await remove(await jobOf(request))
  return reply.code(204).send()
})

/** @param {import('fastify').FastifyRequest} request */
async function jobOf(request) {
  const { id } = /** @type {{ id: string }} */ (request.params)
  const job = /^[\w-]{22}$/.test(id) ? await queue.getJob(id) : undefined
  if (!job) throw httpError(404, 'There is no such conversion.')
  return job
}

/** Where a job is now. @param {import('bullmq').Job} job */
async function progressOf({ id = '', data }) {
  const job = await queue.getJob(id)
  if (!job) return { state: 'failed', message: 'The conversion was stopped.' }
  const state = await job.getState()
  if (state === 'completed') return { state: 'done' }
  if (state === 'failed') return { state: 'failed', message: withoutFolder(job.failedReason, dirname(data.input)) }
  return { state: 'running', .../** @type {object} */ (job.progress) }
}

/** What there is of a job as events, up to its end. @param {import('bullmq').Job} job */
async function* eventsOf(job, onEnd) {
  let said = ''
  for (;;) {
    const progress = await progressOf(job)
    if (progress.state !== 'running') onEnd()
    const text = JSON.stringify(progress)
    if (text !== said) yield `data: ${text}\n\n`
    said = text
    if (progress.state !== 'running') return
    await delay(PACE_MS)
  }
}

/** Stops a job, wherever it is, and removes all that there is of it. @param {import('bullmq').Job} job */
async function remove(job) {
  // One that a worker has cannot be removed before that worker has stopped it. The sweep finds what is left if none answers.
  for (let tries = 0; tries < 50; tries++) {
    const isRemoved = await job.remove().then(
      () => true,
      () => false,
    )
    if (isRemoved) break
    await publisher.publish(CANCEL, job.id ?? '')
    await delay(PACE_MS)
  }
  await rm(dirname(job.data.input), { recursive: true, force: true })
}

/** Removes what no client has taken. */
async function sweep() {
  for (const name of await readdir(FOLDER)) {
    const { mtimeMs } = await stat(join(FOLDER, name)).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > KEPT_S * 1000) await rm(join(FOLDER, name), { recursive: true, force: true })
  }
}

/** Passes a body on, up to the limit. @param {AsyncIterable<Buffer>} body */
async function* limited(body) {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw httpError(413, `Expected at most ${MOST_BYTES} bytes.`)
    yield chunk
  }
  // The parser of multipart bodies ends a file at the limit.
  if (/** @type {{ truncated?: boolean }} */ (body).truncated) throw httpError(413, `Expected at most ${MOST_BYTES} bytes.`)
}

/** An error as clients are told of it. */
function withoutFolder(message, folder) {
  return message.replaceAll(`${folder}/`, '')
}

function httpError(statusCode, message) {
  return Object.assign(new Error(message), { statusCode })
}

setInterval(() => void sweep().catch((error) => app.log.error(error)), 60 * 60_000).unref()
app.addHook('onClose', async () => {
  await queue.close()
  publisher.disconnect()
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close())
console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' }))
