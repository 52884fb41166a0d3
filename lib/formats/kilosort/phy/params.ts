/**
 * `params.py`: the parameters of the recording. Phy executes it as Python, so it contains nothing but checked numbers and texts. There is
 * no comment in it: readers split each line at `=`. Python takes the lines in any order; ours keeps what a later export needs to know of
 * the folder, and is one that neither people nor other programs write where a file of raw data is at stake.
 */
import type { PlainFile } from '../../../engine/plan/byte-segments.js'

export const PARAMS = 'params.py'

/** The raw data that is written into the folder. */
export const RECORDING = 'recording.dat'

/** The largest `params.py` of ours, and some more. */
export const MAX_PARAMS_BYTES = 2 ** 18

export interface Params {
  /** Files of raw data. */
  paths: readonly string[]
  /** Whether the file is one that was written with the folder. */
  isWritten: boolean
  /** How many channels the data has, or would have. */
  channelCount: number
  dtype: string
  offset: number
  fsHz: number
  hpFiltered: boolean
  /** Whether templates can be on several channels, or there are amplitudes or features of spikes. */
  isDetailed: boolean
}

export function paramsFile(params: Params): PlainFile {
  return { name: PARAMS, segments: [{ segment: 'bytes', bytes: Buffer.from(textOf(params)) }] }
}

function textOf({ paths, isWritten, channelCount, dtype, offset, fsHz, hpFiltered, isDetailed }: Params): string {
  const literals = paths.map(pythonText)
  // A list of one is not what MATLAB's readers take for a text.
  const path = `dat_path = ${literals.length === 1 ? literals[0] : `[${literals.join(',')}]`}`
  const type = [`dtype = '${dtype}'`, `offset = ${offset}`]
  const count = `n_channels_dat = ${channelCount}`
  const types = isDetailed ? type.toReversed() : type
  const rate = `sample_rate = ${pythonFloat(fsHz)}`
  // Last of all, as MATLAB's readers, which run the file as well, stop at False.
  const filtered = `hp_filtered = ${hpFiltered ? 'True' : 'False'}`
  const lines = isWritten
    ? [path, rate, count, ...types]
    : paths.length === 0
      ? [path, count, ...types, rate]
      : [count, ...types, rate, path]
  return [...lines, filtered, ''].join('\n')
}

/** What a `params.py` of ours says; undefined for any other text. */
export function paramsIn(text: string): Params | undefined {
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(text)?.[1] ?? ''
  const literals = value('dat_path').match(/'[^']*'/g) ?? []
  const params: Params = {
    paths: literals.map(textIn),
    isWritten: literals.length > 0 && text.startsWith('dat_path'),
    channelCount: Number(value('n_channels_dat')),
    dtype: value('dtype').slice(1, -1),
    offset: Number(value('offset')),
    fsHz: Number(value('sample_rate')),
    hpFiltered: value('hp_filtered') === 'True',
    isDetailed: text.indexOf('offset') < text.indexOf('dtype'),
  }
  return text === textOf(params) && isPossible(params) ? params : undefined
}

/** Whether an export writes this: without a file of raw data no more than its channels, of its own file neither dtype nor offset. */
function isPossible({ paths, isWritten, dtype, offset, hpFiltered }: Params): boolean {
  if (paths.length > 0 && !isWritten) return true
  const isOwn = paths.length === 0 ? !hpFiltered : paths.length === 1 && paths[0] === RECORDING
  return isOwn && dtype === 'int16' && offset === 0
}

function pythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

/** A literal without blanks and equals signs, at which readers split, and in ASCII. */
function pythonText(text: string): string {
  const escaped = text.replace(/[^\w./:~+@%(),-]/gu, (character) => {
    if (character === '\\') return '\\\\'
    const code = (character.codePointAt(0) as number).toString(16)
    return code.length <= 2
      ? `\\x${code.padStart(2, '0')}`
      : code.length <= 4
        ? `\\u${code.padStart(4, '0')}`
        : `\\U${code.padStart(8, '0')}`
  })
  return `'${escaped}'`
}

/** The text of such a literal. */
function textIn(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|\\)/g, (all, x?: string, u?: string, long?: string) => {
      const code = x ?? u ?? long
      return code === undefined ? all.slice(1) : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff))
    })
}
