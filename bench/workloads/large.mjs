/**
 * Large recordings: constructed, and as ragged, paired and KiloSort files.
 */
import { construct, EXTRA_BYTES, FS_HZ, HOUR_MS, kilosort, limit, paired, phy, ragged, samples, workspace } from './calls.mjs'

export function large({ size, preallocates }) {
  const goals = { faster: { reference: 4, limit: preallocates ? 1.2 : 0.9 }, extraBytes: EXTRA_BYTES }
  const pairGoals = { faster: { reference: 25 }, extraBytes: EXTRA_BYTES }
  const byHand = { call: 'hand-ragged-filled' }
  const sortedByHand = { call: 'hand-kilosort-sorted', options: kilosort.options }
  const sortedGoals = { faster: { byHand: 10 }, extraBytes: EXTRA_BYTES }
  const constructAndExport = { call: 'construct-hdf5', options: ragged.options }
  return [
    {
      recording: { units: size(1000, 100), spikes: size(100000, 1000), length: HOUR_MS },
      workloads: [
        {
          name: 'ragged-s',
          title: 'HDF5 ragged, s',
          headline: true,
          kind: 'hdf5',
          ours: ragged,
          peers: { reference: ragged, byHand, limit },
          goals,
        },
        {
          name: 'ragged-samples',
          title: 'HDF5 ragged, samples',
          headline: true,
          kind: 'hdf5',
          ours: samples,
          peers: { reference: samples, byHand: { ...byHand, options: { spikeTimesUnit: 'samples', fsHz: FS_HZ } }, limit },
          goals,
        },
        {
          name: 'workspace',
          title: 'workspace',
          kind: 'workspace',
          ours: workspace,
          peers: { reference: workspace, limit },
          goals: { faster: { reference: 3 }, extraBytes: EXTRA_BYTES },
        },
        {
          name: 'construct-ordered',
          title: 'construction, times in order',
          headline: true,
          kind: 'constructed',
          ours: construct,
          peers: { reference: construct },
        },
        {
          name: 'construct-ragged',
          title: 'construction and HDF5 ragged, s',
          headline: true,
          kind: 'hdf5',
          ours: constructAndExport,
          peers: { reference: constructAndExport },
        },
        {
          name: 'phy-large',
          title: 'KiloSort, phy: true',
          headline: true,
          kind: 'spikes',
          ours: phy,
          peers: { byHand: { ...sortedByHand, rounds: 2 }, limit },
          goals: sortedGoals,
        },
      ],
    },
    {
      recording: { units: 200, spikes: size(100000, 500), length: HOUR_MS },
      workloads: [
        {
          name: 'paired',
          title: 'HDF5 paired',
          headline: true,
          kind: 'hdf5',
          ours: paired,
          peers: { reference: paired, byHand: { call: 'hand-paired' }, limit },
          goals: { ...pairGoals, faster: { ...pairGoals.faster, byHand: 3 } },
        },
        {
          name: 'kilosort',
          title: 'KiloSort',
          headline: true,
          kind: 'folder',
          ours: kilosort,
          peers: { reference: kilosort, byHand: { call: 'hand-kilosort', options: kilosort.options }, limit },
          goals: pairGoals,
        },
        {
          name: 'phy',
          title: 'KiloSort, phy: true',
          headline: true,
          kind: 'spikes',
          ours: phy,
          peers: { byHand: sortedByHand, limit },
          goals: sortedGoals,
        },
      ],
    },
    {
      recording: { units: 200, spikes: size(100000, 500), length: HOUR_MS, times: 'unordered' },
      workloads: [
        {
          name: 'construct-unordered',
          title: 'construction, times in no order',
          kind: 'constructed',
          ours: construct,
          peers: { reference: construct },
        },
      ],
    },
  ]
}
