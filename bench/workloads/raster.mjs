/**
 * Rasters at 1 ms: 5 Hz are far fewer spikes than bins.
 */
import { EXTRA_BYTES, HOUR_MS, limit, rasterOf } from './calls.mjs'

const BIN_MS = 1
const RATE_HZ = 5
const call = rasterOf(BIN_MS)

export function raster({ size }) {
  const recording = (units, length) => ({ units, spikes: (length / 1000) * RATE_HZ, length })
  const [units, length] = [size(200, 20), size(HOUR_MS / 2, 60000)]
  const [manyUnits, longer] = [size(1000, 50), size(HOUR_MS, 300000)]
  const reference = { ...call, rounds: 2 }
  const contiguous = { ...call, options: { ...call.options, layout: 'contiguous' } }
  return [
    {
      recording: recording(units, length),
      workloads: [
        {
          name: 'raster-compressed',
          title: 'HDF5 raster, 1 ms, compressed',
          data: dense(units, length),
          headline: true,
          kind: 'hdf5',
          ours: call,
          peers: { reference, byHand: { call: 'hand-raster', options: { rasterBinSizeMs: BIN_MS }, rounds: 3 }, limit },
          goals: { faster: { reference: 100 }, extraBytes: EXTRA_BYTES },
        },
        {
          name: 'raster-contiguous',
          title: 'HDF5 raster, 1 ms, contiguous',
          data: dense(units, length),
          kind: 'hdf5',
          ours: contiguous,
          peers: {
            reference: { ...reference, rounds: 1 },
            byHand: { call: 'hand-raster-contiguous', options: { rasterBinSizeMs: BIN_MS }, rounds: 2 },
            limit: { ...limit, rounds: 2 },
          },
        },
      ],
    },
    {
      recording: recording(manyUnits, longer),
      workloads: [
        {
          name: 'raster-large',
          title: 'HDF5 raster, 1 ms, compressed',
          data: dense(manyUnits, longer),
          headline: true,
          check: checkLargeRaster,
          ours: call,
          peers: { limit },
          goals: { seconds: 2, extraBytes: 64e6 },
        },
      ],
    },
  ]
}

/** How large the raster is with all its zeros. */
function dense(units, bins) {
  return `${units.toLocaleString('en')} × ${bins.toLocaleString('en')} bins`
}

/** The reference cannot make this raster, so what h5py reads is compared with counts of its own. */
function checkLargeRaster({ checker }, { files }, path) {
  return checker.ask('checkRaster', { path, recording: files, width: BIN_MS })
}
