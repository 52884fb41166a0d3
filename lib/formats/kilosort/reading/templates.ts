/**
 * On which channel the templates of spikes are largest.
 */
import { addon } from '../../../engine/native.js'
import { runJob } from '../../../engine/run-job.js'
import { FormatError } from '../../../errors.js'
import type { NpyHeader, Place } from '../../../files/npy.js'
import { readNpyHeader } from '../../../files/npy.js'
import type { Dtype } from '../../../files/numpy-dtype.js'
import { repeated } from '../../../memory/allocation.js'
import { pinOwn } from '../../../memory/buffers.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { SPIKE_TEMPLATES, TEMPLATES } from '../names.js'
import type { ClusterNumbers, StoredClusters } from './clusters.js'
import { spikesIn } from './clusters.js'
import type { SpikeNumbers } from './numbers.js'
import { forEachBlock, readInto, readNumberTable, roomFor, spikeNumbers } from './numbers.js'
import type { OpenFile, Reading, Source } from './source.js'

/** The channels that sparse templates have: the name of KiloSort and Phy, and that of older folders. */
export const TEMPLATE_CHANNELS = ['templates_ind.npy', 'template_ind.npy'] as const

/** How many spikes pass between two looks at the clock. */
const SPIKES_A_LOOK = 1024

/** Spikes whose templates are counted at once: their numbers take a few MiB. */
const SPIKES_AT_ONCE = 2 ** 20

/** How much of the templates is read at once, in bytes, if one is not larger. */
const READ_BYTES = 2 ** 23

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
  clusters: ClusterNumbers | StoredClusters,
  wanted: readonly number[],
  numberCount: number,
  templateCount: number,
  reading: Reading,
): Promise<Int32Array> {
  const { signal } = reading
  const spikeCount = spikesIn(clusters)
  const rows = pinOwn(await inSlices(rowsOf(wanted, numberCount), signal))
  const counts = new addon.CommonLabels(rows, wanted.length, templateCount, spikeCount)
  await source.use(SPIKE_TEMPLATES, async (file) => {
    const all = await templateNumbers(file, spikeCount)
    const most = Math.min(SPIKES_AT_ONCE, spikeCount)
    // Filled again for each block: memory that is taken again and again has V8 collect garbage.
    const templateRoom = roomFor(all, most)
    const numberRoom = clusters.numbers ? undefined : clusters.room(most)
    for (let from = 0; from < spikeCount; from += most) {
      const count = Math.min(most, spikeCount - from)
      const numbers = clusters.numbers
        ? clusters.numbers.subarray(from, from + count)
        : await clusters.read(from, (numberRoom as NumericArray).subarray(0, count))
      const templates = await readInto(templateRoom.subarray(0, count), all, from, undefined, reading)
      const problem = await runJob(() => counts.count(pinOwn(numbers), pinOwn(templates)), signal)
      if (problem !== undefined) throw wrongTemplate(file.place, from + problem, templates[problem])
    }
  })
  const chosen = pinOwn(new Int32Array(wanted.length))
  await runJob(() => counts.choose(chosen), signal)
  return chosen
}

/** The row of each number among others; -1 for one that is not there. */
function* rowsOf(wanted: readonly number[], numberCount: number): Steps<Int32Array> {
  const rows = yield* repeated(Int32Array, numberCount, -1)
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

/** Calls `take` with the template of each spike. */
async function forEachTemplate(source: Source, spikeCount: number, reading: Reading, take: (template: number) => void): Promise<void> {
  await source.use(SPIKE_TEMPLATES, async (file) => {
    await forEachBlock(await templateNumbers(file, spikeCount), reading, function* (block, from) {
      for (let i = 0; i < block.length; i++) {
        const template = Number(block[i])
        if (!(template >= 0 && Number.isSafeInteger(template))) throw wrongTemplate(file.place, from + i, block[i])
        take(template)
        if (i % SPIKES_A_LOOK === 0 && isDue(SPIKES_A_LOOK / 16)) yield
      }
    })
  })
}

async function templateNumbers(file: OpenFile, spikeCount: number): Promise<SpikeNumbers> {
  const numbers = await spikeNumbers(file)
  const { count } = numbers.header
  if (count !== spikeCount) throw new FormatError(file.place.path, `it has ${count} numbers for ${spikeCount} spikes`, file.place.object)
  return numbers
}

function wrongTemplate({ path, object }: Place, spike: number, template: number | bigint | undefined): FormatError {
  return new FormatError(path, `the template of spike ${spike} is ${template}`, object)
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

/** Reads the templates that are wanted: those that follow one another together. */
async function largestInCOrder(file: OpenFile, header: TemplatesHeader, wanted: readonly number[], reading: Reading): Promise<Int32Array> {
  const [count = 0, samples = 0, channels = 0] = header.shape
  const largest = await inSlices(repeated(Int32Array, count, -1), reading.signal)
  const size = samples * channels
  const all = { file, header, dtype: header.dtype }
  const most = Math.max(1, Math.floor(READ_BYTES / (size * header.itemBytes)))
  const room = roomFor(all, Math.min(most, wanted.length) * size)
  for (let i = 0; i < wanted.length; ) {
    const first = wanted[i] as number
    let length = 1
    while (length < most && wanted[i + length] === first + length) length++
    i += length
    const templates = pinOwn(await readInto(room.subarray(0, length * size), all, first * size, undefined, reading))
    const chosen = pinOwn(largest.subarray(first, first + length))
    await runJob(() => addon.largestColumns(templates, channels, chosen), reading.signal)
  }
  return largest
}

/** Reads all templates in one pass: MATLAB's files have the values of all templates on one sample of one channel side by side. */
async function largestInFortranOrder(file: OpenFile, header: TemplatesHeader, reading: Reading): Promise<Int32Array> {
  const [count = 0, samples = 0] = header.shape
  const largest = await inSlices(repeated(Int32Array, count, -1), reading.signal)
  const highest = await inSlices(repeated(Float64Array, count, -1), reading.signal)
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
