/**
 * NWB files that packages ship: recordings of mice, loaded and then through every format and back, and files of every version of pynwb.
 */
import t from 'tap'
import type { NDArray } from '../../lib/index.js'
import { loadSpikeDataFromNwb, SpikeData } from '../../lib/index.js'
import { LOADABLE, RoundTrips } from '../support/round-trip-checks.js'
import { pythonEnvironment, runPython } from './python.js'

interface Files {
  recordings: { name: string; file: string; trains_ms: number[][]; attributes: Record<string, unknown>[] }[]
  versions: {
    name: string
    file: string
    version: string
    metadata: Record<string, unknown>
    has_units: boolean
    series: Record<string, number[][]>
  }[]
}

const environment = await pythonEnvironment('recordings')
const { skip } = environment
const files: Files = skip ? { recordings: [], versions: [] } : JSON.parse(await runPython(environment, 'recorded_files.py', []))

/** The rows of docs/round-trips.md that the attributes belong to. */
const ROWS = {
  electrode: 'electrodes',
  location: 'locations, one for each electrode',
  location_label: 'texts, of some units',
  shank: 'numbers',
  shank_name: 'texts',
}

t.test('recordings of mice', { skip }, async (t) => {
  t.equal(files.recordings.length, 2)
  for (const { name, file, trains_ms, attributes } of files.recordings) {
    const sd = await loadSpikeDataFromNwb(file, { onWarning: ({ message }) => t.fail(`${name}: ${message}`) })
    t.ok(sd.spikeCount > 20_000)
    t.strictSame(
      sd.train.map((times) => [...times]),
      trains_ms,
      name,
    )
    t.strictSame(sd.neuronAttributes, attributes, name)

    // A group is a shank in this lab's files; in Phy it is a label, and in NWB it refers to a group of the file.
    const neuronAttributes = attributes.map(({ location_label, electrode_group, group }, electrode) => ({
      electrode,
      location: [0.5, 20 * electrode],
      location_label,
      shank: group,
      shank_name: electrode_group,
    }))
    const made = { sd: new SpikeData(sd.train, { length: sd.length, neuronAttributes }), rawTime: 'none', fsHz: 20_000 } as const
    for (const variant of LOADABLE) {
      const trips = new RoundTrips(variant, t.testdir())
      for (const unit of trips.units) {
        const loaded = await trips.make(made, unit)
        trips.checkAttributes(loaded, made.sd, ROWS)
        t.pass(`${name}, ${variant.name}, ${unit}`)
      }
    }
  }
})

t.test('files of every version', { skip }, async (t) => {
  t.equal(files.versions.length, 27)
  const versions = new Set(files.versions.map(({ version }) => version))
  for (const version of ['2.0b', '2.0.2', '2.1.0', '2.3.0', '2.5.0', '2.8.0', '2.10.0-alpha']) t.ok(versions.has(version), version)
  for (const { name, file, metadata, has_units, series } of files.versions) {
    const onWarning = ({ message }: { message: string }) => t.fail(`${name}: ${message}`)
    const { metadata: found, N } = await loadSpikeDataFromNwb(file, { allowNoUnits: true, onWarning })
    t.match(found, metadata, name)
    t.equal(N > 0, has_units, name)
    if (!has_units) await t.rejects(loadSpikeDataFromNwb(file), { code: 'ERR_INVALID_FILE' }, name)
    for (const [rawData, channels] of Object.entries(series)) {
      const raw = await loadSpikeDataFromNwb(file, { allowNoUnits: true, rawData, onWarning })
      t.strictSame(
        [[...(raw.rawData as NDArray).data], raw.rawData.shape],
        [channels.flat(), [channels.length, channels[0]?.length]],
        `${name}: ${rawData}`,
      )
    }
  }
})
