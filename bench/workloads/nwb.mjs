/**
 * NWB: complete files, beside what pynwb's `add_unit` makes and the reference's minimal tree; and that tree by ourselves.
 */
import { nwb as complete, HOUR_MS, limit, nwbPeer, ragged, spikelab } from './calls.mjs'

export function nwb({ size }) {
  const pynwb = { by: 'pynwb', ...nwbPeer, rounds: 2 }
  const peers = { reference: nwbPeer, byHand: { call: 'hand-nwb' }, limit }
  const workload = { title: 'NWB', kind: 'units', ours: complete }
  const asFast = { peers: { ...peers, ragged: { by: 'ours', kind: 'times', ...ragged } }, goals: { faster: { ragged: 0.9 } } }
  return [
    {
      recording: { units: size(1000, 100), spikes: size(100000, 1000), length: HOUR_MS },
      workloads: [
        { ...workload, name: 'nwb-large', headline: true, ...asFast },
        { title: `NWB, profile 'spikelab'`, kind: 'hdf5', ours: spikelab, name: 'nwb-spikelab', ...asFast },
      ],
    },
    {
      recording: { units: 200, spikes: size(20000, 200), length: HOUR_MS },
      workloads: [{ ...workload, name: 'nwb-long-units', peers: { ...peers, pynwb }, goals: { faster: { pynwb: 50 } } }],
    },
    {
      recording: { units: size(10000, 100), spikes: 100, length: 60000 },
      workloads: [{ ...workload, name: 'nwb-many-units', headline: true, peers: { ...peers, pynwb }, goals: { faster: { pynwb: 50 } } }],
    },
  ]
}
