/**
 * Loading: every style of HDF5 files, from files of this package in the page cache.
 */
import { group, HOUR_MS, paired, ragged, rasterOf } from './calls.mjs'

const BIN_MS = 1
/** What a load may take beyond its result, in bytes. */
const EXTRA_BYTES = 16e6

export function loaded({ size }) {
  /** SpikeLab's loader takes the names that ours recognises. */
  const workload = (name, input, { theirs, byHand, goals, rounds = /** @type {number | undefined} */ (undefined) }) => ({
    name: `load-${name}`,
    title: `load HDF5 ${name}`,
    kind: 'loaded',
    input,
    ours: { call: 'load' },
    peers: {
      reference: { call: 'load', options: theirs, rounds },
      byHand: { call: `hand-load-${byHand}` },
    },
    goals: { faster: goals },
  })
  const raggedNames = { spikeTimesDataset: 'spike_times', spikeTimesIndexDataset: 'spike_times_index' }
  const pairedNames = { idcesDataset: 'idces', timesDataset: 'times', timesUnit: 'ms' }
  const compressed = { ...ragged, options: { ...ragged.options, compression: { level: 1 } } }
  const [units, spikes] = [size(200, 20), size(100_000, 300)]
  const resultBytes = 8 * units * spikes
  const theirs = raggedNames
  return [
    {
      recording: { units, spikes, length: HOUR_MS },
      workloads: [
        {
          ...workload('ragged', ragged, { theirs, byHand: 'ragged', goals: { reference: 10, byHand: 1.5 } }),
          goals: { faster: { reference: 10, byHand: 1.5 }, extraBytes: resultBytes + EXTRA_BYTES },
        },
        workload('ragged, gzip and shuffle', compressed, { theirs, byHand: 'ragged', goals: { byHand: 6 } }),
        workload('paired', paired, { theirs: pairedNames, byHand: 'paired', goals: { reference: 50, byHand: 5 }, rounds: 1 }),
      ],
    },
    {
      recording: { units: size(10000, 200), spikes: 100, length: 60000 },
      workloads: [workload('group', group, { theirs: { groupPerUnit: 'units' }, byHand: 'group', goals: { reference: 50 } })],
    },
    {
      recording: { units: size(100, 10), spikes: size(2000, 100), length: size(200_000, 10_000) },
      workloads: [
        workload('raster', rasterOf(BIN_MS), {
          theirs: { rasterDataset: 'raster', rasterBinSizeMs: BIN_MS },
          byHand: 'raster',
          goals: { reference: 100 },
          rounds: 1,
        }),
      ],
    },
    {
      recording: { units: 100, spikes: 100, length: 60000 },
      workloads: [
        {
          ...workload('small', ragged, { theirs, byHand: 'ragged', goals: {} }),
          title: 'load one small HDF5 ragged',
          ours: { call: 'load', repeat: size(200, 5) },
          peers: {
            reference: { call: 'load', options: theirs, repeat: size(200, 5) },
            byHand: { call: 'hand-load-ragged', repeat: size(200, 5) },
          },
          goals: { faster: { byHand: 2 } },
        },
      ],
    },
  ]
}
