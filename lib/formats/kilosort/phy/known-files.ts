/**
 * Which files of a Phy folder hold what an export writes there.
 */
import { basename } from 'node:path'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { entryPath } from '../../../storage/paths.js'
import type { NpyDescription } from '../files/npy.js'
import type { OpenFile } from '../files/reading.js'
import { withFile, withNpyFile } from '../files/reading.js'
import { SPIKE_TEMPLATES } from '../names.js'
import { COLUMNS, mayHaveTable, tableFile, tableHeader } from './tables.js'

/** The largest template of one unit, in bytes, that is read. Ours are far smaller. */
const MAX_TEMPLATE_BYTES = 2 ** 21

/** Whether an array is ours. */
type IsOurs = (array: NpyDescription, file: OpenFile) => boolean | Promise<boolean>

/** The arrays of an export, besides the times and clusters of its spikes. */
const ARRAYS: ReadonlyMap<string, IsOurs> = new Map<string, IsOurs>([
  [SPIKE_TEMPLATES, ({ dtype, shape }) => dtype === '<i4' && shape.length === 1],
  ['channel_positions.npy', ({ dtype, shape }) => dtype === '<f8' && shape.length === 2],
  ['channel_shanks.npy', ({ dtype, shape }) => dtype === '<i4' && shape.length === 1],
  ['channel_groups.npy', ({ dtype, shape }) => dtype === '<i4' && shape.length === 1],
  ['templates.npy', isOnOneChannel],
  ['templates_ind.npy', isIndex],
  ['template_ind.npy', isIndex],
  ['amplitudes.npy', beginsWithOne],
  ['similar_templates.npy', beginsWithOne],
  ['whitening_mat.npy', beginsWithOne],
])

/** The arrays of an export with more than one column of templates, or with values of spikes: of those, any are taken for ours. */
const DETAILED: ReadonlyMap<string, IsOurs> = new Map<string, IsOurs>([
  ['templates.npy', isTemplates],
  ['templates_ind.npy', isMatrix],
  ['template_ind.npy', isMatrix],
  ['amplitudes.npy', ({ dtype, shape }) => /^<f[48]$/.test(dtype) && shape.length === 1],
  ['pc_features.npy', ({ dtype, shape }) => dtype === '<f4' && shape.length === 3],
  ['pc_feature_ind.npy', isMatrix],
])

/** What phylib computes from another file, and adds where it is missing. */
const DERIVED = 'whitening_mat_inv.npy'

/**
 * Whether a file of a Phy folder is one of ours; not for its times, clusters and parameters, which existing-folder.ts checks.
 *
 * @param isDetailed - what `params.py` says of the folder
 */
export async function isOurPhyFile(folder: string, name: string, isDetailed: boolean, signal: AbortSignal | undefined): Promise<boolean> {
  const path = entryPath(folder, name)
  if (name === DERIVED) return (await withFile(path, async () => true)) ?? false
  const isOurs = (isDetailed && DETAILED.get(name)) || ARRAYS.get(name)
  if (isOurs) return (await withNpyFile(path, async (file, array) => isOurs(array, file))) ?? false
  return name.endsWith('.tsv') && ((await withFile(path, isOurTable(name, signal))) ?? false)
}

async function beginsWithOne({ dtype, start }: NpyDescription, file: OpenFile): Promise<boolean> {
  const first = await file.read(start, 4)
  return dtype === '<f4' && (first.length < 4 || first.readFloatLE() === 1)
}

function isIndex(array: NpyDescription): boolean {
  return isMatrix(array) && array.shape[1] === 1
}

function isMatrix({ dtype, shape }: NpyDescription): boolean {
  return dtype === '<i4' && shape.length === 2
}

function isTemplates({ dtype, shape }: NpyDescription): boolean {
  return dtype === '<f4' && shape.length === 3
}

/** Whether a template, the first, has one channel on which it is not zero. KiloSort's are on many. */
async function isOnOneChannel(array: NpyDescription, file: OpenFile): Promise<boolean> {
  const { shape, start } = array
  const [count = 0, samples = 0, channels = 0] = shape
  const bytes = 4 * samples * channels
  if (!isTemplates(array) || bytes > MAX_TEMPLATE_BYTES) return false
  if (count === 0) return true
  const template = await file.read(start, bytes)
  const numbers = new Float32Array(template.buffer, template.byteOffset, samples * channels)
  let channel: number | undefined
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] === 0) continue
    channel ??= i % channels
    if (i % channels !== channel) return false
  }
  return channel !== undefined
}

/** Whether a table is under the name of its column and lists units 0, 1, 2, … in lines that end in a line feed alone. */
function isOurTable(name: string, signal: AbortSignal | undefined): (file: OpenFile) => Promise<boolean> {
  return async (file) => {
    const column = [...COLUMNS].find((column) => tableFile(column) === name) ?? basename(name, '.tsv').replace(/^cluster_/, '')
    if (tableFile(column) !== name || !(COLUMNS.has(column) || mayHaveTable(column))) return false
    const header = Buffer.from(tableHeader(column))
    if (!(await file.read(0, header.length)).equals(header)) return false
    const rows = new Rows()
    for await (const block of file.blocks(header.length)) if (!(await inSlices(rows.follow(block), signal))) return false
    return rows.areWhole
  }
}

const [TAB, LINE_FEED, CARRIAGE_RETURN, QUOTE] = Buffer.from('\t\n\r"') as unknown as [number, number, number, number]

/** Follows the rows of a table, block by block. */
class Rows {
  #unit = 0
  /** The unit's number and the tab after it, and how much of it has come. */
  #expected = '0\t'
  #found = 0
  #isQuoted = false

  get areWhole(): boolean {
    return this.#found === 0 && !this.#isQuoted
  }

  /** Whether the next bytes are of such rows, too. */
  *follow(block: Buffer): Steps<boolean> {
    for (let i = 0; i < block.length; i++) {
      if (isDue()) yield
      const byte = block[i]
      if (this.#found < this.#expected.length) {
        if (byte !== this.#expected.charCodeAt(this.#found++)) return false
      } else if (byte === QUOTE) {
        this.#isQuoted = !this.#isQuoted
      } else if (byte === CARRIAGE_RETURN || (byte === TAB && !this.#isQuoted)) {
        return false
      } else if (byte === LINE_FEED && !this.#isQuoted) {
        this.#expected = `${++this.#unit}\t`
        this.#found = 0
      }
    }
    return true
  }
}
