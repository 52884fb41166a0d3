// The public names of spikeport/bullmq: conversions as jobs of BullMQ.

export type { Existing } from '../batch/existing.js'
export type { Failure, Outcome } from '../batch/journal.js'
export type { Step } from '../batch/progress.js'
export type { ConversionQueue, EnqueueOptions } from './enqueue.js'
export { enqueue } from './enqueue.js'
export type { ConversionProcessor, ProcessorOptions } from './processor.js'
export { createProcessor } from './processor.js'
export type { JobData, QueuedRecording, QueuedTarget } from './recording.js'
