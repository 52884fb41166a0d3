/**
 * KiloSort and Phy folders, as the registry lists them.
 */
import type { Format } from '../../jobs/format.js'
import type { Reader } from '../../jobs/reader.js'
import { DESCRIBED_READING, DESCRIBED_WRITING } from './described-options.js'
import type { LoadKilosortOptions } from './load-options.js'
import { OPTIONS } from './load-options.js'
import { SPIKE_CLUSTERS, SPIKE_TIMES } from './names.js'
import { loadSpikeDataFromKilosort } from './read.js'
import { inspectKilosort, recogniseKilosort } from './recognise.js'
import { statedOptions } from './stated-options.js'
import { storedRecordings, validateFolder } from './validate.js'
import type { KilosortOptions } from './write.js'
import { exportSpikeDataToKilosort } from './write.js'

/** How recordings are loaded from it. */
const reader: Reader<'kilosort', LoadKilosortOptions> = {
  name: 'kilosort',
  options: OPTIONS,
  described: DESCRIBED_READING,
  lookedFor: { file: 'a .zip of a KiloSort folder', folder: `a KiloSort or Phy folder (${SPIKE_TIMES} and ${SPIKE_CLUSTERS})` },
  recognise: recogniseKilosort,
  load: loadSpikeDataFromKilosort,
  inspect: inspectKilosort,
  recordings: storedRecordings,
  validate: validateFolder,
}

export const kilosort: Format<KilosortOptions, typeof reader> = {
  name: 'kilosort',
  output: { kind: 'folder', mark: SPIKE_CLUSTERS },
  described: DESCRIBED_WRITING,
  alsoNamed: { phy: { phy: true } },
  stated: statedOptions,
  canUpload: true,
  variants: [
    {
      name: 'kilosort',
      title: 'KiloSort, as SpikeLab writes it',
      options: { fsHz: 30000 },
      python: (path) => [
        'import numpy',
        `clusters = numpy.load('${path}/spike_clusters.npy')`,
        `numpy.load('${path}/spike_times.npy')[clusters == 0]  # unit 0, in samples`,
      ],
    },
    {
      name: 'phy',
      title: 'Phy',
      options: { fsHz: 30000, phy: true },
      python: (path) => [
        'from spikeinterface.extractors import read_phy',
        `read_phy('${path}').get_unit_spike_train(0)  # unit 0, in samples`,
      ],
    },
  ],
  write: exportSpikeDataToKilosort,
  reader,
}
