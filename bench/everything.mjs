/**
 * All that an NWB file can hold besides spike times, for a recording of any size.
 */
import { NDArray } from 'spikeport'

const CHANNELS = 384
const CHANNELS_PER_SHANK = CHANNELS / 2
const WAVEFORM_SAMPLES = 60
const TRIALS = 1000
const LFP_CHANNELS = 16
const LFP_SAMPLES = 10000
const START = '2026-03-01T14:05:00+01:00'

const listOf = (count, make) => Array.from({ length: count }, (_, i) => make(i))

/**
 * Attributes of each unit: several electrodes and their group, an amplitude for each spike, a mean waveform, numbers, texts, booleans and
 * lists of both.
 *
 * @param {Float64Array[]} train
 */
export function attributesOf(train) {
  return train.map((times, unit) => ({
    electrodes: [0, 1, 2].map((i) => (unit % (CHANNELS_PER_SHANK - 2)) + i),
    electrode_group: 'shank0',
    amplitudes: Float32Array.from({ length: times.length }, (_, i) => 50 + ((7 * i + unit) % 31)),
    waveform_mean: new NDArray(new Float32Array(3 * WAVEFORM_SAMPLES).fill(-1e-5 * (unit % 9)), [WAVEFORM_SAMPLES, 3]),
    snr: unit / 3,
    quality: ['good', 'mua', 'noise'][unit % 3],
    accepted: unit % 3 === 0,
    labels: ['sorted', `shape ${unit % 5}`],
    intervals: [1, 2, unit],
  }))
}

/**
 * Options with a whole probe, ids of units, windows of each unit, tables of intervals and further series, which are compressed.
 *
 * @param {number} units
 * @param {number} length - of the recording, in ms
 */
export function everythingOptions(units, length) {
  const time = (place, of) => (place / of) * length
  return {
    fsHz: 30000,
    unitIds: listOf(units, (unit) => 2 * unit + 1),
    nwb: {
      sessionStartTime: START,
      identifier: 'everything',
      devices: [{ name: 'probe' }],
      electrodeGroups: ['shank0', 'shank1'].map((name) => ({ name, device: 'probe' })),
      electrodes: listOf(CHANNELS, (channel) => ({
        group: channel < CHANNELS_PER_SHANK ? 'shank0' : 'shank1',
        location: channel % 3 === 0 ? 'CA1' : 'DG',
        relX: 32 * (channel % 2),
        relY: 15 * Math.floor((channel % CHANNELS_PER_SHANK) / 2),
        imp: 1.5e5,
        filtering: 'High-pass at 300 Hz',
        channelName: `AP${channel}`,
        columns: { adc: channel % 16, isBad: channel === 191 },
      })),
      spikeColumns: ['amplitudes'],
      obsIntervals: listOf(units, (unit) => [
        [0, time(1, 4) + unit],
        [time(1, 2), length],
      ]),
      trials: {
        startTime: listOf(TRIALS, (trial) => time(trial, TRIALS)),
        stopTime: listOf(TRIALS, (trial) => time(trial + 0.5, TRIALS)),
        columns: {
          stimulus_time: listOf(TRIALS, (trial) => time(trial + 0.1, TRIALS)),
          lick_times: listOf(TRIALS, (trial) => [0.2, 0.3].map((part) => time(trial + part, TRIALS))),
          contrast: listOf(TRIALS, (trial) => trial / TRIALS),
          side: listOf(TRIALS, (trial) => (trial % 2 === 0 ? 'left' : 'right')),
          correct: listOf(TRIALS, (trial) => trial % 3 > 0),
        },
      },
      epochs: { startTime: [0, time(1, 2)], stopTime: [time(1, 2), length], columns: { tags: [['rest'], ['task', 'light']] } },
      intervals: { licks: { startTime: [150, 175], stopTime: [151, 176] } },
      series: {
        lfp: {
          type: 'LFP',
          data: new NDArray(new Int16Array(LFP_CHANNELS * LFP_SAMPLES).fill(7), [LFP_CHANNELS, LFP_SAMPLES]),
          electrodes: listOf(LFP_CHANNELS, (channel) => channel),
          rateHz: 1000,
          conversion: 1e-6,
        },
        speed: {
          type: 'TimeSeries',
          data: new Float32Array(TRIALS),
          timestamps: Float64Array.from({ length: TRIALS }, (_, i) => 10 * i),
          unit: 'm/s',
        },
      },
    },
  }
}
