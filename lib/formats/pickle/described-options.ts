/**
 * The options of pickles, for the command line.
 */
import type { ExporterTable, LoaderTable } from '../../jobs/option-tables.js'
import type { DescribedOption } from '../../options/described.js'
import type { LoadSpikeDataPickleOptions } from './read.js'
import type { PickleOptions } from './write.js'

export const DESCRIBED_WRITING: ExporterTable<PickleOptions> = {
  protocol: { value: 'number', text: "The protocol of Python's pickle, 0 to 5. Default 5" },
}

export const DESCRIBED_PYTHON_TYPES: DescribedOption = {
  value: ['exact', 'plain'],
  text: 'Keeps what only Python distinguishes, or not. Default: plain for other formats',
}

export const DESCRIBED_READING: LoaderTable<LoadSpikeDataPickleOptions> = {
  pythonTypes: DESCRIBED_PYTHON_TYPES,
}
