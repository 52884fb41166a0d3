/**
 * The options of S3, which every export and every loader takes: what permits it, and how it is reached.
 */
import { invalidType, invalidValue } from '../errors.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { optionalBoolean, optionalString, refuseOptions } from '../options/checks.js'
import { isS3Url, parseS3Url } from './s3-url.js'

/** How S3 is reached. What is not given comes from the SDK's own chain: environment, profile, instance role. */
export interface S3Access {
  /** Given along with `awsSecretAccessKey`. */
  awsAccessKeyId?: string | Missing
  /** Given along with `awsAccessKeyId`. */
  awsSecretAccessKey?: string | Missing
  /** The third part of temporary credentials. */
  awsSessionToken?: string | Missing
  /** The bucket's region. Without one anywhere: `us-east-1`. */
  regionName?: string | Missing
  /** The http(s) address of an S3-compatible store. */
  s3Endpoint?: string | Missing
  /** Names the bucket in the path instead of the host, as many compatible stores want it. Default false. */
  forcePathStyle?: boolean | undefined
}

/** A call that does not use S3: options of S3 are errors unless they are missing. */
export interface NoS3Access {
  /** Only with `s3Upload`, or `s3Download`. */
  awsAccessKeyId?: Missing
  /** Only with `s3Upload`, or `s3Download`. */
  awsSecretAccessKey?: Missing
  /** Only with `s3Upload`, or `s3Download`. */
  awsSessionToken?: Missing
  /** Only with `s3Upload`, or `s3Download`. */
  regionName?: Missing
  /** Only with `s3Upload`, or `s3Download`. */
  s3Endpoint?: Missing
  /** Only with `s3Upload`, or `s3Download`. */
  forcePathStyle?: undefined
}

/** An export to S3. */
export interface Upload extends S3Access {
  /** Uploads the export to the S3 URL given as its path: true wherever the other options of S3 are given. */
  s3Upload: boolean
}

/** An export to a local path: without `s3Upload`, the other options of S3 are errors unless they are missing. */
export interface NoUpload extends NoS3Access {
  /** Uploads the export to the S3 URL given as its path. Default false. */
  s3Upload?: boolean | undefined
}

/** The options of S3 that every export takes. */
export type S3Options = Upload | NoUpload

/** A load from S3. */
export interface Download extends S3Access {
  /** Downloads what the S3 URL given as the path names: true wherever the other options of S3 are given. */
  s3Download: boolean
}

/** A load from a local path: without `s3Download`, the other options of S3 are errors unless they are missing. */
export interface NoDownload extends NoS3Access {
  /** Downloads what the S3 URL given as the path names. Default false. */
  s3Download?: boolean | undefined
}

/** The options of S3 that every loader takes. */
export type S3LoadOptions = Download | NoDownload

/** The URLs that only S3 has, as far as their type shows it. */
export type S3Url = `${'s3' | 'S3'}://${string}` | `${'http' | 'https'}://${'' | `${string}.`}s3.${string}amazonaws.com/${string}`

/**
 * What an exporter takes after its path: options, which can be left out where none of them is required. The type of a path that is
 * known to be an S3 URL asks for `s3Upload`; that of a path of type `any` or `never` does not.
 */
export type OptionsFor<Path, Options> = OptionsWith<Path, Options, Pick<Upload, 's3Upload'>>

/** What a loader takes after its path: the same, where a path that is known to be an S3 URL asks for `s3Download`. */
export type LoadOptionsFor<Path, Options> = OptionsWith<Path, Options, Pick<Download, 's3Download'>>

type OptionsWith<Path, Options, Permission> =
  // Only `any` makes `1 & Path` take a 0.
  0 extends 1 & Path
    ? OptionsAlone<Options>
    : [Path] extends [never]
      ? OptionsAlone<Options>
      : [Path] extends [S3Url]
        ? [options: Options & Permission]
        : OptionsAlone<Options>
type OptionsAlone<Options> = Record<never, never> extends Options ? [options?: Options | undefined] : [options: Options]

/** What lets a call use S3. */
type Permission = 's3Upload' | 's3Download'

const ACCESS: OptionNames<S3Access> = {
  awsAccessKeyId: true,
  awsSecretAccessKey: true,
  awsSessionToken: true,
  regionName: true,
  s3Endpoint: true,
  forcePathStyle: true,
}

export const S3_OPTIONS: OptionNames<S3Options> = { s3Upload: true, ...ACCESS }

export const S3_LOAD_OPTIONS: OptionNames<S3LoadOptions> = { s3Download: true, ...ACCESS }

const ACCESS_NAMES = Object.keys(ACCESS) as (keyof S3Access)[]

/**
 * Checks the S3 options of a call with a path.
 *
 * @param permission - the option without which there are no others
 * @param option - the name of the option the path was given for, for the error
 * @throws TypeError for an option of the wrong type
 * @throws RangeError for an S3 URL or other options of S3 without the permission, the permission without an S3 URL, a URL without bucket or
 * key, credentials of which a part is missing, and an endpoint that is no http(s) URL
 */
export function checkS3Options<P extends Permission>(
  permission: P,
  path: string,
  options: S3Access & { readonly [name in P]?: boolean | undefined },
  option = 'path',
): void {
  const isPermitted = options[permission]
  const { awsAccessKeyId, awsSecretAccessKey, awsSessionToken, regionName, s3Endpoint, forcePathStyle } = options
  optionalBoolean(isPermitted, permission)
  optionalBoolean(forcePathStyle, 'forcePathStyle')
  optionalString(awsAccessKeyId, 'awsAccessKeyId')
  optionalString(regionName, 'regionName')
  optionalString(s3Endpoint, 's3Endpoint')
  optionalSecret(awsSecretAccessKey, 'awsSecretAccessKey')
  optionalSecret(awsSessionToken, 'awsSessionToken')

  if (!isPermitted) {
    if (isS3Url(path)) throw invalidValue('true, as the path is an S3 URL,', permission, isPermitted)
    const shown = awsSecretAccessKey || awsSessionToken ? { ...options, ...withoutSecrets(options) } : options
    refuseOptions<S3Access>(shown, ACCESS_NAMES, `as ${permission} is not true`)
    return
  }
  parseS3Url(path, option)
  if (awsAccessKeyId && !awsSecretAccessKey) throw missing('awsSecretAccessKey', 'awsAccessKeyId')
  if (awsSecretAccessKey && !awsAccessKeyId) throw missing('awsAccessKeyId', 'awsSecretAccessKey')
  if (awsSessionToken && !awsAccessKeyId) throw missing('awsAccessKeyId', 'awsSessionToken')
  if (s3Endpoint && !isHttpUrl(s3Endpoint)) throw invalidValue('an http or https URL', 's3Endpoint', s3Endpoint)
}

function missing(option: string, given: string): RangeError {
  return invalidValue(`a value along with ${given}`, option, undefined)
}

/** The secrets in a form that errors may repeat. */
export function withoutSecrets({ awsSecretAccessKey, awsSessionToken }: S3Access): object {
  return { awsSecretAccessKey: awsSecretAccessKey && typeof awsSecretAccessKey, awsSessionToken: awsSessionToken && typeof awsSessionToken }
}

/** Like `optionalString`, with an error that does not repeat the secret. */
function optionalSecret(value: unknown, name: string): void {
  if (value !== undefined && value !== null && typeof value !== 'string') throw invalidType('a string', name, typeof value)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
