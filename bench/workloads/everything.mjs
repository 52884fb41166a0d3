/**
 * NWB files with all that they can hold, beside the plain file of the same spikes.
 *
 * The goal is on the time per byte: a value for each spike makes a file half as large again, and may take what writing it takes.
 */
import { HOUR_MS, limit, nwb as plain } from './calls.mjs'

export function everything({ size }) {
  const workload = (name, title, options) => ({
    name,
    title,
    kind: 'units',
    ours: { call: 'nwb-everything', options },
    peers: { plain: { by: 'ours', kind: 'trains', ...plain }, limit },
    goals: { perByte: { plain: 1.5 } },
  })
  return [
    {
      recording: { units: size(1000, 100), spikes: size(100_000, 100), length: HOUR_MS },
      workloads: [
        workload('nwb-everything', 'NWB with everything', {}),
        workload('nwb-everything-contiguous', 'NWB with everything, contiguous', { layout: 'contiguous' }),
      ],
    },
  ]
}
