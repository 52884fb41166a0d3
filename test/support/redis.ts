/**
 * A Redis server with an append-only file, started on this machine for a test, which can be killed and started again.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { freePort } from './free-port.js'

/** The most times that a server is asked whether it is ready, 50 ms apart. */
const MOST_TRIES = 200

/** What is missing for a server; undefined where it can be started. */
export function whyNoRedis(): string | undefined {
  return spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'there is no redis-server'
}

export interface Redis {
  /** How clients connect. A worker of BullMQ must not give up a command. */
  readonly connection: { readonly host: string; readonly port: number; readonly maxRetriesPerRequest: null }
  /** Ends it by SIGKILL. */
  kill(): Promise<void>
  /** Starts it again, with the data that its file holds. */
  start(): Promise<void>
}

/** Starts one that ends with the test. */
export async function startRedis(t: Test): Promise<Redis> {
  const folder = mkdtempSync(`${tmpdir()}/redis-`)
  const port = await freePort()
  const settings = { bind: '127.0.0.1', port, dir: folder, appendonly: 'yes', appendfsync: 'everysec', save: '' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  let server: ChildProcess | undefined
  const redis: Redis = {
    connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null },
    async kill() {
      if (!server) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      server = undefined
      await ended
    },
    async start() {
      server = spawn('redis-server', args, { stdio: 'ignore' })
      await untilReady(port)
    },
  }
  t.teardown(async () => {
    await redis.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  await redis.start()
  return redis
}

/** Waits for the answer to PING: while the file is read, it is that the server is loading. */
async function untilReady(port: number): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if ((await answer(port)).startsWith('+PONG')) return
    await delay(50)
  }
  throw new Error('The Redis server has not become ready.')
}

async function answer(port: number): Promise<string> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    socket.write('PING\r\n')
    const [data] = await once(socket, 'data')
    return String(data)
  } catch {
    return ''
  } finally {
    socket.destroy()
  }
}
