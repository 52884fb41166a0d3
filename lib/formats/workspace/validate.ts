/**
 * The recordings of a workspace, which are validated one after the other.
 */
import type { Findings } from '../../jobs/findings.js'
import type { StoredRecording } from '../../jobs/validation.js'
import { finding } from '../../jobs/validation.js'
import type { LoadWorkspaceRecordingOptions } from './read.js'
import { RECORDING } from './reading/entries.js'
import { MOST_ITEMS } from './recognise.js'

/** All recordings, as far as inspecting lists them. */
export function storedRecordings({ items = [] }: Findings): readonly StoredRecording<LoadWorkspaceRecordingOptions>[] {
  const recordings = items.filter(({ type }) => type === RECORDING)
  const message = `Only the recordings among the first ${MOST_ITEMS} items are loaded.`
  const findings = items.length < MOST_ITEMS ? [] : [finding('NOT_CHECKED', message)]
  return recordings.map(({ namespace, key }) => ({ object: `/${namespace}/${key}`, options: { namespace, key }, findings }))
}
