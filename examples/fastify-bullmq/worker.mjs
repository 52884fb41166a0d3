/**
 * Converts the recordings that server.mjs puts into the queue. Start as many of them as there are machines; all see the folder of uploads.
 *
 *     npm install spikeport bullmq ioredis
 *     FOLDER=/shared/conversions REDIS_HOST=redis node worker.mjs
 */
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { createProcessor } from 'spikeport/bullmq'
import { CANCEL, connection, QUEUE } from './settings.mjs'

const stop = new AbortController()
const worker = new Worker(QUEUE, createProcessor({ signal: stop.signal }), { connection, concurrency: 2 })
worker.on('error', (error) => console.error(error.message))
// A process that ends gives its jobs back to the queue.
worker.once('closing', () => stop.abort())
worker.once('closed', () => cancellations.disconnect())

// Every worker is told; the one that has the job stops it.
const cancellations = new Redis(connection)
cancellations.on('error', (error) => console.error(error.message))
cancellations.on('message', (_channel, id) => worker.cancelJob(id, 'the client has gone.'))
await cancellations.subscribe(CANCEL)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void worker.close())
}
await worker.waitUntilReady()
console.log('ready')
