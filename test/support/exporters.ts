/**
 * Every kind of export, by name, with what it needs besides a recording and a path.
 */

import { VARIANTS } from '../../lib/formats/registry.js'
import type { ExportOptions, ExportReport, SpikeData } from '../../lib/index.js'
import { exportSpikeDataToHdf5 } from '../../lib/index.js'

export type Exporter = (sd: SpikeData, path: string, options?: ExportOptions) => Promise<ExportReport>

export const EXPORTS: [name: string, write: Exporter][] = [
  ...VARIANTS.map(({ name, write }): [string, Exporter] => [name, write]),
  ['samples', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz: 30000, ...options })],
  ['compressed', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { compression: { level: 9 }, ...options })],
]
