/**
 * S3 URLs: `s3://bucket/key`, and amazonaws.com URLs in path style (`https://s3.region.amazonaws.com/bucket/key`) or
 * virtual-host style (`https://bucket.s3.region.amazonaws.com/key`). The reference's s3_utils.py accepts the same ones.
 */
import { invalidValue } from '../errors.js'

/** An object's place in S3. */
export interface S3Location {
  bucket: string
  key: string
}

/** Whether a path is an S3 URL. White space around it and the case of scheme and host do not matter. */
export function isS3Url(url: string): boolean {
  if (!url.includes('://')) return false
  const { scheme, host } = split(url)
  if (scheme === 's3') return true
  // The dot before amazonaws.com keeps out hosts such as s3.amazonaws.com.example.org and evilamazonaws.com.
  return /^https?$/.test(scheme) && host.endsWith('.amazonaws.com') && (host.startsWith('s3.') || host.includes('.s3.'))
}

/**
 * The bucket and the key that an S3 URL names. The key is taken as it is written: nothing in it is percent-decoded.
 *
 * @param option - the name of the option the URL was given for, for the error
 * @throws RangeError for anything but an S3 URL with a bucket and a key
 */
export function parseS3Url(url: string, option = 'url'): S3Location {
  if (!isS3Url(url)) throw invalidValue('an S3 URL such as s3://bucket/key', option, url)
  const location = locate(url)
  if (location.bucket === '' || location.key === '') {
    throw invalidValue('an S3 URL with a bucket and a key', option, url)
  }
  return location
}

/** The URL of an object below an S3 URL that stands for a folder, always as `s3://bucket/key`. */
export function joinS3Url(folder: string, name: string): string {
  const { bucket, key } = s3Folder(folder)
  return s3UrlOf({ bucket, key: key + name })
}

/** The place of a folder that an S3 URL names: its key has one slash at the end. */
export function s3Folder(url: string): S3Location {
  const { bucket, key } = parseS3Url(url)
  return { bucket, key: `${key.replace(/\/+$/, '')}/` }
}

/** The URL of a place, as messages show it. */
export function s3UrlOf({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`
}

/** An S3 URL without what follows the key: in a presigned one that is its signature. Other paths as they are. */
export function withoutQuery(url: string): string {
  return isS3Url(url) && split(url).scheme !== 's3' ? url.replace(/[?#].*$/s, '') : url
}

function locate(url: string): S3Location {
  const { scheme, host, path } = split(url)
  if (scheme === 's3') return splitPath(path.replace(/\/+$/, ''))
  const objectPath = path.replace(/[?#].*$/s, '').replace(/^\/+/, '')
  const bucketEnd = host.lastIndexOf('.s3.')
  return bucketEnd < 0 ? splitPath(objectPath) : { bucket: host.slice(0, bucketEnd), key: objectPath }
}

/** `bucket/key` at the first slash. */
function splitPath(path: string): S3Location {
  const slash = path.indexOf('/')
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) }
}

/** Scheme and host in lower case, and what follows; `s3://` has no host, its bucket is the start of the path. */
function split(url: string): { scheme: string; host: string; path: string } {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):\/\/(.*)$/is.exec(url.trim()) ?? []
  if (scheme.toLowerCase() === 's3') return { scheme: 's3', host: '', path: rest }
  const [, host = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? []
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), path }
}
