/**
 * `params.py`: the parameters of the recording. Phy executes it as Python, so it contains nothing but checked numbers. There is no comment in
 * it: readers split each line at `=`.
 */
import type { PlainFile } from '../../../engine/plan/byte-segments.js'

export const PARAMS = 'params.py'

/** The file as we write it, with the number of channels and the rate. */
const TEXT = /^dat_path = \[\]\nn_channels_dat = (\d+)\ndtype = 'int16'\noffset = 0\nsample_rate = \d[\d.e+-]*\nhp_filtered = False\n$/

/** @param channelCount - how many channels the data would have */
export function paramsFile(fsHz: number, channelCount: number): PlainFile {
  const text = `dat_path = []
n_channels_dat = ${channelCount}
dtype = 'int16'
offset = 0
sample_rate = ${pythonFloat(fsHz)}
hp_filtered = False
`
  return { name: PARAMS, segments: [{ segment: 'bytes', bytes: Buffer.from(text) }] }
}

/** The number of channels in a `params.py` of ours; undefined for any other text. */
export function channelCountIn(text: string): number | undefined {
  const count = TEXT.exec(text)?.[1]
  return count === undefined ? undefined : Number(count)
}

function pythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
