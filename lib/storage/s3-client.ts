/**
 * Clients of S3 and of stores that speak its protocol. The AWS SDK is an optional peer dependency, loaded on first use.
 */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { S3Error } from '../errors.js'
import type { S3Access } from './s3-options.js'
import type { S3Location } from './s3-url.js'

/** The package of the SDK that every use of S3 takes. */
export type ClientSdk = typeof import('@aws-sdk/client-s3')

/**
 * The SDK's packages. Bundlers do not follow an import of a property: most fail without the SDK, and some cannot bundle it. Tools
 * that copy the files a program needs (nft) do.
 */
const SDK = { client: '@aws-sdk/client-s3', storage: '@aws-sdk/lib-storage' } as const

/** What is done with objects: the first word of an error. */
export type Doing = 'Uploading' | 'Downloading'

/**
 * Loads the packages for uploads.
 *
 * @throws S3Error with code `ERR_S3_SDK_MISSING`
 */
export async function uploadSdk() {
  try {
    const [client, { Upload }] = await Promise.all([
      import(/* webpackIgnore: true */ SDK.client) as Promise<ClientSdk>,
      import(/* webpackIgnore: true */ SDK.storage) as Promise<typeof import('@aws-sdk/lib-storage')>,
    ])
    return { client, Upload }
  } catch (error) {
    throw sdkMissing(`Uploading to S3 needs two packages that could not be loaded: npm install ${SDK.client} ${SDK.storage}`, error)
  }
}

/**
 * Loads the package for downloads.
 *
 * @throws S3Error with code `ERR_S3_SDK_MISSING`
 */
export async function downloadSdk(): Promise<ClientSdk> {
  try {
    return (await import(/* webpackIgnore: true */ SDK.client)) as ClientSdk
  } catch (error) {
    throw sdkMissing(`Downloading from S3 needs a package that could not be loaded: npm install ${SDK.client}`, error)
  }
}

function sdkMissing(message: string, cause: unknown): S3Error {
  return new S3Error('ERR_S3_SDK_MISSING', message, cause)
}

/** Runs `use` with a client, whose connections are closed afterwards in every case. */
export async function withClient<T>(sdk: ClientSdk, options: S3Access, use: (client: S3Client) => Promise<T>): Promise<T> {
  const client = await connect(sdk, options)
  try {
    return await use(client)
  } finally {
    client.destroy()
  }
}

async function connect(sdk: ClientSdk, options: S3Access): Promise<S3Client> {
  const settings: S3ClientConfig = { followRegionRedirects: true }
  if (options.regionName) settings.region = options.regionName
  if (options.forcePathStyle) settings.forcePathStyle = true
  if (options.s3Endpoint) {
    settings.endpoint = options.s3Endpoint
    // Many compatible stores do not know the checksums that S3 itself has.
    settings.requestChecksumCalculation = 'WHEN_REQUIRED'
    settings.responseChecksumValidation = 'WHEN_REQUIRED'
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

/** The error for what a client has thrown. */
export function s3Error(cause: unknown, { bucket, key }: S3Location, doing: Doing): S3Error {
  const { name, message, $metadata } = cause as Error & { $metadata?: { httpStatusCode?: number } }
  const object = `s3://${bucket}/${key}`
  if (name === 'NoSuchBucket') {
    return new S3Error('ERR_S3_BUCKET_NOT_FOUND', `The S3 bucket ${bucket} was not found.`, cause)
  }
  if (name === 'NoSuchKey') {
    return new S3Error('ERR_S3_OBJECT_NOT_FOUND', `The S3 object ${object} was not found.`, cause)
  }
  if (name === 'CredentialsProviderError') {
    return new S3Error(
      'ERR_S3_CREDENTIALS_MISSING',
      'AWS credentials are missing: give awsAccessKeyId and awsSecretAccessKey, or set up the environment or a profile.',
      cause,
    )
  }
  if ($metadata?.httpStatusCode === 401 || $metadata?.httpStatusCode === 403) {
    return new S3Error('ERR_S3_ACCESS_DENIED', `Access to ${object} was denied (${name}).`, cause)
  }
  const [code, to] = doing === 'Uploading' ? (['ERR_S3_UPLOAD', 'Uploading to'] as const) : (['ERR_S3_DOWNLOAD', 'Downloading'] as const)
  return new S3Error(code, `${to} ${object} failed: ${message || name}`, cause)
}
