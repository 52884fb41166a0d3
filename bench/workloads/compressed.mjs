/**
 * Compressed HDF5 at level 1 with the shuffle filter, on all cores, against h5py's gzip at level 4, its default, and at level 1.
 * On simulated neurons, and on noise, which cannot be made smaller than it is.
 */
import { FS_HZ, HOUR_MS, limit, ragged, samples } from './calls.mjs'

const LEVEL = 1
const compression = { level: LEVEL, shuffle: true }
const goals = { faster: { gzip4: 15 }, larger: { gzip4: 1.1 } }

export function compressed({ size }) {
  const trains = {
    simulated: { units: size(1000, 20), length: size(2 * HOUR_MS, 120000), times: 'simulated' },
    noise: { units: 200, spikes: size(100000, 500), length: HOUR_MS },
  }
  const rawLength = size(1250000, 30000)
  const raw = { channels: 64, samples: rawLength }
  const rawRecordings = {
    simulated: { units: 64, length: rawLength / 30, times: 'simulated', raw },
    noise: { units: 64, spikes: 10, length: rawLength / 30, raw },
  }
  return Object.keys(trains).flatMap((of) => [
    {
      recording: trains[of],
      workloads: [
        workload(`gzip-s-${of}`, `ragged, s, float64, ${of}`, ragged, 'gzip', { spikeTimesUnit: 's' }),
        workload(`gzip-samples-${of}`, `ragged, samples, int64, ${of}`, samples, 'gzip', { spikeTimesUnit: 'samples', fsHz: FS_HZ }),
      ],
    },
    {
      recording: rawRecordings[of],
      workloads: [
        workload(
          `gzip-raw-${of}`,
          `raw samples, int16, ${of}`,
          { call: 'hdf5', options: { rawDataset: 'raw', rawTimeDataset: 'raw_time' } },
          'gzip-raw',
          {},
        ),
      ],
    },
  ])
}

function workload(name, title, ours, call, options) {
  const gzip = (level) => ({ call, options: { ...options, level }, rounds: 3 })
  return {
    name,
    title,
    family: 'compressed',
    kind: 'hdf5',
    ours: { ...ours, options: { ...ours.options, compression } },
    peers: { gzip4: gzip(4), gzip1: gzip(1), limit },
    goals,
  }
}
