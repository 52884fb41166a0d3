/**
 * Which files of a folder are read, so that nothing else of it is downloaded: a recording may be beside them.
 */
import type { FolderOrFile } from '../../../jobs/local-source.js'
import { AMPLITUDES, SPIKE_TEMPLATES, TEMPLATES } from '../names.js'
import { PARAMS } from '../phy/params.js'
import type { SpikeFiles } from './spikes.js'
import { isTable } from './tables.js'
import { TEMPLATE_CHANNELS } from './templates.js'

/** The names of files that a caller may give. */
export interface FileNames extends SpikeFiles {
  /** The table of labels, if there is one. */
  readonly labels: string | undefined
  readonly mapFile: string
  readonly positionsFile: string
}

/** What is read of a folder, and the ends of the names of archives. */
export function filesToRead({ timesFile, clustersFile, amplitudes, labels, mapFile, positionsFile }: FileNames): FolderOrFile {
  const names = new Set([timesFile, clustersFile, labels, mapFile, positionsFile, PARAMS, SPIKE_TEMPLATES, TEMPLATES, ...TEMPLATE_CHANNELS])
  if (amplitudes) names.add(AMPLITUDES)
  return { wanted: [{ folder: '', wants: (name) => names.has(name) || isTable(name) }], extensions: ['.zip'] }
}
