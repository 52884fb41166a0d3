/**
 * Which items a workspace has, without what they hold.
 */
import type { Hdf5Group } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5Child, Hdf5File } from '../../../engine/reading/hdf5-file.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { isNamespace } from '../names.js'
import { BATCH, textIn } from './walk.js'

/** The type of a recording. */
export const RECORDING = 'SpikeData'

/** An item by its place. */
export interface WorkspaceEntry {
  readonly namespace: string
  readonly key: string
  /** Undefined for a group that is no item. */
  readonly type: string | undefined
  readonly group: Hdf5Group
}

/** The names of the groups. */
function* groupsAmong(children: readonly Hdf5Child[]): Steps<string[]> {
  const names: string[] = []
  for (const { name, kind } of children) {
    if (kind === 'group') names.push(name)
    if (isDue()) yield
  }
  return names
}

/** The items of all namespaces, in the order of their names. */
export async function* entriesIn(file: Hdf5File, signal: AbortSignal | undefined): AsyncGenerator<WorkspaceEntry> {
  for (const namespace of await inSlices(groupsAmong(await file.children('/', signal)), signal)) {
    if (!isNamespace(namespace)) continue
    const keys = await inSlices(groupsAmong(await file.children(`/${namespace}`, signal)), signal)
    for (let from = 0; from < keys.length; from += BATCH) {
      const some = keys.slice(from, from + BATCH)
      const found = await file.describeAll(
        some.map((key) => `/${namespace}/${key}`),
        signal,
      )
      for (const [i, group] of found.entries()) {
        if (group?.kind !== 'group') continue
        yield { namespace, key: some[i] as string, type: textIn(group.attributes.get('__type__')), group }
      }
    }
  }
}
