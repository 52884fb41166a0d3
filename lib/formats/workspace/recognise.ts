/**
 * Recognises workspaces, and finds out what they hold without reading it.
 */
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings, InspectedItem } from '../../jobs/findings.js'
import { incomplete, valuesUnknown } from '../../jobs/findings.js'
import type { Recognition } from '../../jobs/reader.js'
import { filesAt } from './names.js'
import { attributeNames } from './reading/attribute-names.js'
import type { WorkspaceEntry } from './reading/entries.js'
import { entriesIn, RECORDING } from './reading/entries.js'

/** More items are not listed. */
export const MOST_ITEMS = 1000

/** The id that every workspace has. */
export async function recogniseWorkspace(candidate: Candidate): Promise<Recognition> {
  return (await candidate.root())?.attributes.has('__workspace_id__') ? 'mark' : undefined
}

/** As SpikeLab has it: a workspace is also known by its path without the ending. */
export function workspaceAt(path: string): string | undefined {
  const { file } = filesAt(path)
  return file === path ? undefined : file
}

/** The items of a workspace; of one with a single recording also what the recording is. */
export async function inspectWorkspace(candidate: Candidate): Promise<Findings> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  const items: InspectedItem[] = []
  const recordings: WorkspaceEntry[] = []
  const findings: Findings = { attributes: [], rawData: [], items, warnings: [] }
  if ((await file.children('/', signal)).length > MOST_ITEMS) {
    findings.warnings.push(incomplete(`The workspace has more than ${MOST_ITEMS} namespaces, whose items are not listed.`))
    return findings
  }
  for await (const entry of entriesIn(file, signal)) {
    if (items.length === MOST_ITEMS) {
      findings.warnings.push(incomplete(`Of more than ${MOST_ITEMS} items the first are listed.`))
      return findings
    }
    items.push(itemOf(entry))
    if (entry.type === RECORDING) recordings.push(entry)
  }
  const [only] = recordings
  if (!only || recordings.length > 1) {
    const message = `The workspace has ${recordings.length} recordings, not one: loadWorkspaceItem loads an item.`
    findings.warnings.push(incomplete(message))
    return findings
  }
  return { ...findings, ...(await recordingAt(file, only, signal)) }
}

function itemOf({ namespace, key, type = 'unknown', group }: WorkspaceEntry): InspectedItem {
  return { namespace, key, type, ...(type === RECORDING && windowOf(group)) }
}

function windowOf({ attributes }: WorkspaceEntry['group']): Pick<InspectedItem, 'units' | 'startTimeMs' | 'lengthMs'> {
  const [units, lengthMs] = ['N', 'length_ms'].map((name) => numberIn(attributes.get(name)))
  return {
    ...(units !== undefined && { units }),
    startTimeMs: numberIn(attributes.get('start_time')) ?? 0,
    ...(lengthMs !== undefined && { lengthMs }),
  }
}

async function recordingAt(
  file: Hdf5File,
  { namespace, key, group }: WorkspaceEntry,
  signal: AbortSignal | undefined,
): Promise<Partial<Findings>> {
  const path = `/${namespace}/${key}`
  const names = ['spike_times', 'raw_data', 'neuron_attributes']
  const found = await file.describeAll(
    names.map((name) => `${path}/${name}`),
    signal,
  )
  const [times, raw, attributes] = found
  const findings: Partial<Findings> = windowOf(group)
  if (times?.kind === 'dataset') findings.spikes = times.shape[0] ?? 0
  if (raw?.kind === 'dataset' && raw.type.dtype !== undefined) {
    findings.rawData = [{ name: raw.path, shape: [...raw.shape], dtype: raw.type.dtype }]
    if (raw.shape.length === 2) findings.channels = raw.shape[0] as number
  }
  if (attributes?.kind === 'group') {
    const { names, unknown } = await attributeNames(file, attributes.path, findings.units ?? 0, signal)
    findings.attributes = names
    findings.warnings = valuesUnknown(unknown)
  }
  return findings
}
