/**
 * Loads SpikeLab's workspaces: the inverse of write.ts.
 */
import { stat } from 'node:fs/promises'
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import { withHdf5File } from '../../engine/reading/hdf5-file.js'
import { columnsLeftOut, MOST_LISTED, named } from '../../engine/warnings.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, oneOf, optionsFrom } from '../../options/checks.js'
import { exportPath } from '../../options/export-path.js'
import { nearestName } from '../../options/nearest-name.js'
import type { GivenLazy, LazyLoading, LazySpool } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS } from '../../recording/lazy-loading.js'
import { movedSpikes } from '../../recording/loaded-spikes.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import { absolutePath } from '../../storage/paths.js'
import type { LoadOptionsFor, S3LoadOptions } from '../../storage/s3-options.js'
import { isS3Url } from '../../storage/s3-url.js'
import { isObjectName } from '../nwb/column-names.js'
import { filesAt, isNamespace, urlsAt } from './names.js'
import type { WorkspaceEntry } from './reading/entries.js'
import { entriesIn, RECORDING } from './reading/entries.js'
import type { LoadedItem, PlannedItem } from './reading/items.js'
import { finished, item, itemsIn, objectOf } from './reading/items.js'
import type { Finish, Found } from './reading/walk.js'
import { textIn, Walk } from './reading/walk.js'

/** The options that only workspaces have. */
export interface WorkspaceReading {
  /**
   * What only Python distinguishes. `'exact'`, the default: floats that are whole are {@link PyFloat}s where they would become integers, and
   * tuples {@link PyTuple}s, so that {@link exportToWorkspace} writes the same again. `'plain'`: they are numbers and arrays, as other formats
   * take them.
   */
  pythonTypes?: 'exact' | 'plain' | undefined
}

/** Options of {@link loadWorkspace}. Options of S3 without `s3Download` neither compile nor run. */
export type LoadWorkspaceOptions = WorkspaceReading & LoadOptions & S3LoadOptions

/**
 * Options of {@link loadWorkspaceItem}. `spoolFolder` and `maxMemory` without `lazy`, and options of S3 without `s3Download` neither compile nor
 * run; `lazy` is for recordings.
 */
export type LoadWorkspaceItemOptions = WorkspaceReading & LoadOptions & LazyLoading & S3LoadOptions

/** Which recording of a workspace: needed where it has several. */
export interface ChosenItem {
  /** The recording's namespace. */
  namespace: string
  /** Its key. */
  key: string
}

/** The only recording of a workspace. */
export interface OnlyItem {
  /** The recording's namespace; needs `key`. Default: that of the only one. */
  namespace?: Missing
  /** Its key; needs `namespace`. Default: that of the only one. */
  key?: Missing
}

/** Options of `loadSpikeData` for a workspace. `namespace` without `key`, or the reverse, neither compiles nor runs. */
export type LoadWorkspaceRecordingOptions = LoadWorkspaceItemOptions & (ChosenItem | OnlyItem)

/** All of them, each of which may be missing. */
type GivenOptions = WorkspaceReading & LoadOptions & GivenLazy & S3LoadOptions

type GivenRecordingOptions = GivenOptions & { namespace?: unknown; key?: unknown }

/**
 * An item of a workspace: an object of one of the six classes; an ndarray as a typed array or, of other than one axis, an NDArray, and one
 * of texts or booleans as a list; or a dict as an object.
 */
export type LoadedWorkspaceItem = LoadedItem

/** What {@link loadWorkspace} returns. All but `items` are options with which {@link exportToWorkspace} writes it again. */
export interface LoadedWorkspace {
  /** The workspace's id. */
  workspaceId: string
  /** What people call it, or null. */
  name: string | null
  /** When it was created, to the millisecond. */
  createdAt: Date
  /** The items, by namespace and key. */
  items: Record<string, Record<string, LoadedWorkspaceItem>>
  /** Notes on items, by namespace and key. */
  notes: Record<string, Record<string, string>>
}

const OPTIONS: OptionNames<LoadWorkspaceOptions> = { ...LOAD_OPTIONS, pythonTypes: true }

export const ITEM_OPTIONS: OptionNames<LoadWorkspaceItemOptions> = { ...OPTIONS, ...LAZY_OPTIONS }

export const RECORDING_OPTIONS: OptionNames<LoadWorkspaceRecordingOptions> = { ...ITEM_OPTIONS, namespace: true, key: true }

/** Longer names are not like one that was given. */
const MOST_LETTERS = 64

/**
 * Loads a workspace, as SpikeLab's `AnalysisWorkspace.save` and {@link exportToWorkspace} write it, with all items. As in SpikeLab only the
 * HDF5 file is read, and namespaces that begin with `__` are skipped. For one item of many, see {@link loadWorkspaceItem}.
 *
 * Objects are those of the six classes, with the attributes of units, metadata and raw data. An ndarray has its dtype: of one axis it is a
 * typed array, of others an NDArray; one of texts or booleans is a list, nested where it has several axes. A dict is an object; in it, `int`
 * is a number, or a bigint where that is not exact; `float` a number, a whole one a {@link PyFloat}; a tuple a {@link PyTuple}; a set or
 * frozenset a Set; None null. Metadata may have NaN and infinities, which no other reader of JSON takes.
 *
 * Columns of attributes that no value here can hold, such as complex numbers, are left out with the warning `SPIKEPORT_COLUMNS_LEFT_OUT`.
 *
 * Nothing of the file is trusted: what links to another file, to an object a second time or back to a group it is in, is an error.
 *
 * @param path - the path of the HDF5 file, with or without `.h5`, or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadWorkspaceOptions}
 * @returns a promise of the workspace
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for a file that is no workspace, or has an item that is not what it should be; the message names the object in it
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const { items, ...heading } = await loadWorkspace('results')
 * console.log(items.day1.spikes.N)
 * await exportToWorkspace({ ...items, summary: { counts: { units: 2 } } }, 'more results', heading)
 * ```
 */
export async function loadWorkspace<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadWorkspaceOptions>
): Promise<LoadedWorkspace> {
  return load(workspaceCall(path, options, OPTIONS), planWorkspace)
}

/**
 * Loads one item of a workspace, and reads nothing else: SpikeLab's `AnalysisWorkspace.load_item`. Values are those of {@link loadWorkspace}.
 *
 * @param path - the path of the HDF5 file, with or without `.h5`, or a `file:` URL; with `s3Download` an S3 URL
 * @param namespace - the item's namespace
 * @param key - its key
 * @param options - a {@link LoadWorkspaceItemOptions}
 * @returns a promise of the item
 * @throws TypeError for a namespace or a key that is no string
 * @throws RangeError for a namespace or a key that the workspace does not have; the message lists those that it has. For `lazy` where the item is
 *   no recording
 * @throws what {@link loadWorkspace} throws
 * @example
 * ```js
 * const sd = await loadWorkspaceItem('results', 'day1', 'spikes')
 * ```
 */
export async function loadWorkspaceItem<Path extends LoadPath>(
  path: Path,
  namespace: string,
  key: string,
  ...[options]: LoadOptionsFor<Path, LoadWorkspaceItemOptions>
): Promise<LoadedWorkspaceItem> {
  const call = workspaceCall(path, options as GivenOptions | undefined, ITEM_OPTIONS)
  if (typeof namespace !== 'string') throw invalidType('a string', 'namespace', namespace)
  if (typeof key !== 'string') throw invalidType('a string', 'key', key)
  return load(call, (walk) => planItem(walk, namespace, key))
}

/**
 * Loads a recording of a workspace: the one that is chosen, or the only one.
 *
 * @param path - the path of the HDF5 file, with or without `.h5`
 * @throws RangeError for a chosen item that is no recording
 * @throws FormatError, without a choice, for a workspace that has none, or several, which the message lists
 * @throws what {@link loadWorkspaceItem} throws
 */
export async function loadRecording(path: LoadPath, options?: LoadWorkspaceRecordingOptions): Promise<SpikeData> {
  const given = exportPath(path, 'path')
  // Both are as they are now: the file is looked for without blocking, and they may change meanwhile.
  const { namespace, key, ...read } = optionsFrom(
    options as GivenRecordingOptions | undefined,
    RECORDING_OPTIONS as OptionNames<GivenRecordingOptions>,
  )
  const absolute = isS3Url(given) ? undefined : absolutePath(given)
  if (isMissing(namespace) && isMissing(key)) {
    return (await load(await recordingCall(given, absolute, read), planOnlyRecording)) as SpikeData
  }
  if (typeof namespace !== 'string') throw invalidType('a string, as key is given,', 'namespace', namespace)
  if (typeof key !== 'string') throw invalidType('a string, as namespace is given,', 'key', key)
  return (await load(await recordingCall(given, absolute, read), (walk) => planItem(walk, namespace, key, true))) as SpikeData
}

/** The call for a file of any name, as a workspace that was renamed has another ending; elsewhere for the path with the ending. */
async function recordingCall(given: string, absolute: string | undefined, options: GivenOptions): Promise<LoadCall<GivenOptions>> {
  if (absolute === undefined) return workspaceCall(given, options, ITEM_OPTIONS)
  const isThere = await isFile(absolute)
  const at = (path: string) => (isThere ? path : filesAt(path).file)
  return { ...checkedCall(at(absolute), options, ITEM_OPTIONS), path: at(given) }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** The call for the HDF5 file of a path with or without ending, its options checked. */
function workspaceCall(path: unknown, options: GivenOptions | undefined, names: object): LoadCall<GivenOptions> {
  const given = exportPath(path, 'path')
  const { file } = isS3Url(given) ? urlsAt(given) : filesAt(given)
  return checkedCall(file, options, names)
}

/** @param names - those of the options that the call may have */
function checkedCall(file: string, options: GivenOptions | undefined, names: object): LoadCall<GivenOptions> {
  const call = checkLoadCall<GivenOptions>(file, options, names as OptionNames<GivenOptions>)
  const { pythonTypes = 'exact' } = call.given
  oneOf(pythonTypes, 'pythonTypes', ['exact', 'plain'])
  return call
}

async function load<T>(call: LoadCall<GivenOptions>, plan: (walk: Walk) => Promise<Finish<T>>): Promise<T> {
  const lazy = lazySpool(call.given)
  try {
    return await loadWith(lazy, call, plan)
  } finally {
    await lazy?.close()
  }
}

/** @param lazy - where spikes are kept; undefined where they are to be in memory */
async function loadWith<T>(
  lazy: LazySpool | undefined,
  call: LoadCall<GivenOptions>,
  plan: (walk: Walk) => Promise<Finish<T>>,
): Promise<T> {
  const { given, warnings } = call
  const { signal } = given
  signal?.throwIfAborted()
  const read = async (file: Hdf5File) => {
    const walk = new Walk(file, given.pythonTypes === 'plain', lazy, signal)
    const finish = await plan(walk)
    await walk.read(given)
    const value = await finish()
    if (walk.lost.length > 0) warnings.push(columnsLeftOut('Attributes of units', walk.lost))
    if (walk.moved > 0) warnings.push(movedSpikes(walk.moved))
    return value
  }
  const loaded = await withLocalFile(call, ({ absolute, path }) => withHdf5File(absolute, path, signal, read))
  finishLoad(call, lazy)
  return loaded
}

async function planWorkspace(walk: Walk): Promise<Finish<LoadedWorkspace>> {
  const { file } = walk
  const [root] = await walk.describeAll(['/'])
  const { workspaceId, name, createdAt } = headingOf(file, root as Found)
  const planned: [namespace: string, items: readonly PlannedItem[]][] = []
  for (const { name: namespace, path, found } of await walk.children('/', (child) => isNamespace(child.name))) {
    if (found.kind !== 'group') throw walk.error('it is no group, as every namespace is', path)
    planned.push([namespace, await itemsIn(walk, path)])
  }
  return async () => {
    const items: [string, Record<string, LoadedItem>][] = []
    const notes: [string, Record<string, string>][] = []
    for (const [namespace, keyed] of planned) {
      items.push([namespace, await finished(walk, keyed)])
      const own = await inSlices(notesOf(keyed), walk.signal)
      if (own.length > 0) notes.push([namespace, await inSlices(objectOf(own), walk.signal)])
    }
    return {
      workspaceId,
      name,
      createdAt,
      items: await inSlices(objectOf(items), walk.signal),
      notes: await inSlices(objectOf(notes), walk.signal),
    }
  }
}

function* notesOf(items: readonly PlannedItem[]): Steps<[string, string][]> {
  const notes: [string, string][] = []
  for (const [key, , { attributes }] of items) {
    const note = textIn(attributes.get('__note__'))
    if (note) notes.push([key, note])
    if (isDue()) yield
  }
  return notes
}

function headingOf(file: Hdf5File, { attributes }: Found): Pick<LoadedWorkspace, 'workspaceId' | 'name' | 'createdAt'> {
  const workspaceId = textIn(attributes.get('__workspace_id__'))
  if (workspaceId === undefined) throw file.error('it is no workspace: it has no attribute __workspace_id__', '/')
  const createdAt = new Date((numberIn(attributes.get('__created_at__')) ?? Number.NaN) * 1000)
  if (Number.isNaN(createdAt.getTime())) throw file.error('its attribute __created_at__ is no time', '/')
  return { workspaceId, name: textIn(attributes.get('__workspace_name__')) || null, createdAt }
}

/** @param isRecording - whether it has to be one */
async function planItem(walk: Walk, namespace: string, key: string, isRecording = false): Promise<Finish<LoadedItem>> {
  const at = await groupIn(walk, '/', namespace, 'namespace')
  const group = await groupIn(walk, at.path, key, 'key')
  const type = textIn(group.attributes.get('__type__'))
  if (isRecording && type !== RECORDING) {
    throw invalidValue(`the key of a recording, not of an item of the type '${type}',`, 'key', key)
  }
  if (walk.lazy && type !== RECORDING) throw invalidValue(`no value, as the item is no recording but of the type '${type}',`, 'lazy', true)
  return item(walk, group)
}

async function planOnlyRecording(walk: Walk): Promise<Finish<LoadedItem>> {
  const recordings: WorkspaceEntry[] = []
  const others: WorkspaceEntry[] = []
  for await (const entry of entriesIn(walk.file, walk.signal)) {
    const list = entry.type === RECORDING ? recordings : others
    // As many as an error lists, and one by which it knows that there are more.
    if (list.length <= MOST_LISTED) list.push(entry)
  }
  const [only] = recordings
  if (only && recordings.length === 1) return planItem(walk, only.namespace, only.key)
  const shown = (entries: readonly WorkspaceEntry[]) =>
    entries
      .slice(0, MOST_LISTED)
      .map(({ namespace, key }) => quoted(`${namespace}/${key}`))
      .join(', ') + (entries.length > MOST_LISTED ? ' and more' : '')
  if (only) throw walk.file.error(`it has several recordings, of which namespace and key choose one: ${shown(recordings)}`)
  const has = others.length === 0 ? 'nothing' : shown(others)
  throw walk.file.error(`it has no recording, and loadWorkspaceItem loads its other items: it has ${has}`)
}

/** The group of a name that a caller has given. */
async function groupIn(walk: Walk, parent: string, name: string, option: 'namespace' | 'key'): Promise<Found> {
  const path = `${parent === '/' ? '' : parent}/${name}`
  const [found] = isObjectName(name) ? await walk.describeAll([path]) : []
  if (found?.kind === 'group') return found
  if (found) throw walk.error('it is no group', path)
  const children = await walk.file.children(parent, walk.signal)
  const names = children.map((child) => child.name).filter((other) => option === 'key' || isNamespace(other))
  const nearest = await inSlices(nearestOf(name, names), walk.signal)
  const where = option === 'namespace' ? `the workspace '${walk.file.name}'` : `the namespace '${parent.slice(1)}'`
  const has =
    names.length === 0
      ? 'it has none'
      : `it has ${named(nearest === undefined ? names : [nearest, ...names.filter((other) => other !== nearest)])}`
  const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`
  throw invalidValue(`a ${option} of ${where} (${has}${hint})`, option, name)
}

/** The name that is most like another one, if there is one. */
function* nearestOf(given: string, names: readonly string[]): Steps<string | undefined> {
  let nearest: string | undefined
  for (const name of names) {
    if (name.length <= MOST_LETTERS) nearest = nearestName(given, nearest === undefined ? [name] : [nearest, name])
    if (isDue(16)) yield
  }
  return nearest
}
