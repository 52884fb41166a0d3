/**
 * Many small exports, one after the other; times are those of one. 5 rounds make 1,500 of each.
 */
import { construct, group, kilosort, limit, nwb, nwbPeer, paired, pickle, ragged, rasterOf, spikelab, workspace } from './calls.mjs'

export function small({ size }) {
  const repeat = size(300, 10)
  // Python takes long; an export by it takes no less when there are more.
  const peerRepeat = size(100, 3)
  /** @param {{ name: string, title: string, call: any, reference?: any, kind?: string, hand?: any, goals?: object, headline?: boolean }} given */
  const workload = ({ name, title, call, reference = call, kind = 'hdf5', hand, goals = {}, headline = false }) => ({
    name: `small-${name}`,
    title: `one small ${title}`,
    headline,
    kind,
    ours: { ...call, repeat },
    peers: {
      reference: { ...reference, repeat: peerRepeat },
      ...(hand && { byHand: { ...hand, repeat: peerRepeat } }),
      ...(kind === 'constructed' ? {} : { limit: { ...limit, repeat } }),
    },
    goals: { faster: kind === 'constructed' ? {} : { limit: 0.6, ...goals } },
  })
  const raster = rasterOf(20)
  const constructAndExport = { call: 'construct-hdf5', options: ragged.options }
  return [
    {
      recording: { units: 100, spikes: 100, length: 20000 },
      workloads: [
        { name: 'ragged', title: 'HDF5 ragged', call: ragged, hand: { call: 'hand-ragged' }, headline: true },
        { name: 'paired', title: 'HDF5 paired', call: paired, hand: { call: 'hand-paired' }, goals: { reference: 5 }, headline: true },
        { name: 'group', title: 'HDF5 group', call: group, hand: { call: 'hand-group' }, goals: { reference: 30 }, headline: true },
        {
          name: 'raster',
          title: 'HDF5 raster, 20 ms',
          call: raster,
          hand: { call: 'hand-raster-contiguous', options: { rasterBinSizeMs: raster.options.rasterBinSizeMs } },
        },
        { name: 'nwb', title: 'NWB', call: nwb, reference: nwbPeer, kind: 'units', hand: { call: 'hand-nwb' }, headline: true },
        { name: 'nwb-spikelab', title: `NWB, profile 'spikelab'`, call: spikelab, reference: nwbPeer, hand: { call: 'hand-nwb' } },
        {
          name: 'kilosort',
          title: 'KiloSort',
          call: kilosort,
          kind: 'folder',
          hand: { ...kilosort, call: 'hand-kilosort' },
          headline: true,
        },
        { name: 'pickle-5', title: 'pickle, protocol 5', call: pickle(5), kind: 'pickle', headline: true },
        { name: 'pickle-2', title: 'pickle, protocol 2', call: pickle(2), kind: 'pickle' },
        { name: 'pickle-0', title: 'pickle, protocol 0', call: pickle(0), kind: 'pickle' },
        { name: 'workspace', title: 'workspace', call: workspace, kind: 'workspace', goals: { limit: 0.3, reference: 3 } },
        { name: 'construct', title: 'construction', call: construct, kind: 'constructed' },
        { name: 'construct-ragged', title: 'construction and HDF5 ragged', call: constructAndExport },
      ].map(workload),
    },
  ]
}
