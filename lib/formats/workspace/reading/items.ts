/**
 * Items of a workspace that is loaded, and what is in dicts.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { setOwn } from '../../../memory/plain-values.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { PyTuple, wholeFloat } from '../../pickle/values.js'
import type { SpikeLabObject } from '../../pickle/write.js'
import { MOST_LEVELS } from '../names.js'
import type { LoadedArray } from './arrays.js'
import { arrayOf, listOf } from './arrays.js'
import { integerOf } from './attributes.js'
import { CLASSES } from './classes.js'
import type { Child, Finish, Found, Walk } from './walk.js'
import { BATCH, numberOf, textIn } from './walk.js'

/** An item as it is loaded. */
export type LoadedItem = SpikeLabObject | LoadedArray | Readonly<Record<string, unknown>>

/** What is at the path `data` of a group, where its type has one. */
type Data = Found | undefined

/** The types whose groups have a dataset `data`. */
const WITH_DATA: ReadonlySet<string> = new Set(['ndarray', 'tuple', 'set', 'frozenset'])

/** An item that is not made yet, and its group. */
export type PlannedItem = readonly [name: string, finish: Finish<LoadedItem>, group: Found]

/** Plans all items of a namespace, by name. */
export async function itemsIn(walk: Walk, path: string): Promise<PlannedItem[]> {
  const children = await childrenWithData(walk, path)
  const items: PlannedItem[] = []
  for (const { name, found, data } of children) {
    items.push([name, await plannedItem(walk, found, data, 0), found])
    await walk.pause()
  }
  return items
}

/** Plans one item, whose group was found. */
export async function item(walk: Walk, group: Found): Promise<Finish<LoadedItem>> {
  const [data] = WITH_DATA.has(typeOf(walk, group)) ? await walk.describeAll([`${group.path}/data`]) : []
  return plannedItem(walk, group, data, 0)
}

async function childrenWithData(walk: Walk, path: string): Promise<(Child & { data: Data })[]> {
  const children: (Child & { data: Data })[] = []
  let paths: string[] = []
  let waiting: { data: Data }[] = []
  const describe = async () => {
    for (const [i, data] of (await walk.describeAll(paths)).entries()) (waiting[i] as { data: Data }).data = data
    paths = []
    waiting = []
  }
  for (const child of await walk.children(path)) {
    const entry = { ...child, data: undefined }
    children.push(entry)
    if (!WITH_DATA.has(typeOf(walk, child.found))) continue
    waiting.push(entry)
    if (paths.push(`${child.path}/data`) === BATCH) await describe()
  }
  await describe()
  return children
}

/** @throws FormatError for a group that is no item */
async function plannedItem(walk: Walk, group: Found, data: Data, level: number): Promise<Finish<LoadedItem>> {
  const type = typeOf(walk, group)
  const plan = CLASSES.get(type)
  if (plan) return plan(walk, group)
  if (type === 'ndarray') return arrayOf(walk, dataset(walk, group, data))
  if (type === 'dict') return dict(walk, group, level)
  throw walk.error(`it is of the type '${type}', which no item has`, group.path)
}

function typeOf(walk: Walk, { kind, path, attributes }: Found): string {
  if (kind !== 'group') throw walk.error('it is no group', path)
  const type = textIn(attributes.get('__type__'))
  if (type === undefined) throw walk.error('it has no attribute __type__, which every item has', path)
  return type
}

function dataset(walk: Walk, { path }: Found, data: Data): Hdf5Dataset {
  return walk.dataset(`${path}/data`, data)
}

async function dict(walk: Walk, { path }: Found, level: number): Promise<Finish<Readonly<Record<string, unknown>>>> {
  if (level === MOST_LEVELS) throw walk.error(`it is nested more than ${MOST_LEVELS} levels deep`, path)
  const entries: [string, Finish][] = []
  for (const { name, found, data } of await childrenWithData(walk, path)) {
    entries.push([name, await entry(walk, found, data, level)])
    await walk.pause()
  }
  return async () => finished(walk, entries)
}

/** An object of all values, whose arrays are filled. */
export async function finished<T>(
  walk: Walk,
  entries: readonly (readonly [name: string, finish: Finish<T>, ...unknown[]])[],
): Promise<Record<string, T>> {
  const values: [string, T][] = []
  for (const [name, finish] of entries) {
    values.push([name, await finish()])
    await walk.pause()
  }
  return inSlices(objectOf(values), walk.signal)
}

/** An object with these properties, of any names. */
export function* objectOf<T>(entries: readonly [string, T][]): Steps<Record<string, T>> {
  const object: Record<string, T> = {}
  for (const [name, value] of entries) {
    setOwn(object, name, value)
    if (isDue()) yield
  }
  return object
}

/** Plans an entry of a dict: what an item may be, or a value that is no item. */
async function entry(walk: Walk, group: Found, data: Data, level: number): Promise<Finish> {
  switch (typeOf(walk, group)) {
    case 'none':
      return constant(null)
    case 'scalar':
      return constant(scalar(walk, group))
    case 'scalar_str':
      return constant(textOf(walk, group))
    case 'tuple': {
      const list = listOf(walk, dataset(walk, group, data))
      return walk.isPlain ? list : async () => new PyTuple(await list())
    }
    case 'set':
    case 'frozenset': {
      const given = dataset(walk, group, data)
      if (given.shape.length !== 1) throw walk.error('it is no set: it does not have one axis', given.path)
      const members = listOf(walk, given)
      return async () => inSlices(setOf(await members()), walk.signal)
    }
    default:
      return plannedItem(walk, group, data, level + 1)
  }
}

function constant(value: unknown): Finish {
  return async () => value
}

function* setOf(members: readonly unknown[]): Steps<Set<unknown>> {
  const set = new Set()
  for (const member of members) {
    set.add(member)
    if (isDue()) yield
  }
  return set
}

function textOf(walk: Walk, { path, attributes }: Found): string {
  const text = textIn(attributes.get('__scalar_value__'))
  if (text === undefined) throw walk.error('it has no text __scalar_value__', path)
  return text
}

/** A number or a boolean. As in SpikeLab, a kind that is not there, in older files, is that of floats. */
function scalar(walk: Walk, group: Found): unknown {
  const { path, attributes } = group
  const value = attributes.get('__scalar_value__')
  const kind = textIn(attributes.get('__scalar_kind__'))
  if (typeof value === 'boolean' && (kind === undefined || kind.startsWith('bool'))) return value
  const number = typeof value === 'bigint' || typeof value === 'boolean' ? value : numberOf(walk, group, '__scalar_value__')
  if (kind?.startsWith('bool')) return Boolean(number)
  if (kind?.includes('int')) {
    if (!Number.isFinite(Number(number))) throw walk.error(`it is ${number}, which is no integer`, path)
    return integerOf(typeof number === 'bigint' ? number : Number(number))
  }
  return walk.isPlain ? Number(number) : wholeFloat(Number(number))
}
