/**
 * Where an export goes: a path or a URL.
 */
import { fileURLToPath } from 'node:url'
import { types } from 'node:util'
import { invalidType, invalidValue } from '../errors.js'
import { requiredString } from './checks.js'

/**
 * A path, or a `file:` URL. Text is a path even where it looks like a URL, as for Node's own functions: only `s3://…` and its like are
 * S3 URLs, which need `s3Upload`. An `s3:` URL object stands for its text without percent-encoding.
 */
export type ExportPath = string | URL

const PATH_OR_URL = 'a path or a file: URL'

/**
 * A path or an S3 URL as text.
 *
 * @param name - what the exporter calls its path
 * @throws TypeError for anything but text and URLs
 * @throws RangeError for a URL of another protocol, for a `file:` URL that is no path of this system, and for text that no path can be
 */
export function exportPath(given: unknown, name: string): string {
  if (typeof given === 'string') return requiredString(given, name)
  const href = hrefOf(given)
  if (href === undefined) throw invalidType(PATH_OR_URL, name, given)
  return requiredString(pathFrom(new URL(href), name), name)
}

/** The text of a URL of any realm; undefined for anything else. It is parsed again: the object's other properties are ignored. */
function hrefOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined
  if (Object.prototype.toString.call(value) !== '[object URL]') return undefined
  try {
    const { href } = value as URL
    return typeof href === 'string' && URL.canParse(href) ? href : undefined
  } catch {
    return undefined
  }
}

function pathFrom(url: URL, name: string): string {
  if (url.protocol !== 'file:' && url.protocol !== 's3:') throw invalidValue(PATH_OR_URL, name, url.href)
  const isS3 = url.protocol === 's3:'
  try {
    return isS3 ? decodeURIComponent(url.href) : fileURLToPath(url)
  } catch {
    // Another host, an encoded slash, or an invalid encoding.
    const expected = isS3
      ? 'an s3: URL in valid percent-encoding'
      : 'a file: URL of an absolute path, without a host and without encoded slashes'
    throw invalidValue(`${expected},`, name, url.href)
  }
}
