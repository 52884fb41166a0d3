/**
 * The services of examples/, started as their users start them.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { startRedis, whyNoRedis } from './redis.js'

export interface Service {
  readonly url: string
  /** Where it has uploads and results. */
  readonly folder: string
  /** What is there now. */
  leftOver(): string[]
}

interface Startable {
  readonly skip: string | false
  /** @param limit - the most bytes of an upload */
  start(t: Test, limit: number): Promise<Service>
}

/** By the name of the example. */
export const SERVICES: Readonly<Record<string, Startable>> = {
  fastify: {
    skip: false,
    async start(t, limit) {
      const folder = folderFor(t)
      const url = await started(t, 'fastify/server.mjs', { TMPDIR: folder, MAX_UPLOAD_BYTES: String(limit) })
      return serviceAt(url, folder)
    },
  },
  'fastify-bullmq': {
    skip: whyNoRedis() ?? false,
    async start(t, limit) {
      const folder = folderFor(t)
      const { connection } = await startRedis(t)
      const env = { FOLDER: folder, REDIS_PORT: String(connection.port), MAX_UPLOAD_BYTES: String(limit) }
      await started(t, 'fastify-bullmq/worker.mjs', env)
      return serviceAt(await started(t, 'fastify-bullmq/server.mjs', env), folder)
    },
  },
}

/** The data of all server-sent events of an answer. */
export async function eventsOf(answer: Response): Promise<Record<string, unknown>[]> {
  const events = (await answer.text()).split('\n\n').filter((event) => event !== '')
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')))
}

function serviceAt(url: string, folder: string): Service {
  return { url, folder, leftOver: () => readdirSync(folder) }
}

function folderFor(t: Test): string {
  const folder = mkdtempSync(`${tmpdir()}/service-`)
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** Starts a program of examples/, which ends with the test as it does for SIGTERM. Returns its first line. */
async function started(t: Test, example: string, env: NodeJS.ProcessEnv): Promise<string> {
  // Without what the test runner puts into every process of Node.
  const { NODE_OPTIONS: _, ...given } = process.env
  const path = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', path], {
    env: { ...given, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => stopped(example, child))
  const [line] = await Promise.race([once(createInterface({ input: child.stdout as Readable }), 'line'), once(child, 'exit')])
  if (typeof line !== 'string') throw new Error(`${example} has ended with ${line}.`)
  return line
}

/** How long a program may take to end, in ms. */
const GRACE = 10_000

async function stopped(example: string, child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  const killed = setTimeout(() => child.kill('SIGKILL'), GRACE)
  child.kill('SIGTERM')
  const [code, signal] = await exit
  clearTimeout(killed)
  if (code !== 0) throw new Error(`${example} was asked to end, and ended with ${code ?? signal}.`)
}
