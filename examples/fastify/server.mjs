/**
 * A service that converts recordings: an upload (an NWB or HDF5 file, a pickle, an archive of a Phy folder) becomes a job of this process,
 * whose progress is a stream of server-sent events, and whose result is streamed. Nothing outlives its client.
 *
 *     npm install spikeport fastify @fastify/multipart
 *     PORT=3000 node server.mjs
 *
 *     curl -F file=@phy.zip 'localhost:3000/conversions?to=nwb'      {"id":"…"}; also a raw body, by --data-binary @recording.nwb
 *     curl -N localhost:3000/conversions/ID/progress                 stopping it stops the conversion
 *     curl -OJ localhost:3000/conversions/ID/result
 */
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import Fastify from 'fastify'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle, FormatError, inspect, loadSpikeData } from 'spikeport'

const FORMATS = {
  nwb: { name: 'recording.nwb', write: exportSpikeDataToNwb },
  hdf5: { name: 'recording.h5', write: exportSpikeDataToHdf5 },
  pickle: { name: 'recording.pkl', write: exportToPickle },
}
const MOST_BYTES = Number(process.env.MAX_UPLOAD_BYTES ?? 4 * 2 ** 30)
/** Recordings that are received, converted or kept at the same time. */
const MOST_CONVERSIONS = 16
/** How long a result waits for its client, in ms. */
const KEPT_MS = 10 * 60_000

/** A conversion, which has a folder of its own. It emits `change` when there is another `progress`. */
class Conversion extends EventEmitter {
  id = randomUUID()
  /** @type {{ state: 'running' | 'done' | 'failed', [name: string]: unknown }} */
  progress = { state: 'running' }
  #stop = new AbortController()
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  #work = Promise.resolve()

  constructor(folder, format) {
    super()
    this.folder = folder
    this.input = join(folder, 'upload')
    this.name = format.name
    this.output = join(folder, format.name)
    this.write = format.write
  }

  start() {
    this.#work = this.#convert().then(
      () => this.#end({ state: 'done' }),
      (error) => this.#end({ state: 'failed', message: said(error, this) }),
    )
  }

  async #convert() {
    const { signal } = this.#stop
    const onReading = ({ bytesRead, bytesTotal }) => this.#change({ state: 'running', step: 'reading', bytesDone: bytesRead, bytesTotal })
    const onWriting = ({ bytesWritten, bytesTotal }) =>
      this.#change({ state: 'running', step: 'writing', bytesDone: bytesWritten, bytesTotal })
    const sd = await loadSpikeData(this.input, { signal, onProgress: onReading })
    try {
      await this.write(sd, this.output, { signal, onProgress: onWriting })
    } finally {
      await sd.close()
    }
  }

  #end(progress) {
    this.#timer = setTimeout(() => void this.remove(), KEPT_MS).unref()
    this.#change(progress)
  }

  #change(progress) {
    this.progress = progress
    this.emit('change')
  }

  /** Stops it, and removes all that there is of it. */
  async remove() {
    conversions.delete(this.id)
    this.#stop.abort()
    await this.#work
    clearTimeout(this.#timer)
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** @type {Map<string, Conversion>} */
const conversions = new Map()

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
  if (!Object.hasOwn(FORMATS, to)) throw httpError(400, `Expected one of ${Object.keys(FORMATS).join(', ')} for 'to'.`)
  if (conversions.size >= MOST_CONVERSIONS) throw httpError(503, 'Too many recordings are being converted. Try again later.')
  // The name that the client gave its file is not used.
  const body = request.isMultipart() ? (await request.file())?.file : request.body
  if (!(body instanceof Readable)) throw httpError(400, 'Expected a file in the body.')
  const conversion = new Conversion(await mkdtemp(join(tmpdir(), 'conversion-')), FORMATS[to])
  conversions.set(conversion.id, conversion)
  try {
    await pipeline(body, limited, createWriteStream(conversion.input))
    // A file of no format, or a damaged one, is found here in most cases, in a few ms.
    await inspect(conversion.input)
  } catch (error) {
    await conversion.remove()
    throw error instanceof FormatError ? httpError(422, said(error, conversion)) : error
  }
  conversion.start()
  return reply.code(202).send({ id: conversion.id })
})

app.get('/conversions/:id/progress', (request, reply) => {
  const conversion = conversionOf(request)
  reply.raw.once('close', () => {
    if (conversion.progress.state === 'running') void conversion.remove()
  })
  return reply
    .type('text/event-stream')
    .header('cache-control', 'no-store')
    .send(Readable.from(eventsOf(conversion)))
})

app.get('/conversions/:id/result', (request, reply) => {
  const conversion = conversionOf(request)
  const { state, message } = conversion.progress
  if (state === 'running') throw httpError(409, 'The conversion is going on.')
  reply.raw.once('close', () => void conversion.remove())
  if (state === 'failed') throw httpError(422, String(message))
  return reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename="${conversion.name}"`)
    .send(createReadStream(conversion.output))
})

app.delete('/conversions/:id', async (request, reply) => {
  await conversionOf(request).remove()
  return reply.code(204).send()
})

app.addHook('preClose', async () => {
  await Promise.all([...conversions.values()].map((conversion) => conversion.remove()))
})

/** @param {import('fastify').FastifyRequest} request */
function conversionOf(request) {
  const conversion = conversions.get(/** @type {{ id: string }} */ (request.params).id)
  if (!conversion) throw httpError(404, 'There is no such conversion.')
  return conversion
}

/** Each state of a conversion as an event, up to its last. @param {Conversion} conversion */
async function* eventsOf(conversion) {
  let shown
  do {
    if (shown === conversion.progress) await once(conversion, 'change')
    shown = conversion.progress
    yield `data: ${JSON.stringify(shown)}\n\n`
  } while (shown.state === 'running')
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

/** What the client is told of an error. @param {Conversion} conversion */
function said(error, conversion) {
  return 'code' in Object(error) ? error.message.replaceAll(`${conversion.folder}/`, '') : 'The recording cannot be converted.'
}

function httpError(statusCode, message) {
  return Object.assign(new Error(message), { statusCode })
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close())
console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' }))
