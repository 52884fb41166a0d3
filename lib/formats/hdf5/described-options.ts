/**
 * The options of generic HDF5 files, and those of all files of HDF5, for the command line.
 */
import type { ExporterTable, LoaderTable } from '../../jobs/option-tables.js'
import type { TableOf } from '../../options/described.js'
import { TIME_UNIT_NAMES } from '../../options/time-unit.js'
import type { LoadHdf5Options } from './load-options.js'
import type { Hdf5Options } from './options.js'
import { STYLE_OPTIONS } from './options.js'
import type { Hdf5StorageOptions } from './storage.js'

const STYLES = Object.keys(STYLE_OPTIONS)

export const DESCRIBED_STORAGE: TableOf<Hdf5StorageOptions, never> = {
  layout: {
    value: ['auto', 'contiguous', 'chunked', 'cloud'],
    text: 'How datasets lie in the file; cloud is read over a network in few requests. Default auto',
  },
  chunkBytes: { value: 'number', text: 'The most bytes of a chunk before compression. Default 1 MiB' },
  compression: { value: 'json', text: 'gzip for chunks, such as {"level":1}, with "shuffle" unless that is false. Default: none' },
  pageBytes: { value: 'number', text: 'Of the layout cloud: the size of a page in bytes. Default 4 MiB' },
}

/** Names and units, which are the same on both sides. */
const NAMES = {
  rasterDataset: { value: 'text', text: 'raster: the name of the counts. Default raster' },
  rasterBinSizeMs: { value: 'number', text: 'raster: the width of a bin in ms' },
  spikeTimesDataset: { value: 'text', text: 'ragged: the name of all spike times. Default spike_times' },
  spikeTimesIndexDataset: { value: 'text', text: 'ragged: the name of the cumulative ends. Default spike_times_index' },
  spikeTimesUnit: { value: TIME_UNIT_NAMES, text: 'ragged: the unit of the times. Default s' },
  groupPerUnit: { value: 'text', text: 'group: the name of the group. Default units' },
  groupTimeUnit: { value: TIME_UNIT_NAMES, text: 'group: the unit of the times. Default s' },
  idcesDataset: { value: 'text', text: 'paired: the name of the unit of each spike. Default idces' },
  timesDataset: { value: 'text', text: 'paired: the name of the time of each spike. Default times' },
  timesUnit: { value: TIME_UNIT_NAMES, text: 'paired: the unit of the times. Default ms' },
  fsHz: { value: 'number', text: 'The sampling frequency in Hz, where a unit is samples' },
  rawDataset: { value: 'text', text: 'The name of raw data, channels × samples, with the name of their times. Default: left out' },
  rawTimeDataset: { value: 'text', text: 'The name of the times of raw samples, with that of raw data' },
  rawTimeUnit: { value: TIME_UNIT_NAMES, text: 'The unit of the times of raw samples. Default ms' },
} as const

export const DESCRIBED_WRITING: ExporterTable<Hdf5Options> = {
  style: { value: STYLES, text: 'How spikes are arranged. Default ragged' },
  ...NAMES,
  ...DESCRIBED_STORAGE,
}

export const DESCRIBED_READING: LoaderTable<LoadHdf5Options> = {
  style: { value: STYLES, text: 'How spikes are arranged. Default: what the names in the file say' },
  ...NAMES,
  spikeTimesIndex: { value: ['auto', 'ends', 'starts'], text: 'ragged: what the index holds. Default auto' },
  unitCount: { value: 'number', text: 'ragged, paired: the number of units, the last of which may have no spikes' },
  lengthMs: { value: 'number', text: 'The length of the recording in ms. Default: what the file says, else up to the last spike' },
  metadata: { value: 'json', text: 'Metadata of the recording, an object' },
}
