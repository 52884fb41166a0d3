/**
 * Exports of every kind, to be disturbed: plain JavaScript, for processes of their own. Each writes one of two recordings, so that
 * what is found at its place afterwards is known to be the one or the other, whole.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToWorkspace, NDArray, openNwbWriter, rawStream, SpikeData } from 'spikeport'
import { VARIANTS } from '../../../dist/formats/registry.js'

// What a folder for Phy does not hold is not what these exports are about.
const [print] = process.listeners('warning')
process.removeAllListeners('warning')
process.on('warning', (/** @type {NodeJS.ErrnoException} */ warning) => {
  if (!warning.code?.startsWith('SPIKEPORT_PHY_')) print?.(warning)
})

// Nothing in a file may be of the moment it was written in.
const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }

/**
 * What a session has besides its units.
 * @type {import('spikeport').NwbSession}
 */
const tables = {
  obsIntervals: [
    [0, 1],
    [2, 3],
  ],
  trials: { startTime: [0, 5], stopTime: [1, 6], columns: { side: ['left', 'right'], lick_times: [[0.5], []] } },
  series: { lfp: { type: 'LFP', data: rawSamples(0), rateHz: 1000, conversion: 1e-6 } },
}

/** A recording of `spikes` spikes, of one of two kinds. */
export function recording(spikes, kind) {
  const train = [0, 1, 2].map((unit) => Float64Array.from({ length: Math.ceil(spikes / 3) }, (_, i) => i + unit / 4 + kind / 8))
  const neuronAttributes = train.map(({ length }, unit) => ({
    electrode: unit,
    quality: kind === 0 ? 'good' : 'mua',
    amplitudes: new Float32Array(length).fill(kind),
  }))
  return new SpikeData(train, { neuronAttributes, rawData: rawSamples(kind), rawTime: 20, length: 1e6 })
}

function rawSamples(first) {
  return new NDArray(
    Int16Array.from({ length: 4096 }, (_, i) => i + first),
    [2, 2048],
  )
}

/** A recording of many units, with attributes of every type. */
export function recordingOfUnits(units, spikesEach) {
  const train = Array.from({ length: units }, (_, unit) => Float64Array.from({ length: spikesEach }, (_, i) => i + unit / units))
  const attributesOf = (unit) => ({ electrode: unit, quality: 'good', depth: unit / 2, isolated: unit % 2 === 0, location: [unit, 0] })
  return new SpikeData(train, { neuronAttributes: train.map((_, unit) => attributesOf(unit)), rawData: rawSamples(0), rawTime: 20 })
}

/** The raw data of a recording as it is sampled, in a few blocks. */
function blocksOf({ rawData: { data, shape } }) {
  const samples = Int16Array.from(data, (_, i) => data[(i % 2) * shape[1] + Math.floor(i / 2)])
  return [samples.subarray(0, 1000), samples.subarray(1000)]
}

/** The same recording, of which raw data comes as a stream. */
function streamed(sd) {
  const { train, neuronAttributes, length } = sd
  const rawData = rawStream(blocksOf(sd), { dtype: 'int16', channels: 2 })
  return new SpikeData(train, { neuronAttributes, length, rawData, rawTime: 20 })
}

/** Writes a recording as if it went on. */
async function write(sd, path, options) {
  const { N, train, neuronAttributes, length } = sd
  const raw = { dtype: 'int16', channels: 2, rateKHz: 20 }
  const writer = await openNwbWriter(path, { N, length, neuronAttributes, raw, rawData: { conversion: 1 }, nwb, ...options })
  for (const block of blocksOf(sd)) await writer.writeRaw(block)
  for (const [unit, times] of train.entries()) await writer.writeSpikes({ unit, times })
  return writer.commit()
}

const raw = { rawDataset: 'raw', rawTimeDataset: 'raw_time' }

/**
 * By name: what writes a recording to a path: every variant of every format, and what else takes a way of its own.
 * @type {Record<string, (sd: SpikeData, path: string, options?: object) => Promise<import('spikeport').ExportReport>>}
 */
export const EXPORTS = {
  ...Object.fromEntries(VARIANTS.filter(({ name }) => name !== 'workspace').map(({ name, write }) => [name, write])),
  // By the name of its first file.
  'workspace.h5': (sd, path, options) => exportToWorkspace({ recording: { sd } }, path, { createdAt: new Date(0), ...options }),
  compressed: (sd, path, options) => exportSpikeDataToHdf5(sd, path, { style: 'paired', compression: {}, ...raw, ...options }),
  'nwb with tables': (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb: { ...nwb, ...tables }, ...options }),
  streamed: (sd, path, options) => exportSpikeDataToHdf5(streamed(sd), path, { compression: {}, ...raw, ...options }),
  'as it goes on': write,
  'nwb with raw data': (sd, path, options) => exportSpikeDataToNwb(sd, path, { nwb, rawData: { conversion: 1 }, ...options }),
}

/** Ids and dates in NWB files, which differ each time. */
const CHANGING = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|20\d\d-\d\d-\d\dT[\d:.]+Z/g

/**
 * What is at a path: a digest of each file by name, the one file's being empty, and its index's the path; none where there is nothing.
 */
export function contentsAt(path) {
  const index = indexOf(path)
  if (index) return Object.fromEntries([path, index].filter((file) => existsSync(file)).map((file) => [file, digest(file)]))
  if (!existsSync(path)) return {}
  if (!statSync(path).isDirectory()) return { '': digest(path) }
  return Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((name) => [name, digest(`${path}/${name}`)]),
  )
}

function digest(path) {
  // Hashed as the bytes that were read: as UTF-8, which is the default, they would be encoded first.
  return createHash('sha256').update(readFileSync(path, 'latin1').replace(CHANGING, ''), 'latin1').digest('hex')
}

/** Removes what is at a path. */
export function removeAt(path) {
  rmSync(path, { recursive: true, force: true })
  const index = indexOf(path)
  if (index) rmSync(index, { force: true })
}

/** The index of a workspace, whose path is that of its first file. */
function indexOf(path) {
  return path.endsWith('workspace.h5') ? path.replace(/h5$/, 'json') : undefined
}

/** Partial files and folders, at a path's place and inside it. */
export function leftovers(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => name.includes('.spikeport-'))
}
