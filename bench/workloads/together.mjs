/**
 * Several exports at once against the same ones one after the other, both ours. Times are those of one.
 */
import { HOUR_MS, kilosort, ragged } from './calls.mjs'

export function together({ size }) {
  const workload = (name, title, call, kind, repeat) => ({
    name: `together-${name}`,
    title: `${repeat} ${title} at once, each`,
    kind,
    ours: { ...call, repeat, together: true },
    peers: { inTurn: { by: 'ours', ...call, repeat } },
  })
  const few = size(8, 3)
  const many = size(64, 16)
  return [
    {
      recording: { units: 200, spikes: size(50000, 500), length: HOUR_MS },
      workloads: [
        workload('ragged', 'HDF5 ragged', ragged, 'hdf5', few),
        workload('kilosort', 'KiloSort', kilosort, 'folder', few),
        workload(
          'gzip',
          'HDF5 ragged, gzip 1,',
          { ...ragged, options: { ...ragged.options, compression: { level: 1 } } },
          'hdf5',
          size(4, 2),
        ),
      ],
    },
    {
      recording: { units: 100, spikes: 100, length: 20000 },
      workloads: [
        workload('small-ragged', 'small HDF5 ragged', ragged, 'hdf5', many),
        workload('small-kilosort', 'small KiloSort', kilosort, 'folder', many),
      ],
    },
  ]
}
