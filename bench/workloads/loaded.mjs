/**
 * Loading: files and folders of this package in the page cache, through every loader.
 */
import { FS_HZ, group, HOUR_MS, kilosort, paired, phy, pickle, ragged, rasterOf, spikelab } from './calls.mjs'

const BIN_MS = 1
/** What a load may take beyond its result, in bytes. */
const EXTRA_BYTES = 16e6
/** How long it may hold the event loop at a time. */
const TURN_MS = 5

/** SpikeLab's loader takes the names that ours recognises. */
const RAGGED_NAMES = { spikeTimesDataset: 'spike_times', spikeTimesIndexDataset: 'spike_times_index' }
const PAIRED_NAMES = { idcesDataset: 'idces', timesDataset: 'times', timesUnit: 'ms' }
const FREQUENCY = { fsHz: FS_HZ }

/**
 * A load of what `input` writes.
 *
 * @param {string} name
 * @param {string} title
 * @param {{ call: string, options: object }} input
 * @param {object} given
 * @param {object} [given.options] what SpikeLab needs to know; of KiloSort folders all sides
 * @param {string} [given.byHand] what is read by hand
 * @param {string} [given.h5wasm] what h5wasm reads
 * @param {object} [given.goals] `faster` than peers
 * @param {object} [given.limits] further goals
 * @param {number} [given.rounds] of the slow peers
 */
function load(
  name,
  title,
  input,
  {
    options = {},
    byHand = /** @type {string | undefined} */ (undefined),
    h5wasm = /** @type {string | undefined} */ (undefined),
    goals = {},
    limits = {},
    rounds = /** @type {number | undefined} */ (undefined),
  },
) {
  const call = `load-${input.call}`
  // What a folder does not say.
  const own = input.call === 'kilosort' ? options : {}
  return {
    name: `load-${name}`,
    title,
    kind: 'loaded',
    input,
    ours: { call, options: own },
    peers: {
      reference: { call, options, rounds },
      ...(byHand && { byHand: { call: `hand-load-${byHand}`, options: own } }),
      ...(h5wasm && { h5wasm: { by: 'h5wasm', call: `h5wasm-${h5wasm}`, rounds } }),
      read: { call: 'read' },
    },
    goals: { faster: { ...goals, ...(h5wasm && { h5wasm: 10 }) }, turnMs: TURN_MS, ...limits },
  }
}

export function loaded({ size }) {
  const gzip = { ...ragged, options: { ...ragged.options, compression: { level: 1 } } }
  const [units, spikes] = [size(200, 20), size(100_000, 300)]
  /** The result alone, and 16 MB. */
  const memory = (units, spikes) => ({ extraBytes: 8 * units * spikes + EXTRA_BYTES })
  const contiguous = { options: RAGGED_NAMES, byHand: 'ragged', h5wasm: 'ragged', goals: { reference: 10, byHand: 1.5, read: 0.7 } }
  const nwb = { byHand: 'nwb', h5wasm: 'nwb', goals: contiguous.goals }
  const manyUnits = size(1000, 50)
  return [
    {
      recording: { units, spikes, length: HOUR_MS },
      workloads: [
        load('ragged', 'HDF5 ragged', ragged, { ...contiguous, limits: memory(units, spikes) }),
        load('ragged-gzip', 'HDF5 ragged, gzip and shuffle', gzip, {
          ...{ options: RAGGED_NAMES, byHand: 'ragged', h5wasm: 'ragged' },
          goals: { byHand: 6 },
        }),
        load('nwb', 'NWB', spikelab, { ...nwb, limits: memory(units, spikes) }),
        load('paired', 'HDF5 paired', paired, {
          ...{ options: PAIRED_NAMES, byHand: 'paired', h5wasm: 'paired' },
          goals: { reference: 50, byHand: 5 },
          rounds: 1,
        }),
        load('kilosort', 'KiloSort, in order of time', phy, {
          ...{ options: FREQUENCY, byHand: 'kilosort' },
          goals: { reference: 100, byHand: 10 },
          rounds: 1,
        }),
        ...[5, 2, 0].map((protocol) =>
          load(`pickle-${protocol}`, `pickle, protocol ${protocol}`, pickle(protocol), { goals: { reference: 1 } }),
        ),
      ],
    },
    {
      // 800 MB.
      recording: { units: manyUnits, spikes: size(100_000, 100), length: HOUR_MS },
      workloads: [
        load('ragged-large', 'HDF5 ragged', ragged, { ...contiguous, limits: memory(manyUnits, size(100_000, 100)), rounds: 1 }),
        load('nwb-large', 'NWB', spikelab, { ...nwb, limits: memory(manyUnits, size(100_000, 100)), rounds: 1 }),
      ],
    },
    {
      recording: { units: size(10_000, 200), spikes: 100, length: 60_000 },
      workloads: [
        load('group', 'HDF5 group', group, {
          ...{ options: { groupPerUnit: 'units' }, byHand: 'group', h5wasm: 'group' },
          goals: { reference: 50 },
        }),
      ],
    },
    {
      recording: { units: size(4000, 100), spikes: size(5000, 50), length: HOUR_MS },
      workloads: [load('pickle-units', 'pickle, protocol 5', pickle(5), { goals: { reference: 1 } })],
    },
    {
      recording: { units: size(100_000, 500), spikes: 200, length: HOUR_MS },
      workloads: [load('pickle-many', 'pickle, protocol 5', pickle(5), { goals: { reference: 1 } })],
    },
    {
      recording: { units: size(100, 10), spikes: size(2000, 100), length: size(200_000, 10_000) },
      workloads: [
        load('raster', 'HDF5 raster', rasterOf(BIN_MS), {
          options: { rasterDataset: 'raster', rasterBinSizeMs: BIN_MS },
          ...{ byHand: 'raster', goals: { reference: 100 }, rounds: 1 },
        }),
      ],
    },
    { recording: { units: 100, spikes: 100, length: 60_000 }, workloads: small(size) },
  ]
}

/** Many loads of one small file, one after the other; times are those of one. */
function small(size) {
  const repeat = size(200, 5)
  const byHand = 2
  return [
    load('small-ragged', 'one small HDF5 ragged', ragged, { options: RAGGED_NAMES, byHand: 'ragged', h5wasm: 'ragged', goals: { byHand } }),
    load('small-paired', 'one small HDF5 paired', paired, { options: PAIRED_NAMES, byHand: 'paired', h5wasm: 'paired', goals: { byHand } }),
    load('small-group', 'one small HDF5 group', group, {
      ...{ options: { groupPerUnit: 'units' }, byHand: 'group', h5wasm: 'group' },
      goals: { byHand },
    }),
    load('small-nwb', 'one small NWB', spikelab, { byHand: 'nwb', h5wasm: 'nwb', goals: { byHand } }),
    load('small-kilosort', 'one small KiloSort', kilosort, { options: FREQUENCY, byHand: 'kilosort', goals: { byHand } }),
    load('small-pickle', 'one small pickle', pickle(5), {}),
  ].map((workload) => {
    const { h5wasm: _, ...faster } = workload.goals.faster
    const peers = Object.fromEntries(Object.entries(workload.peers).map(([name, peer]) => [name, { ...peer, repeat }]))
    return { ...workload, ours: { ...workload.ours, repeat }, peers, goals: { faster } }
  })
}
