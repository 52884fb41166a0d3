/**
 * A download does not hold the JS thread for more than 5 ms at a time (twice that here, see short-turns.ts), takes as little memory for a large
 * object as for a small one, and ends within 20 ms of an abort, with nothing left.
 */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { rm } from 'node:fs/promises'
import t from 'tap'
import { loadFromPickle } from '../../lib/index.js'
import { Downloads } from '../../lib/storage/s3-download.js'
import { startNode } from '../support/child.js'
import { slowdown } from '../support/event-loop.mjs'
import { checkTurns } from '../support/short-turns.js'

const ABORT_LIMIT_MS = 20
const ROUNDS = 12
const MIB = 2 ** 20
const SIZE = 512 * MIB
const MOST_MEMORY = 64 * MIB

/** A store, in a process of its own, with one object of zeros under every key. */
const { child, ended } = startNode(`
  import { createServer } from 'node:http'
  const server = createServer(({ headers }, response) => {
    const [, first, last] = /(\\d+)-(\\d+)/.exec(headers.range)
    const length = Math.min(Number(last) + 1, ${SIZE}) - Number(first)
    response.writeHead(206, { etag: '"1"', 'content-length': length, 'content-range': 'bytes ' + first + '-' + (Number(first) + length - 1) + '/${SIZE}' })
    response.end(Buffer.alloc(length))
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`)
const [port] = await once(child.stdout, 'data')
t.teardown(async () => {
  child.kill()
  await ended
})
const options = {
  s3Endpoint: `http://127.0.0.1:${Number(port)}`,
  forcePathStyle: true,
  regionName: 'us-east-1',
  awsAccessKeyId: 'id',
  awsSecretAccessKey: 'secret',
}
const folder = t.testdir({ temporary: {}, files: {} })
process.env.TMPDIR = `${folder}/temporary`

async function download(onDownload = () => {}): Promise<void> {
  const large: FileHandle[] = []
  await Downloads.run({ folder: `${folder}/files`, large, options, signal: undefined, onDownload }, (downloads) =>
    downloads.object({ bucket: 'bucket', key: 'key' }, 'file'),
  )
  await rm(`${folder}/files/file`)
  for (const file of large) await file.close()
}

t.test('turns', async (t) => {
  await download()
  await checkTurns(t, download)
})

t.test('memory', async (t) => {
  const before = process.memoryUsage.rss()
  let most = 0
  await download(() => (most = Math.max(most, process.memoryUsage.rss())))
  t.ok(most > 0, 'it has been looked at')
  t.ok(most - before < MOST_MEMORY, `it takes up to ${((most - before) / MIB).toFixed(1)} MiB more`)
})

t.test('stopped at any moment', async (t) => {
  const started = performance.now()
  await download()
  const whole = performance.now() - started
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const controller = new AbortController()
    const reason = new Error('stop')
    let aborted = NaN
    const timer = setTimeout(
      () => {
        aborted = performance.now()
        controller.abort(reason)
      },
      (whole * round) / ROUNDS,
    )
    const outcome = await loadFromPickle('s3://bucket/key', { s3Download: true, ...options, signal: controller.signal }).catch(
      (error: unknown) => error,
    )
    clearTimeout(timer)
    t.strictSame(readdirSync(`${folder}/temporary`), [])
    // The object is no pickle.
    if (outcome !== reason) continue
    took.push(performance.now() - aborted)
  }
  t.ok(took.length > 0, 'it was stopped')
  const limit = ABORT_LIMIT_MS * slowdown()
  const usual = took.sort((a, b) => a - b)[Math.floor(took.length / 2)]!
  t.ok(usual < limit, `it ends ${usual.toFixed(1)} ms after the signal, of ${limit.toFixed(0)}; at most ${took.at(-1)!.toFixed(1)}`)
})
