/**
 * Options of conversions that are of no format.
 */
import type { OptionTable } from '../options/described.js'

/** How both sides reach S3. Credentials are not among them: other users of the machine see the arguments of a process. */
export const S3: OptionTable = {
  regionName: { value: 'text', text: "The bucket's region. Default: the environment's, else us-east-1" },
  s3Endpoint: { value: 'text', text: 'The http(s) address of an S3-compatible store' },
  forcePathStyle: { value: 'flag', text: 'Names the bucket in the path, as many compatible stores want it' },
}

/** Where spikes of the input are on the way. */
export const WAY: OptionTable = {
  lazy: { value: 'flag', text: 'Leaves spikes on the disk on the way. Default: from 20 million on' },
  spoolFolder: { value: 'text', text: 'With lazy: where they are. Default: the folder for temporary files' },
  maxMemory: { value: 'number', text: 'With lazy: the most bytes of memory for them' },
}
