/**
 * Uploads to S3 and to stores that speak its protocol. The AWS SDK is an optional peer dependency, loaded on first use.
 */
import { open } from 'node:fs/promises'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { invalidType, invalidValue, S3Error } from '../errors.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { optionalBoolean, optionalString, refuseOptions } from '../options/checks.js'
import type { S3Location } from './s3-url.js'
import { isS3Url, parseS3Url } from './s3-url.js'

/** An export to S3. What is not given comes from the SDK's own chain: environment, profile, instance role. */
export interface Upload {
  /** Uploads the export to the S3 URL given as its path: true wherever the other options of S3 are given. */
  s3Upload: boolean
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

/** An export to a local path: without `s3Upload`, the other options of S3 are errors unless they are missing. */
export interface NoUpload {
  /** Uploads the export to the S3 URL given as its path. Default false. */
  s3Upload?: boolean | undefined
  /** Only with `s3Upload`. */
  awsAccessKeyId?: Missing
  /** Only with `s3Upload`. */
  awsSecretAccessKey?: Missing
  /** Only with `s3Upload`. */
  awsSessionToken?: Missing
  /** Only with `s3Upload`. */
  regionName?: Missing
  /** Only with `s3Upload`. */
  s3Endpoint?: Missing
  /** Only with `s3Upload`. */
  forcePathStyle?: undefined
}

/** The options of S3 that every export takes. */
export type S3Options = Upload | NoUpload

/** The URLs that only an upload can write to, as far as their type shows it. */
export type S3Url = `${'s3' | 'S3'}://${string}` | `${'http' | 'https'}://${'' | `${string}.`}s3.${string}amazonaws.com/${string}`

/**
 * What an exporter takes after its path: options, which can be left out where none of them is required. The type of a path that is
 * known to be an S3 URL asks for `s3Upload`; that of a path of type `any` or `never` does not.
 */
export type OptionsFor<Path, Options> =
  // Only `any` makes `1 & Path` take a 0.
  0 extends 1 & Path
    ? OptionsAlone<Options>
    : [Path] extends [never]
      ? OptionsAlone<Options>
      : [Path] extends [S3Url]
        ? [options: Options & Pick<Upload, 's3Upload'>]
        : OptionsAlone<Options>
type OptionsAlone<Options> = Record<never, never> extends Options ? [options?: Options | undefined] : [options: Options]

export const S3_OPTIONS: OptionNames<S3Options> = {
  s3Upload: true,
  awsAccessKeyId: true,
  awsSecretAccessKey: true,
  awsSessionToken: true,
  regionName: true,
  s3Endpoint: true,
  forcePathStyle: true,
}

const ONLY_WITH_UPLOAD = (Object.keys(S3_OPTIONS) as (keyof S3Options)[]).filter((name) => name !== 's3Upload')

/** A local file and the S3 URL it goes to. */
export interface S3File {
  localPath: string
  url: string
}

/**
 * Checks the S3 options of an export to `path`.
 *
 * @param option - the name of the option the path was given for, for the error
 * @throws TypeError for an option of the wrong type
 * @throws RangeError for an S3 URL or other options of S3 without `s3Upload`, `s3Upload` without an S3 URL, a URL without bucket or
 * key, credentials of which a part is missing, and an endpoint that is no http(s) URL
 */
export function checkS3Options(path: string, options: S3Options, option = 'path'): void {
  const { s3Upload, awsAccessKeyId, awsSecretAccessKey, awsSessionToken, regionName, s3Endpoint, forcePathStyle } = options
  optionalBoolean(s3Upload, 's3Upload')
  optionalBoolean(forcePathStyle, 'forcePathStyle')
  optionalString(awsAccessKeyId, 'awsAccessKeyId')
  optionalString(regionName, 'regionName')
  optionalString(s3Endpoint, 's3Endpoint')
  optionalSecret(awsSecretAccessKey, 'awsSecretAccessKey')
  optionalSecret(awsSessionToken, 'awsSessionToken')

  if (!s3Upload) {
    if (isS3Url(path)) throw invalidValue('true, as the path is an S3 URL,', 's3Upload', s3Upload)
    const shown = awsSecretAccessKey || awsSessionToken ? { ...options, ...hidden(options) } : options
    refuseOptions(shown, ONLY_WITH_UPLOAD, 'as s3Upload is not true')
    return
  }
  parseS3Url(path, option)
  if (awsAccessKeyId && !awsSecretAccessKey) throw missing('awsSecretAccessKey', 'awsAccessKeyId')
  if (awsSecretAccessKey && !awsAccessKeyId) throw missing('awsAccessKeyId', 'awsSecretAccessKey')
  if (awsSessionToken && !awsAccessKeyId) throw missing('awsAccessKeyId', 'awsSessionToken')
  if (s3Endpoint && !isHttpUrl(s3Endpoint)) throw invalidValue('an http or https URL', 's3Endpoint', s3Endpoint)
}

/**
 * Loads the SDK, so that an export learns that it is missing before it has written anything.
 *
 * @throws S3Error with code `ERR_S3_SDK_MISSING`
 */
export async function requireS3Sdk(): Promise<void> {
  await loadSdk()
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
  const sdk = await loadSdk()
  const client = await connect(sdk, options)
  try {
    for (const { localPath, url } of files) await upload(sdk, client, localPath, parseS3Url(url), signal)
  } finally {
    client.destroy()
  }
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>

async function upload(sdk: Sdk, client: S3Client, localPath: string, location: S3Location, signal?: AbortSignal): Promise<void> {
  // A local file that cannot be read is the file system's error, not S3's.
  const file = await open(localPath)
  const body = file.createReadStream()
  try {
    await new sdk.Upload({
      client,
      params: { Bucket: location.bucket, Key: location.key, Body: body },
      abortController: polled(signal),
    }).done()
  } catch (error) {
    signal?.throwIfAborted()
    throw s3Error(error, location)
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

async function connect(sdk: Sdk, options: S3Options): Promise<S3Client> {
  const settings: S3ClientConfig = { followRegionRedirects: true }
  if (options.regionName) settings.region = options.regionName
  if (options.forcePathStyle) settings.forcePathStyle = true
  if (options.s3Endpoint) {
    settings.endpoint = options.s3Endpoint
    // Many compatible stores do not know the checksum trailers that S3 itself takes.
    settings.requestChecksumCalculation = 'WHEN_REQUIRED'
  }
  if (options.awsAccessKeyId && options.awsSecretAccessKey) {
    settings.credentials = {
      accessKeyId: options.awsAccessKeyId,
      secretAccessKey: options.awsSecretAccessKey,
      sessionToken: options.awsSessionToken || undefined,
    }
  }
  const client = new sdk.S3Client(settings)
  try {
    await client.config.region()
    return client
  } catch {
    // No region in the options, the environment or the profile: the reference's SDK starts from us-east-1, this one gives up.
    return new sdk.S3Client({ ...settings, region: 'us-east-1' })
  }
}

/**
 * The SDK's packages. Bundlers do not follow an import of a property: most fail without the SDK, and some cannot bundle it. Tools
 * that copy the files a program needs (nft) do.
 */
const SDK = { client: '@aws-sdk/client-s3', storage: '@aws-sdk/lib-storage' } as const

async function loadSdk() {
  try {
    const [{ S3Client }, { Upload }] = await Promise.all([
      import(/* webpackIgnore: true */ SDK.client) as Promise<typeof import('@aws-sdk/client-s3')>,
      import(/* webpackIgnore: true */ SDK.storage) as Promise<typeof import('@aws-sdk/lib-storage')>,
    ])
    return { S3Client, Upload }
  } catch (error) {
    const install = 'npm install @aws-sdk/client-s3 @aws-sdk/lib-storage'
    throw new S3Error('ERR_S3_SDK_MISSING', `Uploading to S3 needs two packages that could not be loaded: ${install}`, error)
  }
}

function s3Error(cause: unknown, { bucket, key }: S3Location): S3Error {
  const { name, message, $metadata } = cause as Error & { $metadata?: { httpStatusCode?: number } }
  if (name === 'NoSuchBucket') {
    return new S3Error('ERR_S3_BUCKET_NOT_FOUND', `The S3 bucket ${bucket} was not found.`, cause)
  }
  if (name === 'CredentialsProviderError') {
    return new S3Error(
      'ERR_S3_CREDENTIALS_MISSING',
      'AWS credentials are missing: give awsAccessKeyId and awsSecretAccessKey, or set up the environment or a profile.',
      cause,
    )
  }
  if ($metadata?.httpStatusCode === 401 || $metadata?.httpStatusCode === 403) {
    return new S3Error('ERR_S3_ACCESS_DENIED', `Access to s3://${bucket}/${key} was denied (${name}).`, cause)
  }
  return new S3Error('ERR_S3_UPLOAD', `Uploading to s3://${bucket}/${key} failed: ${message || name}`, cause)
}

function missing(option: string, given: string): RangeError {
  return invalidValue(`a value along with ${given}`, option, undefined)
}

/** The secrets in a form that errors may repeat. */
function hidden({ awsSecretAccessKey, awsSessionToken }: S3Options): object {
  return { awsSecretAccessKey: awsSecretAccessKey && typeof awsSecretAccessKey, awsSessionToken: awsSessionToken && typeof awsSessionToken }
}

/** Like `optionalString`, with an error that does not repeat the secret. */
function optionalSecret(value: unknown, name: string): void {
  if (value !== undefined && value !== null && typeof value !== 'string') throw invalidType('a string', name, typeof value)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
