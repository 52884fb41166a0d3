/**
 * SpikeLab's workspaces: an HDF5 file with objects by namespace and key, and an index of them as JSON.
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { objectsForPlan } from '../../engine/native-lists.js'
import type { Hdf5Plan } from '../../engine/plan/hdf5-tree.js'
import { invalidValue, quoted } from '../../errors.js'
import type { ExportCall } from '../../jobs/export-call.js'
import { checkExportCall, EXPORT_OPTIONS } from '../../jobs/export-call.js'
import type { Counts } from '../../jobs/run-export.js'
import { runExport } from '../../jobs/run-export.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { RecordingsInUse } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import type { ExportOptions, ExportReport } from '../../options/export-options.js'
import type { ExportPath } from '../../options/export-path.js'
import type { PlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import type { OptionsFor, S3Options } from '../../storage/s3-options.js'
import { valuePath } from '../pickle/pickler.js'
import { pyFloat } from '../pickle/values.js'
import type { SpikeLabObject } from '../pickle/write.js'
import type { Index, Notes } from './items.js'
import { Items } from './items.js'
import { filesAt, urlsAt } from './names.js'
import type { Heading, WorkspaceFile } from './options.js'
import { headingFrom, notesFrom } from './options.js'
import { pythonJson } from './python-json.js'
import { Tree } from './tree.js'

/**
 * An item of a workspace: an object of one of the six classes; an array of numbers; a list, or equally long lists, of numbers, texts or
 * booleans, which Python reads as an array; or a dict, as a plain object or a Map.
 */
export type WorkspaceItem = SpikeLabObject | NDArray | NumericArray | readonly unknown[] | ReadonlyMap<string, unknown> | PlainObject

/** The items of a workspace, by namespace and key. */
export type WorkspaceItems = Readonly<Record<string, Readonly<Record<string, WorkspaceItem | undefined>> | undefined>>

/** Options of {@link exportToWorkspace}. Options of S3 without `s3Upload` neither compile nor run. */
export type WorkspaceOptions = WorkspaceFile & ExportOptions & S3Options

/** What {@link exportToWorkspace} wrote. */
export interface WorkspaceReport extends ExportReport {
  /** The file with the items, or its S3 URL. */
  path: string
  /** The index, or its S3 URL. */
  indexPath: string
  /** The workspace's id, in both files. */
  workspaceId: string
}

const OPTIONS: OptionNames<WorkspaceOptions> = { ...EXPORT_OPTIONS, name: true, notes: true, workspaceId: true, createdAt: true }

/**
 * Exports objects to a workspace that SpikeLab's `AnalysisWorkspace.load` and `load_item` read: `⟨path⟩.h5` with the objects, and
 * `⟨path⟩.json` with an index of them. A trailing `.h5` of the path is left out, as by SpikeLab's `save`.
 *
 * The attributes of units, metadata and raw data are kept. In dicts there may also be numbers, bigints, booleans, strings, null, Sets and
 * what `pyFloat` and `pyTuple` mark, and dicts in dicts, 100 levels deep. Whole numbers become `int`, others and −0 `float`; entries that
 * are undefined are left out. Everything is read once; do not change it until the promise resolves. Buffers of arrays can no longer be
 * transferred to another thread.
 *
 * What the format does not hold is listed in one warning (`SPIKEPORT_WORKSPACE_LOST`): attributes whose values are not one number, one
 * text, one boolean or arrays of one shape for all units, or need more digits than float64 has; attributes with names that no dataset can
 * have; NaN and empty texts, which are read as missing; labels of several kinds; the unit of rates; and tuples in metadata.
 *
 * Both files are made beside their targets. The HDF5 file replaces its target first, the index right after it: a crash between the two
 * leaves the new objects, which are all that SpikeLab reads, beside the old index, whose `workspace_id` is another one. The folder must be
 * there.
 *
 * @param items - an object of objects: the items by namespace and key. The numbers of spikes and units in the report are those of all items
 * @param path - the path of both files without extension, or that of the HDF5 file; a `file:` URL, or with `s3Upload` an S3 URL
 * @param options - a {@link WorkspaceOptions}
 * @throws TypeError, RangeError for options that make no sense, names that SpikeLab cannot read (with `/`, empty, or of a namespace and
 *   beginning with `__`), values that a workspace does not hold, named by their path, and another file than an index at the path of the
 *   index, before anything is written
 * @throws Error with the file system's `code`, S3Error; the signal's reason; or what a getter throws
 * @example
 * ```js
 * const sd = new SpikeData([[12.5, 40.25], [7]], { length: 100, metadata: { culture: 'A-12' } })
 * await exportToWorkspace({ day1: { sorted: sd, rates: Float64Array.of(20, 10) } }, 'results')
 * // Python: AnalysisWorkspace.load('results').get('day1', 'sorted')
 * ```
 */
export async function exportToWorkspace<Path extends ExportPath>(
  items: WorkspaceItems,
  path: Path,
  ...[options]: OptionsFor<Path, WorkspaceOptions>
): Promise<WorkspaceReport> {
  const inUse = new RecordingsInUse()
  try {
    return await writeWorkspace(items, path, options, inUse)
  } finally {
    inUse.end()
  }
}

async function writeWorkspace(
  items: WorkspaceItems,
  path: ExportPath,
  options: WorkspaceOptions | undefined,
  inUse: RecordingsInUse,
): Promise<WorkspaceReport> {
  const call = checkExportCall<WorkspaceOptions>(path, options, OPTIONS)
  const heading = headingFrom(call.given)
  const { index } = withBothFiles(call)
  const { signal } = call.given
  signal?.throwIfAborted()
  if (!call.given.s3Upload) await requireNoOtherFile(filesAt(call.destination.absolute).index, path)
  const { plan, indexBytes, counts } = await inSlices(workspace(items, heading, call, inUse), signal)
  const planFor = (target: string): Hdf5Plan => ({
    ...plan,
    format: 'hdf5',
    target,
    companion: { target: filesAt(target).index, bytes: indexBytes },
  })
  const report = await runExport(call, planFor, counts)
  return { ...report, path: call.destination.given, indexPath: index, workspaceId: heading.workspaceId }
}

/** Makes both files the destination of a call. */
function withBothFiles({ given, destination }: ExportCall<WorkspaceOptions>): { index: string } {
  const { file, index } = given.s3Upload ? urlsAt(destination.given) : filesAt(destination.given)
  destination.given = file
  destination.absolute = filesAt(destination.absolute).file
  destination.companion = index
  return { index }
}

/** How SpikeLab and this exporter begin an index. */
const INDEX_START = '{\n  "workspace_id": '

/**
 * Only the path of the HDF5 file may have been given, beside which a file may lie that has the name of the index by chance.
 *
 * @throws RangeError for a file that is no index of a workspace
 */
async function requireNoOtherFile(index: string, path: unknown): Promise<void> {
  const start = await startOf(index, INDEX_START.length)
  if (start === '' || start === INDEX_START) return
  throw invalidValue(`a path without another file than the index of a workspace at ${quoted(index)}`, 'path', path)
}

/** The first bytes of a file; none where it is not there, or cannot be read: then the export itself finds out. */
async function startOf(path: string, length: number): Promise<string> {
  // Not blocked by a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined)
  try {
    const read = await file?.read(Buffer.alloc(length), 0, length, 0)
    return read ? read.buffer.toString('latin1', 0, read.bytesRead) : ''
  } catch {
    return ''
  } finally {
    await file?.close()
  }
}

/** What is written, besides where. */
interface Workspace {
  plan: Pick<Hdf5Plan, 'attributes' | 'objects'>
  indexBytes: Uint8Array
  counts: Counts
}

function* workspace(
  given: unknown,
  heading: Heading,
  { warnings }: ExportCall<WorkspaceOptions>,
  inUse: RecordingsInUse,
): Steps<Workspace> {
  const { name, workspaceId, createdAt } = heading
  const notes = yield* notesFrom(heading.notes)
  const tree = new Tree(createdAt, inUse)
  const items = new Items(tree, notes)
  yield* items.add(given)
  yield* requireNotedItems(notes, items.index)
  const index = new Map<string, unknown>([
    ['workspace_id', workspaceId],
    ['name', name],
    ['created_at', pyFloat(createdAt)],
    ['index', items.index],
  ])
  const attributes = [
    { name: '__workspace_id__', value: workspaceId },
    { name: '__workspace_name__', value: name ?? '' },
    { name: '__created_at__', value: createdAt },
  ]
  const objects = yield* objectsForPlan(tree.objects)
  warnings.push(...tree.losses.warnings())
  return { plan: { attributes, objects }, indexBytes: yield* pythonJson(index, [], () => {}, { indent: 2 }), counts: items.counts }
}

/** A note on what is not there would be lost in silence. */
function* requireNotedItems(notes: Notes, index: Index): Steps<void> {
  for (const [namespace, byKey] of notes) {
    for (const key of byKey.keys()) {
      if (!index.get(namespace)?.has(key)) throw invalidValue('notes on items', 'notes', valuePath([namespace, key]))
      if (isDue()) yield
    }
  }
}
