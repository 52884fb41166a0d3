/**
 * What is measured: recordings, and on each of them the workloads, one row of the table each.
 *
 * A workload has a `call` with `options` that both sides make; `ours` adds options that only spikeport has, `peer` replaces the
 * reference's call. `repeat` makes it that many times, to different paths. `kind` says how the outputs are compared; the limit,
 * bytes without a format, has none.
 */
import { SetupError } from '../scripts/setup/shell.mjs'

const FS_HZ = 30000
const CHUNK = 2 ** 17
const WRITE = { call: 'write', options: {} }

const ragged = { call: 'hdf5', kind: 'hdf5', options: { style: 'ragged' } }
const samples = { ...ragged, options: { style: 'ragged', spikeTimesUnit: 'samples', fsHz: FS_HZ } }
const paired = { call: 'hdf5', kind: 'hdf5', options: { style: 'paired' } }
const group = { call: 'hdf5', kind: 'hdf5', options: { style: 'group' } }
const raster = (binMs) => ({ call: 'hdf5', kind: 'hdf5', options: { style: 'raster', rasterBinSizeMs: binMs } })
const nwb = { call: 'nwb', kind: 'hdf5', options: {} }
const kilosort = { call: 'kilosort', kind: 'folder', options: { fsHz: FS_HZ } }
const pickle = (protocol) => ({ call: 'pickle', kind: 'pickle', options: { protocol } })
const construct = { call: 'construct', kind: 'hdf5', options: {} }

const contiguous = { ours: { layout: 'contiguous' } }
const gzip = (level) => ({
  ours: { compression: { level, shuffle: true }, chunkBytes: CHUNK * 8 },
  peer: { call: 'gzip', options: { level, chunk: CHUNK } },
})

/**
 * @param {boolean} quick small sizes, for a check that everything works
 * @returns {{ recording: object, workloads: object[] }[]} every recording with its workloads; `spikes` are those of each unit,
 *   `length` is in ms
 */
export function workloads(quick) {
  const size = (full, small) => (quick ? small : full)
  const small = { repeat: size(1500, 20) }
  return [
    {
      recording: { units: size(1000, 200), spikes: size(100000, 5000), length: 3600000 },
      workloads: [
        { name: 'ragged-s', title: 'HDF5 ragged, s', ...ragged },
        { name: 'ragged-samples', title: 'HDF5 ragged, samples', ...samples },
        { name: 'nwb', title: 'NWB', ...nwb },
        { name: 'construct', title: 'construction, times in order', ...construct },
        { name: 'limit-ragged-s', title: 'HDF5 ragged, s, against write(2)', ...ragged, kind: null, peer: WRITE },
        { name: 'limit-ragged-samples', title: 'HDF5 ragged, samples, against write(2)', ...samples, kind: null, peer: WRITE },
        { name: 'limit-nwb', title: 'NWB, against write(2)', ...nwb, kind: null, peer: WRITE },
      ],
    },
    {
      recording: { units: 200, spikes: size(100000, 5000), length: 3600000 },
      workloads: [
        { name: 'paired', title: 'HDF5 paired', ...paired },
        { name: 'kilosort', title: 'KiloSort', ...kilosort },
        { name: 'pickle-5', title: 'pickle, protocol 5', ...pickle(5) },
        { name: 'gzip-1', title: 'HDF5 ragged, gzip 1 + shuffle, against h5py', ...ragged, ...gzip(1) },
        { name: 'limit-pickle-5', title: 'pickle, protocol 5, against write(2)', ...pickle(5), kind: null, peer: WRITE },
      ],
    },
    {
      recording: { units: 200, spikes: size(100000, 5000), length: 3600000, shuffled: true },
      workloads: [{ name: 'construct-unsorted', title: 'construction, times in no order', ...construct }],
    },
    {
      recording: { units: 200, spikes: size(10000, 1000), length: 3600000 },
      workloads: [{ name: 'pickle-2', title: 'pickle, protocol 2', ...pickle(2) }],
    },
    {
      recording: { units: size(10000, 1000), spikes: 100, length: 60000 },
      workloads: [{ name: 'group-many', title: 'HDF5 group', ...group }],
    },
    {
      recording: { units: size(1000, 200), spikes: size(10000, 1000), length: 3600000 },
      workloads: [{ name: 'group-long', title: 'HDF5 group', ...group }],
    },
    {
      recording: { units: size(200, 50), spikes: size(3000, 300), length: size(600000, 60000) },
      workloads: [
        { name: 'raster', title: 'HDF5 raster, 1 ms, compressed', ...raster(1) },
        { name: 'raster-contiguous', title: 'HDF5 raster, 1 ms, contiguous', ...raster(1), ...contiguous },
      ],
    },
    {
      recording: { units: 100, spikes: 100, length: 20000 },
      workloads: [
        { name: 'small-ragged', title: 'one small HDF5 ragged', ...ragged, ...small },
        { name: 'small-paired', title: 'one small HDF5 paired', ...paired, ...small },
        { name: 'small-group', title: 'one small HDF5 group', ...group, ...small },
        { name: 'small-raster', title: 'one small HDF5 raster, 20 ms', ...raster(20), ...small },
        { name: 'small-nwb', title: 'one small NWB', ...nwb, ...small },
        { name: 'small-kilosort', title: 'one small KiloSort', ...kilosort, ...small },
        { name: 'small-pickle-5', title: 'one small pickle, protocol 5', ...pickle(5), ...small },
        { name: 'small-pickle-2', title: 'one small pickle, protocol 2', ...pickle(2), ...small },
        { name: 'small-construct', title: 'one small construction', ...construct, ...small },
        { name: 'limit-small', title: 'one small HDF5 ragged, against write(2)', ...ragged, ...small, kind: null, peer: WRITE },
      ],
    },
  ]
}

/** The workloads whose name is this one or begins with it and a dash, under their recordings. */
export function only(prefix, all) {
  const chosen = ({ name }) => name === prefix || name.startsWith(`${prefix}-`)
  const left = all.map((set) => ({ ...set, workloads: set.workloads.filter(chosen) })).filter((set) => set.workloads.length > 0)
  if (left.length > 0) return left
  const names = all.flatMap((set) => set.workloads.map(({ name }) => name))
  throw new SetupError(`There is no workload '${prefix}', only ${names.join(', ')}.`)
}
