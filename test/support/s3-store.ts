/**
 * A server on this machine in the place of an S3 store.
 */
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Starts a store that answers like this until the test ends. Returns its address, and options that upload to it. */
export async function s3Store(t: Test, answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const store = { s3Upload: true, s3Endpoint: address, forcePathStyle: true, regionName: 'us-east-1' } as const
  const credentials = { awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' }
  return { address, store, upload: { ...store, ...credentials } }
}
