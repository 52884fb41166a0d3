/**
 * What the server and its workers have in common.
 */

export const QUEUE = 'conversions'

/** The channel on which ids of jobs are published that are to be stopped. */
export const CANCEL = 'conversions-cancel'

/** The folder of uploads and results. */
export const FOLDER = process.env.FOLDER ?? '/tmp/conversions'

export const connection = {
  host: process.env.REDIS_HOST ?? '127.0.0.1',
  port: Number(process.env.REDIS_PORT ?? 6379),
  // A worker waits for Redis to come back.
  maxRetriesPerRequest: null,
}
