/**
 * Uploads to S3 and to stores that speak its protocol.
 */
import { open } from 'node:fs/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { s3Error, uploadSdk, withClient } from './s3-client.js'
import type { S3Options } from './s3-options.js'
import type { S3Location } from './s3-url.js'
import { parseS3Url } from './s3-url.js'

/** A local file and the S3 URL it goes to. */
export interface S3File {
  localPath: string
  url: string
}

/**
 * Uploads files one after the other, over one connection pool. Each replaces its object as a whole or not at all.
 *
 * @param signal - stops the upload once the parts in flight have ended; the multipart upload is aborted, and the promise
 * rejects with the signal's reason
 * @throws S3Error with the store's or the SDK's own error as `cause`
 */
export async function uploadFilesToS3(files: readonly S3File[], options: S3Options = {}, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const { client: sdk, Upload } = await uploadSdk()
  await withClient(sdk, options, async (client) => {
    for (const { localPath, url } of files) await upload(Upload, client, localPath, parseS3Url(url), signal)
  })
}

type UploadClass = Awaited<ReturnType<typeof uploadSdk>>['Upload']

async function upload(
  Upload: UploadClass,
  client: S3Client,
  localPath: string,
  location: S3Location,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A local file that cannot be read is the file system's error, not S3's.
  const file = await open(localPath)
  const body = file.createReadStream()
  try {
    await new Upload({
      client,
      params: { Bucket: location.bucket, Key: location.key, Body: body },
      abortController: polled(signal),
    }).done()
  } catch (error) {
    signal?.throwIfAborted()
    throw s3Error(error, location, 'Uploading')
  } finally {
    body.destroy()
    await file.close()
  }
}

/**
 * `Upload` rejects as soon as `onabort` fires, while its parts are still in flight, and does not wait until they are aborted.
 * It also reads `aborted` between parts, and then cleans up before it rejects: so only that property is set.
 */
function polled(signal?: AbortSignal) {
  return {
    signal: {
      get aborted() {
        return signal?.aborted ?? false
      },
      onabort: null,
    },
    abort() {},
  }
}
