/**
 * `params.py`: what Phy knows about the recording. Phy runs it, so nothing but numbers of ours goes in.
 */
import type { PlainFile } from '../plan/byte-segments.js'

export const PARAMS = 'params.py'

/** How our own is recognised. Without `=`, which neo takes for an assignment even in a comment. */
export const PARAMS_MARK = '# Written by spikeport.\n'

/** @param channelCount - how many channels the data would have */
export function paramsFile(fsHz: number, channelCount: number): PlainFile {
  const text = `${PARAMS_MARK}dat_path = []
n_channels_dat = ${channelCount}
dtype = 'int16'
offset = 0
sample_rate = ${pythonFloat(fsHz)}
hp_filtered = False
`
  return { name: PARAMS, segments: [{ segment: 'bytes', bytes: Buffer.from(text) }] }
}

function pythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
