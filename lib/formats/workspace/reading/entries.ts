/**
 * Which items a workspace has, without what they hold.
 */
import type { Hdf5File, Hdf5Group } from '../../../engine/reading/hdf5-file.js'
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

/** The items of all namespaces, in the order of their names. */
export async function* entriesIn(file: Hdf5File, signal: AbortSignal | undefined): AsyncGenerator<WorkspaceEntry> {
  for (const { name: namespace, kind } of await file.children('/', signal)) {
    if (kind !== 'group' || !isNamespace(namespace)) continue
    const keys = (await file.children(`/${namespace}`, signal)).filter((child) => child.kind === 'group').map(({ name }) => name)
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
