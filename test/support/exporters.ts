/**
 * Every kind of export, by name, with what it needs besides a recording and a path.
 */

import { VARIANTS } from '../../lib/formats/registry.js'
import type { ExportOptions, ExportReport, SpikeData } from '../../lib/index.js'
import { exportSpikeDataToHdf5 } from '../../lib/index.js'

export type Exporter = (sd: SpikeData, path: string, options?: ExportOptions) => Promise<ExportReport>

export const EXPORTS: [name: string, write: Exporter][] = [
  // Of several files beside each other, the first is at the path that has its extension already.
  ...VARIANTS.map(({ name, format: { output }, write }): [string, Exporter] => {
    return [output.kind === 'files' ? name + output.extensions[0] : name, write]
  }),
  ['samples', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz: 30000, ...options })],
  ['compressed', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { compression: { level: 9 }, ...options })],
]
