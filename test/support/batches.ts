/**
 * Folders with recordings, and a spec that converts them.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { exportSpikeDataToHdf5, exportToPickle, SpikeData } from '../../lib/index.js'

/** The trains of a recording of a batch: none is that of another. */
export function trainsOf(recording: number): number[][] {
  return [[recording + 0.5, recording + 1.5], [2], []]
}

export const SPEC = `metadata:
  NWBFile: {session_start_time: '2026-03-01T14:05:00+01:00'}
output_folder: out
outputs:
  - {to: nwb, options: {fsHz: 20000}}
  - {to: phy, path: 'phy/{folder}', options: {fsHz: 20000}}
experiments:
  first:
    sessions:
      - source: data/*/sorting.pkl
`

/**
 * Makes a folder with `data/m⟨i⟩/sorting.pkl` for each recording, and `spec.yml`, by which each goes to NWB and to a folder for Phy.
 *
 * @param damaged - recordings that no loader reads
 */
export async function batchFolder(t: Test, { count = 8, damaged = [] as readonly number[] } = {}): Promise<string> {
  const folder = t.testdir()
  for (let i = 0; i < count; i++) {
    mkdirSync(`${folder}/data/m${i}`, { recursive: true })
    if (damaged.includes(i)) writeFileSync(inputOf(folder, i), 'no recording')
    else await repair(folder, i)
  }
  writeFileSync(`${folder}/spec.yml`, SPEC)
  return folder
}

/** The same with one that takes a while besides: its output is in `out/slow`. */
export async function slowFolder(t: Test, spikes = 4e6): Promise<string> {
  const dir = await batchFolder(t, { count: 3 })
  const train = Float64Array.from({ length: spikes }, (_, i) => i + Math.sin(i) / 3)
  await exportSpikeDataToHdf5(await SpikeData.create([train]), `${dir}/slow.h5`)
  const slow = `  slow:
    outputs: [{to: hdf5, path: 'slow/out', options: {compression: {level: 9}}}]
    sessions: [{source: slow.h5}]
`
  writeFileSync(`${dir}/spec.yml`, SPEC + slow)
  return dir
}

export function inputOf(folder: string, recording: number): string {
  return `${folder}/data/m${recording}/sorting.pkl`
}

/** Writes a recording, also over a damaged one. */
export async function repair(folder: string, recording: number): Promise<void> {
  const sd = await SpikeData.create(trainsOf(recording), { length: 1000 })
  await exportToPickle(sd, inputOf(folder, recording))
}

/** The outputs of a recording. */
export function outputsOf(folder: string, recording: number): [nwb: string, phy: string] {
  return [`${folder}/out/m${recording}/sorting.nwb`, `${folder}/out/phy/m${recording}`]
}

/** What the journals of a batch say, in the order of each. */
export function journalOf(folder: string): Record<string, unknown>[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(`${folder}/${name}`, 'utf8').split('\n'))
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
