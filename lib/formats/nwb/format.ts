/**
 * NWB files, as the registry lists them.
 */
import type { Format } from '../../jobs/format.js'
import type { Reader } from '../../jobs/reader.js'
import { DESCRIBED_READING, DESCRIBED_WRITING } from './described-options.js'
import { sessionMetadata } from './metadata.js'
import type { LoadNwbOptions } from './read.js'
import { loadSpikeDataFromNwb, OPTIONS } from './read.js'
import { inspectNwb, profileOf, recogniseNwb } from './recognise.js'
import { statedOptions } from './stated-options.js'
import { storedRecordings, validateNwb } from './validate.js'
import type { NwbOptions } from './write.js'
import { exportSpikeDataToNwb } from './write.js'

const SESSION = { sessionDescription: 'A simulated recording.', sessionStartTime: '2026-01-01T00:00:00Z' }

/** How recordings are loaded from it. */
const reader: Reader<'nwb', LoadNwbOptions> = {
  name: 'nwb',
  options: OPTIONS,
  described: DESCRIBED_READING,
  lookedFor: { file: 'an NWB file (nwb_version)' },
  recognise: recogniseNwb,
  asRecognised: profileOf,
  load: loadSpikeDataFromNwb,
  inspect: inspectNwb,
  recordings: storedRecordings,
  validate: validateNwb,
}

export const nwb: Format<NwbOptions, typeof reader> = {
  name: 'nwb',
  output: { kind: 'file', extension: '.nwb' },
  described: DESCRIBED_WRITING,
  stated: statedOptions,
  metadata: sessionMetadata,
  canUpload: true,
  variants: [
    {
      name: 'nwb',
      title: 'NWB',
      options: { fsHz: 30000, nwb: SESSION },
      python: (path) => [
        'from pynwb import NWBHDF5IO',
        `units = NWBHDF5IO('${path}', 'r').read().units`,
        "units['spike_times'][0]  # unit 0, in s",
      ],
    },
    {
      name: 'spikelab',
      title: 'NWB-like HDF5, as SpikeLab writes it',
      options: { profile: 'spikelab' },
      python: (path) => [
        'import h5py',
        `units = h5py.File('${path}')['units']`,
        "units['spike_times'][:units['spike_times_index'][0]]  # unit 0, in s",
      ],
    },
  ],
  write: exportSpikeDataToNwb,
  reader,
}
