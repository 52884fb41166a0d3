/**
 * A worker of a queue, in a process of its own: `node queue-worker.mjs QUEUE SETTINGS`, with JSON for the connection, the options of
 * the processor and those of the worker.
 */
import { Worker } from 'bullmq'
import { createProcessor } from 'spikeport/bullmq'

const [queue = '', settings = ''] = process.argv.slice(2)
const { connection, processor, options } = JSON.parse(settings)
const worker = new Worker(queue, createProcessor(processor), { connection, ...options })
// Redis goes and comes.
worker.on('error', () => {})
