/**
 * The style of a generic HDF5 file: as the options state it, or recognised by what is in the file.
 */
import type { Hdf5Dataset, Hdf5File, Hdf5Group } from '../../engine/reading/hdf5-file.js'
import { numberIn } from '../../engine/reading/hdf5-file.js'
import { invalidType, invalidValue } from '../../errors.js'
import { isMissing, refuseOptions } from '../../options/checks.js'
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

/** A style, and the name of its raster or group where that is not the usual one. */
export interface RecognisedStyle {
  style: Hdf5Style
  name?: string
}

/**
 * Recognises the style of a file by the names in its root group: `spike_times` and `spike_times_index`; `idces` and `times`; counts, `raster` or
 * with the attribute `bin_size_ms`; `units` or another group that holds nothing but lists of numbers.
 *
 * @param isRagged - whether both datasets of that style are there
 * @throws FormatError for a file of another format, which it names, and for one with none of these
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
  const children = await file.children('/', signal)
  const kinds = new Map(children.map(({ name, kind }) => [name, kind]))
  if (['idces', 'times'].every((name) => kinds.get(name) === 'dataset')) return { style: 'paired' }
  const named = (name: string) => Number(name === 'raster' || name === 'units')
  const inOrder = children.sort((a, b) => named(b.name) - named(a.name)).slice(0, MOST_TRIED)
  for (const { name } of inOrder.filter(({ kind }) => kind === 'dataset')) {
    if (isRaster(await file.dataset(name, signal))) return { style: 'raster', name }
  }
  for (const { name } of inOrder.filter(({ kind }) => kind === 'group')) {
    if (await isGroupOfUnits(file, name, signal)) return { style: 'group', name }
  }
  throw file.error('it has none of the four styles of spike trains under their usual names: give style and the names of its datasets')
}

/** How many objects of the root group are looked at. */
const MOST_TRIED = 64

function isRaster({ path, shape, attributes }: Hdf5Dataset): boolean {
  return shape.length === 2 && (path === 'raster' || numberIn(attributes.get('bin_size_ms')) !== undefined)
}

/** Whether a group holds one list of numbers or more, and nothing else; of many, the first ones are looked at. */
async function isGroupOfUnits(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const children = await file.children(path, signal)
  if (children.length === 0) return path === 'units'
  if (children.some(({ kind }) => kind !== 'dataset')) return false
  const first = await file.describeAll(
    children.slice(0, MOST_TRIED).map(({ name }) => `${path}/${name}`),
    signal,
  )
  return first.every((child) => child?.kind === 'dataset' && child.shape.length === 1 && child.type.dtype !== undefined)
}
