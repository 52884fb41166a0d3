/**
 * Generic HDF5 files, as the registry lists them.
 */
import type { Format } from '../../jobs/format.js'
import type { Reader } from '../../jobs/reader.js'
import { DESCRIBED_READING, DESCRIBED_WRITING } from './described-options.js'
import type { LoadHdf5Options } from './load-options.js'
import type { Hdf5Options } from './options.js'
import { loadSpikeDataFromHdf5, OPTIONS } from './read.js'
import { assumptionsOf, inspectHdf5, recogniseHdf5 } from './recognise.js'
import { statedOptions } from './stated-options.js'
import { refusals, storedRecordings } from './validate.js'
import { exportSpikeDataToHdf5 } from './write.js'

/** How recordings are loaded from it. */
const reader: Reader<'hdf5', LoadHdf5Options> = {
  name: 'hdf5',
  options: OPTIONS,
  described: DESCRIBED_READING,
  lookedFor: { file: 'an HDF5 file' },
  recognise: recogniseHdf5,
  asRecognised: assumptionsOf,
  load: loadSpikeDataFromHdf5,
  inspect: inspectHdf5,
  recordings: storedRecordings,
  validate: refusals,
}

export const hdf5: Format<Hdf5Options, typeof reader> = {
  name: 'hdf5',
  output: { kind: 'file', extension: '.h5', otherExtensions: ['.hdf5'] },
  described: DESCRIBED_WRITING,
  stated: statedOptions,
  canUpload: true,
  variants: [
    {
      name: 'ragged',
      title: 'HDF5, ragged',
      options: {},
      python: (path) => ['import h5py', `f = h5py.File('${path}')`, "f['spike_times'][:f['spike_times_index'][0]]  # unit 0, in s"],
    },
    {
      name: 'paired',
      title: 'HDF5, paired',
      options: { style: 'paired' },
      python: (path) => ['import h5py', `f = h5py.File('${path}')`, "f['times'][f['idces'][:] == 0]  # unit 0, in ms"],
    },
    {
      name: 'group',
      title: 'HDF5, one dataset a unit',
      options: { style: 'group' },
      python: (path) => ['import h5py', `h5py.File('${path}')['units/0'][:]  # unit 0, in s`],
    },
    {
      name: 'raster',
      title: 'HDF5, raster of 20 ms bins',
      options: { style: 'raster', rasterBinSizeMs: 20 },
      python: (path) => ['import h5py', `h5py.File('${path}')['raster'][0, :50].sum()  # spikes of unit 0 in the first s`],
    },
  ],
  write: exportSpikeDataToHdf5,
  reader,
}
