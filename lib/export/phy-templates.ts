/**
 * Waveforms for a Phy folder. There are none in a recording of spike times: each unit's is a single one on the unit's channel, so
 * that readers which find a unit's channel by its waveform find the right one.
 */
import { npyFile } from '../encoding/npy-file.js'
import { invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import type { PlainFile } from '../plan/byte-segments.js'

/** Of a waveform. The fewest: phylib drops an axis of one element. */
const SAMPLES = 2

/** As many units as make files of 5.4 GB, which readers hold in memory. */
const MAX_UNITS = 2 ** 14

/**
 * Templates and what goes with them: amplitudes of one, and identity matrices for how templates resemble each other and for what
 * KiloSort whitened its data with. There is one channel a unit.
 *
 * @throws RangeError for more units than fit into files that grow with their square
 */
export function templateFiles({ N, spikeCount }: SpikeData): PlainFile[] {
  if (N > MAX_UNITS) throw invalidValue(`at most ${MAX_UNITS}, as phy.templates is on,`, 'sd.N', N)
  return [
    // On the second sample: SpikeInterface takes a third of a waveform to lie before its peak.
    onesFile('templates.npy', 'float32', [N, SAMPLES, N], N, SAMPLES * N + 1),
    onesFile('amplitudes.npy', 'float64', [spikeCount], 0, 1),
    ...IDENTITIES.map((name) => onesFile(name, 'float32', [N, N], 0, N + 1)),
  ]
}

const IDENTITIES = ['similar_templates.npy', 'whitening_mat.npy', 'whitening_mat_inv.npy'] as const

/** How the files begin that nobody else has: with so short templates, or with a one. */
export const TEMPLATE_FILE_HEADS: ReadonlyMap<string, RegExp> = new Map([
  ['templates.npy', npyHead('<f4', `(\\d+), ${SAMPLES}, \\1`, '')],
  ['amplitudes.npy', npyHead('<f8', '\\d+,', '(\\x00){6}\\xf0\\x3f')],
  ...IDENTITIES.map((name) => [name, npyHead('<f4', '(\\d+), \\1', '\\x00\\x00\\x80\\x3f')] as const),
])

function onesFile(name: string, type: 'float32' | 'float64', shape: readonly number[], first: number, step: number): PlainFile {
  return npyFile(name, type === 'float32' ? '<f4' : '<f8', shape, { column: 'ones', type, shape, first, step })
}

/** An NPY file of version 1.0, byte by byte as a character each, which has this first element where it has any. */
function npyHead(dtype: string, shape: string, element: string): RegExp {
  return new RegExp(`^\\x93NUMPY\\x01\\x00..\\{'descr': '${dtype}', 'fortran_order': False, 'shape': \\(${shape}\\), \\} *\n($|${element})`, 's')
}
