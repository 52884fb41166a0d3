/**
 * SpikeLab's workspaces, as the registry lists them.
 */
import type { Format } from '../../jobs/format.js'
import type { WorkspaceOptions } from './write.js'
import { exportToWorkspace } from './write.js'

export const workspace: Format<WorkspaceOptions> = {
  name: 'workspace',
  output: { kind: 'files', extensions: ['.h5', '.json'] },
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
}
