/**
 * What the tests of Phy folders begin with.
 */
import { readFileSync } from 'node:fs'
import type { NeuronAttributes } from '../../lib/index.js'
import { SpikeData } from '../../lib/index.js'

export const train = [[4, 1], [], [2, 3]]
export const recording = (neuronAttributes?: NeuronAttributes[]) => new SpikeData(train, neuronAttributes ? { neuronAttributes } : {})
export const text = (folder: string, name: string) => readFileSync(`${folder}/${name}`, 'utf8')

/** The files of a folder whose recording has no attributes. */
export const PLAIN = [
  'amplitudes.npy',
  'channel_map.npy',
  'channel_positions.npy',
  'channel_shanks.npy',
  'cluster_group.tsv',
  'cluster_si_unit_ids.tsv',
  'params.py',
  'similar_templates.npy',
  'spike_clusters.npy',
  'spike_templates.npy',
  'spike_times.npy',
  'templates.npy',
  'whitening_mat.npy',
  'whitening_mat_inv.npy',
]
