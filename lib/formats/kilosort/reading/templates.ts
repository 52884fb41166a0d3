/**
 * On which channel the templates of spikes are largest.
 */
import { FormatError } from '../../../errors.js'
import type { NpyHeader } from '../../../files/npy.js'
import { readNpyHeader } from '../../../files/npy.js'
import type { Dtype } from '../../../files/numpy-dtype.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { SPIKE_TEMPLATES, TEMPLATES } from '../names.js'
import type { ClusterNumbers } from './clusters.js'
import { forEachBlock, readNumberTable, spikeNumbers } from './numbers.js'
import type { OpenFile, Reading, Source } from './source.js'

/** The channels that sparse templates have: the name of KiloSort and Phy, and that of older folders. */
export const TEMPLATE_CHANNELS = ['templates_ind.npy', 'template_ind.npy'] as const

/** The counts of this many pairs of units and templates are kept in an array; of more, only where there are as many spikes. */
const FEW_PAIRS = 2 ** 20

/** How many spikes pass between two looks at the clock. */
const SPIKES_A_LOOK = 1024

/** A template of more bytes is none. */
const MOST_BYTES = 2 ** 24

/**
 * The template that most spikes of each cluster have, the lowest of several; -1 for a cluster without spikes.
 *
 * @param wanted - the numbers of the clusters
 * @param numberCount - how many numbers clusters have
 * @throws FormatError for a file of another length, or with anything but numbers of templates
 */
export async function mostFrequentTemplates(
  source: Source,
  { numbers }: ClusterNumbers,
  wanted: readonly number[],
  numberCount: number,
  templateCount: number,
  reading: Reading,
): Promise<Int32Array> {
  const counts = new PairCounts(wanted.length, templateCount, numbers.length)
  const rows = await inSlices(rowsOf(wanted, numberCount), reading.signal)
  await forEachTemplate(source, numbers.length, reading, (template, spike) => {
    const row = rows[numbers[spike] as number] as number
    if (row < 0) return true
    if (template < templateCount) counts.add(row, template)
    return template < templateCount
  })
  return inSlices(counts.mostFrequent(), reading.signal)
}

/** The row of each number among others; -1 for one that is not there. */
function* rowsOf(wanted: readonly number[], numberCount: number): Steps<Int32Array> {
  const rows = new Int32Array(numberCount).fill(-1)
  for (const [row, number] of wanted.entries()) {
    if (number >= 0) rows[number] = row
    if (isDue()) yield
  }
  return rows
}

/** Those of these ids that are the template of no spike, in their order. */
export async function unusedTemplates(source: Source, spikeCount: number, ids: readonly number[], reading: Reading): Promise<number[]> {
  const used = await inSlices(flagsOf(ids), reading.signal)
  let last = -1
  await forEachTemplate(source, spikeCount, reading, (template) => {
    if (template !== last && used.get(template) === false) used.set(template, true)
    last = template
    return true
  })
  return inSlices(unset(ids, used), reading.signal)
}

function* flagsOf(ids: readonly number[]): Steps<GrowingMap<number, boolean>> {
  const flags = new GrowingMap<number, boolean>()
  for (const id of ids) {
    flags.set(id, false)
    if (isDue()) yield
  }
  return flags
}

function* unset(ids: readonly number[], flags: GrowingMap<number, boolean>): Steps<number[]> {
  const left: number[] = []
  for (const id of ids) {
    if (!flags.get(id)) left.push(id)
    if (isDue()) yield
  }
  return left
}

/** Calls `take` with the template of each spike; it returns whether there is such a template. */
async function forEachTemplate(
  source: Source,
  spikeCount: number,
  reading: Reading,
  take: (template: number, spike: number) => boolean,
): Promise<void> {
  await source.use(SPIKE_TEMPLATES, async (file) => {
    const { path, object } = file.place
    const array = await spikeNumbers(file)
    const { count } = array.header
    if (count !== spikeCount) throw new FormatError(path, `it has ${count} numbers for ${spikeCount} spikes`, object)
    await forEachBlock(array, reading, function* (block, from) {
      for (let i = 0; i < block.length; i++) {
        const template = Number(block[i])
        if (!(template >= 0 && Number.isSafeInteger(template) && take(template, from + i))) {
          throw new FormatError(path, `the template of spike ${from + i} is ${block[i]}`, object)
        }
        if (i % SPIKES_A_LOOK === 0 && isDue(SPIKES_A_LOOK / 16)) yield
      }
    })
  })
}

/** How many spikes there are of each pair of a row and a template. */
class PairCounts {
  readonly #rows: number
  readonly #templates: number
  readonly #dense: Uint32Array | undefined
  /** Of pairs that would be too many for an array. */
  readonly #sparse: GrowingMap<number, { row: number; template: number; count: number }> | undefined
  readonly #pairs: { row: number; template: number; count: number }[] = []

  constructor(rows: number, templates: number, spikes: number) {
    this.#rows = rows
    this.#templates = templates
    const size = rows * templates
    if (size <= Math.max(FEW_PAIRS, spikes)) this.#dense = new Uint32Array(size)
    else this.#sparse = new GrowingMap()
  }

  add(row: number, template: number): void {
    const key = row * this.#templates + template
    if (this.#dense) {
      this.#dense[key] = (this.#dense[key] as number) + 1
      return
    }
    const pair = this.#sparse?.get(key)
    if (pair) pair.count++
    else {
      const first = { row, template, count: 1 }
      this.#sparse?.set(key, first)
      this.#pairs.push(first)
    }
  }

  *mostFrequent(): Steps<Int32Array> {
    const templates = new Int32Array(this.#rows).fill(-1)
    const most = new Float64Array(this.#rows)
    const see = (row: number, template: number, count: number) => {
      const best = most[row] as number
      if (count === 0 || count < best || (count === best && template > (templates[row] as number))) return
      most[row] = count
      templates[row] = template
    }
    for (const { row, template, count } of this.#pairs) {
      see(row, template, count)
      if (isDue()) yield
    }
    for (let row = 0; this.#dense && row < this.#rows; row++) {
      for (let template = 0; template < this.#templates; template++) {
        see(row, template, this.#dense[row * this.#templates + template] as number)
        if (template % SPIKES_A_LOOK === 0 && isDue(SPIKES_A_LOOK / 16)) yield
      }
    }
    return templates
  }
}

/** More templates than any sorter makes: each takes memory, also where the file has none of its values. */
const MOST_TEMPLATES = 2 ** 22

/** Templates, templates × samples × channels. */
export interface Templates {
  readonly count: number
  readonly channelCount: number
}

/** The header of `templates.npy`. */
export async function templatesIn(source: Source): Promise<Templates> {
  return source.use(TEMPLATES, async (file) => {
    const [count = 0, , channelCount = 0] = (await templatesHeader(file)).shape
    return { count, channelCount }
  })
}

type TemplatesHeader = NpyHeader & { readonly dtype: Dtype }

async function templatesHeader({ bytes, place }: OpenFile): Promise<TemplatesHeader> {
  const header = await readNpyHeader(bytes, place)
  const { dtype, descr, shape, count, itemBytes } = header
  if (dtype?.kind !== 'f' || shape.length !== 3) {
    throw new FormatError(place.path, `it has elements of type ${descr} in ${shape.length} axes, not floats in 3`, place.object)
  }
  const [templates = 0] = shape
  if (templates > MOST_TEMPLATES || (templates > 0 && count === 0)) {
    throw new FormatError(place.path, `its shape is ${shape.join(' × ')}`, place.object)
  }
  if (templates > 0 && (count / templates) * itemBytes > MOST_BYTES) {
    throw new FormatError(place.path, `a template of it has more than ${MOST_BYTES} bytes`, place.object)
  }
  return { ...header, dtype }
}

/**
 * The row of the channel on which each template has its largest absolute value, the first of several; -1 where no value is a number. Rows are
 * those of the channel map.
 *
 * @param wanted - which templates, ascending; those of others are -1
 */
export async function largestChannels(source: Source, wanted: readonly number[], reading: Reading): Promise<Int32Array> {
  const columns = await source.use(TEMPLATES, async (file) => {
    const header = await templatesHeader(file)
    return header.isFortranOrder ? largestInFortranOrder(file, header, reading) : largestInCOrder(file, header, wanted, reading)
  })
  const name = TEMPLATE_CHANNELS.find((candidate) => source.names.has(candidate))
  if (name === undefined) return columns
  const { data, shape } = await source.use(name, (file) => readNumberTable(file, reading))
  const [rows = 0, width = 0] = shape
  if (shape.length !== 2 || rows !== columns.length) {
    throw new FormatError(source.path, `its shape is ${shape.join(' × ')}, for ${columns.length} templates`, name)
  }
  for (const template of wanted) {
    const column = columns[template] as number
    columns[template] = column < 0 || column >= width ? -1 : Number(data[template * width + column])
  }
  return columns
}

/** Reads the templates that are wanted, one after the other. */
async function largestInCOrder(file: OpenFile, header: TemplatesHeader, wanted: readonly number[], reading: Reading): Promise<Int32Array> {
  const [count = 0, samples = 0, channels = 0] = header.shape
  const largest = new Int32Array(count).fill(-1)
  const size = samples * channels
  for (const template of wanted) {
    const start = header.dataStart + template * size * header.itemBytes
    const one = { ...header, shape: [size], count: size, dataStart: start }
    let highest = -1
    await forEachBlock({ file, header: one, dtype: header.dtype }, reading, function* (block, from) {
      for (let i = 0; i < block.length; i++) {
        const value = Math.abs(block[i] as number)
        const channel = (from + i) % channels
        if (value > highest || (value === highest && channel < (largest[template] as number))) {
          highest = value
          largest[template] = channel
        }
        if (i % SPIKES_A_LOOK === 0 && isDue(SPIKES_A_LOOK / 128)) yield
      }
    })
  }
  return largest
}

/** Reads all templates in one pass: MATLAB's files have the values of all templates on one sample of one channel side by side. */
async function largestInFortranOrder(file: OpenFile, header: TemplatesHeader, reading: Reading): Promise<Int32Array> {
  const [count = 0, samples = 0] = header.shape
  const largest = new Int32Array(count).fill(-1)
  const highest = new Float64Array(count).fill(-1)
  await forEachBlock({ file, header, dtype: header.dtype }, reading, function* (block, from) {
    for (let i = 0; i < block.length; i++) {
      const template = (from + i) % count
      const value = Math.abs(block[i] as number)
      if (value > (highest[template] as number)) {
        highest[template] = value
        largest[template] = Math.floor((from + i) / (count * samples))
      }
      if (i % SPIKES_A_LOOK === 0 && isDue(SPIKES_A_LOOK / 128)) yield
    }
  })
  return largest
}
