/**
 * The style of a generic HDF5 file: as the options state it, or recognised by what is in the file.
 */
import type { Hdf5Child, Hdf5Dataset, Hdf5File, Hdf5Group } from '../../engine/reading/hdf5-file.js'
import { numberIn } from '../../engine/reading/hdf5-file.js'
import { listed } from '../../engine/warnings.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { isMissing, refuseOptions } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import type { GivenLoadOptions } from './load-options.js'
import { LOAD_STYLE_OPTIONS } from './load-options.js'
import type { Hdf5Style } from './options.js'

const STYLES = Object.keys(LOAD_STYLE_OPTIONS) as Hdf5Style[]
const ONE_OF = `one of 'raster', 'ragged', 'group' and 'paired'`

/** The style that the options ask for, by its name or by an option that only it has; undefined where the file decides. */
export function styleOfOptions(given: GivenLoadOptions): Hdf5Style | undefined {
  const style = isMissing(given.style) ? STYLES.find((name) => hasOptionOf(given, name)) : styleNamed(given.style)
  if (style === undefined) return undefined
  const because = isMissing(given.style) ? `as ${firstOptionOf(given, style)} is given` : `as style is '${style}'`
  for (const other of STYLES) {
    if (other !== style) refuseOptions(given, LOAD_STYLE_OPTIONS[other], because)
  }
  if (style === 'group' || style === 'raster') refuseOptions(given, ['unitCount'], because)
  return style
}

function styleNamed(style: unknown): Hdf5Style {
  if (typeof style !== 'string') throw invalidType(ONE_OF, 'style', style)
  const name = STYLES.find((known) => known === style.toLowerCase())
  if (name === undefined) throw invalidValue(ONE_OF, 'style', style)
  return name
}

function hasOptionOf(given: GivenLoadOptions, style: Hdf5Style): boolean {
  return firstOptionOf(given, style) !== undefined
}

function firstOptionOf(given: GivenLoadOptions, style: Hdf5Style): string | undefined {
  return LOAD_STYLE_OPTIONS[style].find((name) => !isMissing(given[name]))
}

/** Names of datasets and groups, by what they hold. */
export type Names = Record<'raster' | 'spikeTimes' | 'spikeTimesIndex' | 'group' | 'idces' | 'times', string>

/** The names that exporters write. */
export const USUAL_NAMES: Readonly<Names> = {
  raster: 'raster',
  spikeTimes: 'spike_times',
  spikeTimesIndex: 'spike_times_index',
  group: 'units',
  idces: 'idces',
  times: 'times',
}

/** A style, and the names in the file where these are not the usual ones. */
export interface RecognisedStyle {
  style: Hdf5Style
  names?: Partial<Names>
}

/**
 * Recognises the style of a file by what is in its root group: `spike_times` and `spike_times_index`; `idces` and `times`; counts, `raster` or
 * with the attribute `bin_size_ms`; `units`. Under other names, where nothing else can be meant: a list with its index, two lists of one
 * length of which one has whole numbers, a group with nothing but lists of numbers.
 *
 * @param isRagged - whether both datasets of that style are there
 * @throws FormatError for a file of another format, which it names, for one with none of these, and for one with several
 */
export async function recogniseStyle(
  file: Hdf5File,
  root: Hdf5Group | Hdf5Dataset | undefined,
  isRagged: boolean,
  signal: AbortSignal | undefined,
): Promise<RecognisedStyle> {
  if (root?.attributes.has('nwb_version')) throw file.error('it is an NWB file, for loadSpikeDataFromNwb')
  if (root?.attributes.has('__workspace_id__')) throw file.error('it is a workspace, for loadWorkspace')
  if (isRagged) return { style: 'ragged' }
  const { isPaired, inOrder } = await inSlices(summaryOf(await file.children('/', signal)), signal)
  if (isPaired) return { style: 'paired' }
  const paths = inOrder.filter(({ kind }) => kind === 'dataset').map(({ name }) => name)
  const datasets = (await file.describeAll(paths, signal)).filter((found) => found?.kind === 'dataset')
  const rasters = datasets.filter(isRaster)
  if (rasters[0]?.path === 'raster') return { style: 'raster' }
  if (rasters.length > 0)
    return only(
      file,
      rasters.map(({ path }) => ({ style: 'raster', names: { raster: path } })),
    )
  const found: RecognisedStyle[] = []
  for (const { name } of inOrder.filter(({ kind }) => kind === 'group')) {
    if (!(await isGroupOfUnits(file, name, signal))) continue
    if (name === 'units') return { style: 'group' }
    found.push({ style: 'group', names: { group: name } })
  }
  return only(file, [...found, ...(await listStyles(file, datasets, signal))])
}

/** How many objects of the root group are looked at. */
export const MOST_TRIED = 64

/** The one style that a file can be of. */
function only(file: Hdf5File, styles: readonly RecognisedStyle[]): RecognisedStyle {
  const [style] = styles
  if (style === undefined) {
    throw file.error('it has none of the four styles of spike trains under their usual names: give style and the names of its datasets')
  }
  if (styles.length === 1) return style
  const options = [...new Set(styles.flatMap(({ names = {} }) => Object.keys(names)))].map((name) => NAME_OPTIONS[name as keyof Names])
  throw file.error(`it may hold ${listed(styles, shown)}: give ${options.join(', ')} of the one that is meant`)
}

/** The option of each name. */
export const NAME_OPTIONS = {
  raster: 'rasterDataset',
  spikeTimes: 'spikeTimesDataset',
  spikeTimesIndex: 'spikeTimesIndexDataset',
  group: 'groupPerUnit',
  idces: 'idcesDataset',
  times: 'timesDataset',
} as const satisfies Record<keyof Names, keyof GivenLoadOptions>

function shown({ style, names = {} }: RecognisedStyle): string {
  return `${style} (${Object.values(names).map(quoted).join(', ')})`
}

/**
 * What lists of the root group may be together: times with their index, and times with the unit of each.
 *
 * Of an index the last entry is read, which is the number of times; by its name it belongs to the list whose name it has before `_index`.
 */
async function listStyles(file: Hdf5File, datasets: readonly Hdf5Dataset[], signal: AbortSignal | undefined): Promise<RecognisedStyle[]> {
  const lists = datasets.filter(({ type, shape }) => shape.length === 1 && type.kind === 'number')
  const whole = lists.filter(isWhole)
  const indexOf = new Map(lists.map((list) => [list, whole.find(({ path }) => path === `${list.path}_index`)] as const))
  const byName = lists.filter((list) => indexOf.get(list)).map((list) => ragged(list, indexOf.get(list) as Hdf5Dataset))
  if (byName.length > 0) return byName
  const lasts = await lastEntries(file, whole, signal)
  const found: RecognisedStyle[] = []
  for (const list of lists) {
    for (const other of whole) {
      if (other === list) continue
      if (lasts.get(other) === list.shape[0]) found.push(ragged(list, other))
      if (other.shape[0] === list.shape[0]) found.push({ style: 'paired', names: { idces: other.path, times: list.path } })
    }
  }
  return found
}

function ragged({ path }: Hdf5Dataset, index: Hdf5Dataset): RecognisedStyle {
  return { style: 'ragged', names: { spikeTimes: path, spikeTimesIndex: index.path } }
}

function isWhole({ type }: Hdf5Dataset): boolean {
  return /^.[iu]/.test(type.dtype ?? '')
}

/** The last entry of each list that has any and can be read. */
async function lastEntries(
  file: Hdf5File,
  lists: readonly Hdf5Dataset[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Hdf5Dataset, number>> {
  const lasts = new Map<Hdf5Dataset, number>()
  const reads = lists
    .filter(({ problem, shape }) => problem === undefined && shape[0] !== 0)
    .map((list) => ({ list, path: list.path, into: new Float64Array(1), firstRow: (list.shape[0] as number) - 1 }))
  if (reads.length > 0) await file.read(reads, { signal })
  for (const { list, into } of reads) lasts.set(list, into[0] as number)
  return lasts
}

/** Whether both datasets of the style are there, and which objects are looked at, those with the usual names first. */
function* summaryOf(children: readonly Hdf5Child[]): Steps<{ isPaired: boolean; inOrder: Hdf5Child[] }> {
  const usual: Hdf5Child[] = []
  const others: Hdf5Child[] = []
  let paired = 0
  for (const child of children) {
    const { name, kind } = child
    if (kind === 'dataset' && (name === 'idces' || name === 'times')) paired++
    if (name === 'raster' || name === 'units') usual.push(child)
    else if (others.length < MOST_TRIED) others.push(child)
    if (isDue()) yield
  }
  return { isPaired: paired === 2, inOrder: [...usual, ...others].slice(0, MOST_TRIED) }
}

function* areDatasets(children: readonly Hdf5Child[]): Steps<boolean> {
  for (const { kind } of children) {
    if (kind !== 'dataset') return false
    if (isDue()) yield
  }
  return true
}

function isRaster({ path, shape, attributes }: Hdf5Dataset): boolean {
  return shape.length === 2 && (path === 'raster' || numberIn(attributes.get('bin_size_ms')) !== undefined)
}

/** Whether a group holds one list of numbers or more, and nothing else; of many, the first ones are looked at. */
async function isGroupOfUnits(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const children = await file.children(path, signal)
  if (children.length === 0) return path === 'units'
  if (!(await inSlices(areDatasets(children), signal))) return false
  const first = await file.describeAll(
    children.slice(0, MOST_TRIED).map(({ name }) => `${path}/${name}`),
    signal,
  )
  return first.every((child) => child?.kind === 'dataset' && child.shape.length === 1 && child.type.dtype !== undefined)
}
