/**
 * Every kind of export, by name, with what it needs besides a recording and a path.
 */

import type { ExportOptions, ExportReport, SpikeData } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle } from '../../lib/index.js'

export type Exporter = (sd: SpikeData, path: string, options?: ExportOptions) => Promise<ExportReport>

const fsHz = 30000
const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }

const EXPORTERS: Record<string, Exporter> = {
  ragged: (sd, path, options) => exportSpikeDataToHdf5(sd, path, options),
  samples: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz, ...options }),
  paired: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { style: 'paired', ...options }),
  group: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { style: 'group', ...options }),
  raster: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 50, ...options }),
  compressed: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { compression: { level: 9 }, ...options }),
  nwb: (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb, ...options }),
  spikelab: (sd, path, options) => exportSpikeDataToNwb(sd, path, { profile: 'spikelab', ...options }),
  kilosort: (sd, path, options) => exportSpikeDataToKilosort(sd, path, { fsHz, ...options }),
  phy: (sd, path, options) => exportSpikeDataToKilosort(sd, path, { fsHz, phy: true, ...options }),
  pickle: (sd, path, options) => exportToPickle(sd, path, options),
  'pickle 0': (sd, path, options) => exportToPickle(sd, path, { protocol: 0, ...options }),
}

export const EXPORTS = Object.entries(EXPORTERS)
