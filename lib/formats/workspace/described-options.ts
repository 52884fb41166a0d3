/**
 * The options of workspaces, for the command line.
 */
import type { ExporterTable, LoaderTable } from '../../jobs/option-tables.js'
import { DESCRIBED_PYTHON_TYPES } from '../pickle/described-options.js'
import type { LoadWorkspaceRecordingOptions } from './read.js'
import type { WorkspaceOptions } from './write.js'

export const DESCRIBED_WRITING: ExporterTable<WorkspaceOptions> = {
  name: { value: 'text', text: 'What people call the workspace' },
  notes: { value: 'json', text: 'Notes, such as {"recording":{"spikes":"curated"}}' },
  workspaceId: { value: 'text', text: 'The id of the workspace. Default: a random UUID' },
  createdAt: { value: 'date', text: 'When it was created, in ISO 8601. Default: now' },
}

export const DESCRIBED_READING: LoaderTable<LoadWorkspaceRecordingOptions> = {
  namespace: { value: 'text', text: 'The namespace of the recording, with its key, where there are several' },
  key: { value: 'text', text: 'The key of the recording, with its namespace' },
  pythonTypes: DESCRIBED_PYTHON_TYPES,
}
