/**
 * Paths as they are typed.
 */
import { fileURLToPath } from 'node:url'
import { isS3Url } from '../storage/s3-url.js'
import { UsageError } from './usage-error.js'

/** A path, or an S3 URL: of a `file:` URL the path that it means. @throws UsageError for another URL, which would become folders */
export function pathFrom(typed: string): string {
  // One letter is a drive.
  if (isS3Url(typed) || !/^[a-z][a-z\d+.-]+:\//i.test(typed)) return typed
  try {
    return fileURLToPath(typed)
  } catch {
    throw new UsageError(`Expected a path, a file: URL or s3://bucket/key but received ${typed}.`)
  }
}
