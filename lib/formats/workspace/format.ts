/**
 * SpikeLab's workspaces, as the registry lists them.
 */
import type { Format } from '../../jobs/format.js'
import type { Reader } from '../../jobs/reader.js'
import { DESCRIBED_READING, DESCRIBED_WRITING } from './described-options.js'
import type { LoadWorkspaceRecordingOptions } from './read.js'
import { loadRecording, RECORDING_OPTIONS } from './read.js'
import { inspectWorkspace, recogniseWorkspace, workspaceAt } from './recognise.js'
import { storedRecordings } from './validate.js'
import type { WorkspaceOptions } from './write.js'
import { exportToWorkspace } from './write.js'

/** How recordings are loaded from it. */
const reader: Reader<'workspace', LoadWorkspaceRecordingOptions> = {
  name: 'workspace',
  options: RECORDING_OPTIONS,
  described: DESCRIBED_READING,
  forOtherFormats: { pythonTypes: 'plain' },
  lookedFor: { file: 'a workspace (__workspace_id__)' },
  fileAt: workspaceAt,
  recognise: recogniseWorkspace,
  load: loadRecording,
  inspect: inspectWorkspace,
  recordings: storedRecordings,
}

export const workspace: Format<WorkspaceOptions, typeof reader> = {
  name: 'workspace',
  output: { kind: 'files', extensions: ['.h5', '.json'] },
  described: DESCRIBED_WRITING,
  canUpload: true,
  variants: [
    {
      name: 'workspace',
      title: "SpikeLab's workspace",
      options: {},
      python: (path) => [
        'from spikelab.workspace import AnalysisWorkspace',
        `AnalysisWorkspace.load('${path}').get('recording', 'spikes').train[0]  # unit 0, in ms`,
      ],
    },
  ],
  from: (sd) => ({ recording: { spikes: sd } }),
  write: exportToWorkspace,
  reader,
}
