/**
 * Every kind of export, by name, with what it needs besides a recording and a path.
 */
import { VARIANTS } from '../../lib/formats/registry.js'
import type { ExportOptions, ExportReport, NwbSession, SpikeData } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb } from '../../lib/index.js'

export type Exporter = (sd: SpikeData, path: string, options?: ExportOptions) => Promise<ExportReport>

/** What a session has besides its units. */
const NWB_TABLES: NwbSession = {
  obsIntervals: [
    [0, 1],
    [2, 3],
  ],
  trials: { startTime: [0], stopTime: [1], columns: { side: ['left'], cue_time: [[0.5, 0.75]], tags: ['a'] } },
  series: { speed: { type: 'TimeSeries', data: Int16Array.of(1, 2), timestamps: [1, 2], unit: 'm/s' } },
}

export const EXPORTS: [name: string, write: Exporter][] = [
  // Of several files beside each other, the first is at the path that has its extension already.
  ...VARIANTS.map(({ name, format: { output }, write }): [string, Exporter] => {
    return [output.kind === 'files' ? name + output.extensions[0] : name, write]
  }),
  ['samples', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { spikeTimesUnit: 'samples', fsHz: 30000, ...options })],
  ['nwb-tables', (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb: NWB_TABLES, ...options })],
  ['compressed', (sd, path, options) => exportSpikeDataToHdf5(sd, path, { compression: { level: 9 }, ...options })],
]
