/** An S3 server for the tests: s3_server.py in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { GetObjectCommand, ListMultipartUploadsCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import type { PythonEnvironment } from './python.js'

interface Credentials {
  awsAccessKeyId: string
  awsSecretAccessKey: string
}

/** A running server with a bucket named `recordings`. */
export interface S3Server {
  endpoint: string
  /** May do everything. */
  writer: Credentials
  /** May do nothing. */
  stranger: Credentials
  /** The bytes of an object. */
  read(key: string): Promise<Uint8Array>
  /** The keys of all objects. */
  keys(): Promise<string[]>
  /** Puts small objects under a prefix. */
  fill(prefix: string, count: number): Promise<void>
  /** How many multipart uploads were begun and neither completed nor aborted. */
  openUploads(): Promise<number>
  /** Ends the process. */
  stop(): Promise<void>
}

export async function startS3Server({ python }: PythonEnvironment): Promise<S3Server> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 's3_server.py')
  const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' }
  const server = spawn(python, ['-E', script], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(server, 'exit')
  const [line] = await Promise.race([once(createInterface(server.stdout), 'line'), exited])
  if (typeof line !== 'string') throw new Error(`The S3 server ended with exit code ${line}.`)
  const { endpoint, writer, stranger } = JSON.parse(line)

  const credentials = { accessKeyId: writer.awsAccessKeyId, secretAccessKey: writer.awsSecretAccessKey }
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true })
  const Bucket = 'recordings'
  return {
    endpoint,
    writer,
    stranger,
    read: async (Key) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray(),
    async keys() {
      const keys: string[] = []
      for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket })) keys.push(...(Contents ?? []).map(({ Key }) => Key!))
      return keys
    },
    async fill(prefix, count) {
      for (let from = 0; from < count; from += 50) {
        const puts = Array.from({ length: Math.min(50, count - from) }, (_, i) => `${prefix}${from + i}`)
        await Promise.all(puts.map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'a' }))))
      }
    },
    openUploads: async () => (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0,
    async stop() {
      client.destroy()
      server.stdin.end()
      await exited
    },
  }
}
