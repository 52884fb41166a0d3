/**
 * The style of a generic HDF5 file: as the options state it, or recognised by what is in the file.
 */
import type { Hdf5Dataset, Hdf5Group } from '../../engine/reading/hdf5-description.js'
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5Child, Hdf5File } from '../../engine/reading/hdf5-file.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { listed } from '../../engine/warnings.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { isMissing, refuseOptions } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import { countOf, isList, MATLAB_GROUPS } from './lists.js'
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
 * with the attribute `bin_size_ms`; `units`. Under other names, where these say what is meant: a list and one called as it with `_index`, two
 * lists called as the units and the times of spikes are, a group of lists with numbers as names.
 *
 * @param isRagged - whether both datasets of that style are there
 * @param takesAnyGroup - whether the only group of lists counts under any names, where there is nothing else
 * @throws FormatError for a file of another format, which it names, for one with none of these, and for one with several
 */
export async function recogniseStyle(
  file: Hdf5File,
  root: Hdf5Group | Hdf5Dataset | undefined,
  isRagged: boolean,
  takesAnyGroup: boolean,
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
  const otherGroups: RecognisedStyle[] = []
  for (const { name } of inOrder.filter(({ name, kind }) => kind === 'group' && !MATLAB_GROUPS.has(name))) {
    const names = await groupOfLists(file, name, signal)
    if (names === undefined) continue
    if (name === 'units') return { style: 'group' }
    const groups = names === 'numbered' ? found : otherGroups
    groups.push({ style: 'group', names: { group: name } })
  }
  found.push(...listStyles(datasets))
  return only(file, found.length === 0 && takesAnyGroup ? otherGroups : found)
}

/** The warning for a style that was recognised under other names than the usual ones. */
export function assumedStyle(recognised: RecognisedStyle): ExportWarning[] {
  if (recognised.names === undefined) return []
  const message = `The style of the file is taken for ${shown(recognised)}, whose names are not the usual ones: ${optionsOf([recognised])} of format 'hdf5' state it.`
  return [{ code: 'SPIKEPORT_STYLE_ASSUMED', message }]
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
  throw file.error(`it may hold ${listed(styles, shown)}: give ${optionsOf(styles)} of the one that is meant`)
}

/** The options that name what styles are made of. */
function optionsOf(styles: readonly RecognisedStyle[]): string {
  const names = new Set(styles.flatMap(({ names = {} }) => Object.keys(names) as (keyof Names)[]))
  return [...names].map((name) => NAME_OPTIONS[name]).join(', ')
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

/** What the names of units of spikes, and those of times, end with. */
const UNITS_OF_SPIKES = /(^|_)(idces|ids?|clusters?|units?)$/i
const TIMES = /(^|_)times?$/i

/** What lists of the root group are together, by their names: times with their index, and times with the unit of each. */
function listStyles(datasets: readonly Hdf5Dataset[]): RecognisedStyle[] {
  const lists = datasets.filter((dataset) => isList(dataset) && dataset.type.kind === 'number')
  const whole = lists.filter(isWhole)
  const units = whole.filter(({ path }) => UNITS_OF_SPIKES.test(path))
  return lists.flatMap((list) => {
    const { path } = list
    const index = whole.find((other) => other.path === `${path}_index`)
    if (index) return [{ style: 'ragged', names: { spikeTimes: path, spikeTimesIndex: index.path } }]
    if (!TIMES.test(path)) return []
    const ofOneLength = units.filter((other) => countOf(other) === countOf(list))
    return ofOneLength.map((idces): RecognisedStyle => ({ style: 'paired', names: { idces: idces.path, times: path } }))
  })
}

function isWhole({ type }: Hdf5Dataset): boolean {
  return /^.[iu]/.test(type.dtype ?? '')
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

function isRaster({ path, shape, attributes }: Hdf5Dataset): boolean {
  return shape.length === 2 && (path === 'raster' || numberIn(attributes.get('bin_size_ms')) !== undefined)
}

/** How the lists of a group are called: as exporters call units, `0` or `unit_3`, or otherwise. */
type ListNames = 'numbered' | 'others'

/** For a group that holds one list of numbers or more, and nothing else; of many, the first ones are looked at. */
async function groupOfLists(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<ListNames | undefined> {
  const children = await file.children(path, signal)
  if (children.length === 0) return path === 'units' ? 'others' : undefined
  const names = await inSlices(namesOf(children), signal)
  if (names === undefined) return undefined
  const first = await file.describeAll(
    children.slice(0, MOST_TRIED).map(({ name }) => `${path}/${name}`),
    signal,
  )
  const areLists = first.every((child) => child?.kind === 'dataset' && isList(child) && child.type.dtype !== undefined)
  return areLists ? names : undefined
}

/** Undefined where not all are datasets. */
function* namesOf(children: readonly Hdf5Child[]): Steps<ListNames | undefined> {
  const form = formOf(children[0]?.name ?? '')
  let areNumbered = form !== undefined
  for (const { name, kind } of children) {
    if (kind !== 'dataset') return undefined
    areNumbered &&= formOf(name) === form
    if (isDue()) yield
  }
  return areNumbered ? 'numbered' : 'others'
}

/** What a name has before the number at its end; undefined where it has none. */
function formOf(name: string): string | undefined {
  // Digits are counted from their first one only: a long name may have many.
  const form = name.replace(/(?<!\d)\d+$/, '')
  return form === name ? undefined : form
}
