/**
 * NWB in the `spikelab` profile: the reference's tree, which pynwb's `add_unit` makes as part of a larger one.
 */
import { HOUR_MS, limit, nwb as call, ragged } from './calls.mjs'

export function nwb({ size }) {
  const pynwb = { by: 'pynwb', call: 'nwb', kind: 'units', rounds: 2 }
  const peers = { reference: call, byHand: { call: 'hand-nwb' }, limit }
  const workload = { title: `NWB, profile 'spikelab'`, kind: 'hdf5', ours: call }
  return [
    {
      recording: { units: size(1000, 100), spikes: size(100000, 1000), length: HOUR_MS },
      workloads: [
        {
          ...workload,
          name: 'nwb-large',
          headline: true,
          peers: { ...peers, ragged: { by: 'ours', kind: 'times', ...ragged } },
          goals: { faster: { ragged: 0.9 } },
        },
      ],
    },
    {
      recording: { units: 200, spikes: size(20000, 200), length: HOUR_MS },
      workloads: [{ ...workload, name: 'nwb-long-units', peers: { ...peers, pynwb }, goals: { faster: { pynwb: 50 } } }],
    },
    {
      recording: { units: size(10000, 100), spikes: 100, length: 60000 },
      workloads: [{ ...workload, name: 'nwb-many-units', peers: { ...peers, pynwb }, goals: { faster: { pynwb: 50 } } }],
    },
  ]
}
