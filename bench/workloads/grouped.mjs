/**
 * One HDF5 dataset a unit: few large ones, and more than the library likes.
 */
import { group, HOUR_MS, limit } from './calls.mjs'

export function grouped({ size }) {
  const constructAndExport = { call: 'construct-hdf5', options: group.options }
  const workload = (name, goal, kind = 'hdf5', rounds = /** @type {number | undefined} */ (undefined)) => ({
    name,
    title: 'HDF5 group',
    headline: true,
    kind,
    ours: group,
    peers: { reference: { ...group, rounds }, byHand: { call: 'hand-group', rounds }, limit },
    goals: { faster: { reference: goal } },
  })
  return [
    {
      recording: { units: size(10000, 200), spikes: 100, length: 60000 },
      workloads: [
        workload('group-many', 50),
        {
          name: 'construct-group',
          title: 'construction and HDF5 group',
          kind: 'hdf5',
          ours: constructAndExport,
          peers: { reference: constructAndExport },
        },
      ],
    },
    {
      recording: { units: size(100000, 300), spikes: 100, length: 60000 },
      workloads: [workload('group-most', 50, 'group', 2)],
    },
    { recording: { units: size(1000, 100), spikes: size(10000, 300), length: HOUR_MS }, workloads: [workload('group-long', 5)] },
  ]
}
