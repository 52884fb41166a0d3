/**
 * Pickles, which are by hand what they are in the reference.
 */
import { EXTRA_BYTES, HOUR_MS, limit, pickle } from './calls.mjs'

export function pickled({ size }) {
  return [
    {
      recording: { units: 200, spikes: size(100000, 500), length: HOUR_MS },
      workloads: [5, 2, 0].map((protocol) => ({
        name: `pickle-${protocol}`,
        title: `pickle, protocol ${protocol}`,
        headline: true,
        kind: 'pickle',
        ours: pickle(protocol),
        peers: { reference: pickle(protocol), limit },
        goals: { faster: protocol === 5 ? { reference: 1, limit: 0.9 } : { reference: 5 }, extraBytes: EXTRA_BYTES },
      })),
    },
  ]
}
