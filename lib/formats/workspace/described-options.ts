/**
 * The options of workspaces, for the command line.
 */
import type { LoadOptions } from '../../jobs/load-call.js'
import type { TableOf } from '../../options/described.js'
import type { ExportOptions } from '../../options/export-options.js'
import type { LazyLoading } from '../../recording/lazy-loading.js'
import type { S3LoadOptions, S3Options } from '../../storage/s3-options.js'
import type { LoadWorkspaceRecordingOptions } from './read.js'
import type { WorkspaceOptions } from './write.js'

export const DESCRIBED_WRITING: TableOf<WorkspaceOptions, ExportOptions & S3Options> = {
  name: { value: 'text', text: 'What people call the workspace' },
  notes: { value: 'json', text: 'Notes, such as {"recording":{"spikes":"curated"}}' },
  workspaceId: { value: 'text', text: 'The id of the workspace. Default: a random UUID' },
  createdAt: { value: 'date', text: 'When it was created, in ISO 8601. Default: now' },
}

export const DESCRIBED_READING: TableOf<LoadWorkspaceRecordingOptions, LoadOptions & S3LoadOptions & LazyLoading> = {
  namespace: { value: 'text', text: 'The namespace of the recording, with its key, where there are several' },
  key: { value: 'text', text: 'The key of the recording, with its namespace' },
  pythonTypes: { value: ['exact', 'plain'], text: 'Keeps what only Python distinguishes, or not. Default: plain for other formats' },
}
