/**
 * A server on this machine that serves the files of a folder, whole or in ranges of bytes, and counts what is asked of it.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Test } from 'tap'

/**
 * Starts it until the test ends. Returns its address; `/served` there is the count and the bytes of the ranges since it was last read, as
 * JSON.
 */
export async function rangeServer(t: Test, folder: string): Promise<string> {
  let served = { ranges: 0, bytes: 0 }

  async function answer({ url = '', method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url === '/served') {
      response.end(JSON.stringify(served))
      served = { ranges: 0, bytes: 0 }
      return
    }
    const path = join(folder, basename(decodeURIComponent(url)))
    const { size } = await stat(path)
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    const start = Number(first ?? 0)
    const end = Math.min(last ? Number(last) : size - 1, size - 1)
    const length = end + 1 - start
    const range = first === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }
    response.writeHead(first === undefined ? 200 : 206, { 'accept-ranges': 'bytes', 'content-length': length, ...range })
    if (method === 'HEAD') {
      response.end()
      return
    }
    if (first !== undefined) served = { ranges: served.ranges + 1, bytes: served.bytes + length }
    await pipeline(createReadStream(path, { start, end }), response)
  }

  // Readers that only want to know how large a file is leave before it has been sent.
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
