/** NWB files in programs that analyse, organize, index and convert them. */
import t from 'tap'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { MOUSE } from './nwb-cases.js'
import { writeProbeCases } from './nwb-probe-cases.js'
import { ANALYSED, FS_HZ, PEAKS, writeAnalysed, writeNeoCases } from './nwb-readers-cases.js'
import { writeTablesCases } from './nwb-tables-cases.js'
import { check, pythonEnvironment } from './python.js'
import { encodeRecordings } from './recordings.js'

const folder = t.testdir({ tables: {}, probes: {} })
const analysed = `${folder}/analysed.nwb`
const unitIds = [12, 40, 41]
await writeAnalysed(analysed, unitIds)

/** Files with everything: copies take their programs long. */
const tables = (await writeTablesCases(`${folder}/tables`)).filter(({ name }) => name.startsWith('all together'))
const probes = (await writeProbeCases(`${folder}/probes`)).filter(({ name }) => /^two probes.*electrodes$|^names/.test(name))

const sorting = await pythonEnvironment('sorting')

t.test('SpikeInterface analyses units over the raw data', { skip: sorting.skip }, async (t) => {
  t.testdir()
  const fields = { file: analysed, fsHz: FS_HZ, unitIds, peaks: PEAKS, conversion: 0.195e-6 }
  const cases = [false, true].map((usePynwb) => ({ name: usePynwb ? 'by pynwb, in memory' : 'by h5py, in a folder', ...fields, usePynwb }))
  await check(t, sorting, 'check_nwb_analyzer.py', cases, { shared: { recordings: encodeRecordings({ analysed: ANALYSED }) } })
})

const nwb = await pythonEnvironment('nwb')

t.test('DANDI organizes files by their metadata', { skip: nwb.skip }, async (t) => {
  t.testdir()
  const session = async (name: string, fields: object) => {
    const file = `${folder}/${name}.nwb`
    await exportSpikeDataToNwb(new SpikeData([[1, 2]], { length: 10 }), file, { fsHz: FS_HZ, nwb: { ...MOUSE, ...fields } })
    return file
  }
  const units = await session('units', { sessionId: 'day 2' })
  const again = await session('again', { sessionId: 'day 2' })
  const nobody = await session('nobody', { subject: undefined })
  await check(t, nwb, 'check_nwb_organize.py', [
    { name: 'one file of a subject', files: [analysed], places: ['sub-r-12/sub-r-12_ecephys.nwb'], error: null },
    { name: 'two files of one session', files: [units, again], places: ['sub-r-12/*obj-*', 'sub-r-12/*obj-*'], error: null },
    { name: 'two sessions', files: [analysed, units], places: ['sub-r-12/*ses-day-2*', 'sub-r-12/*ses-slice-3*'], error: null },
    { name: 'without a subject', files: [nobody], places: [], error: 'subject_id' },
  ])
})

const readers = await pythonEnvironment('nwb-readers')

t.test('pynapple', { skip: readers.skip }, async (t) => {
  t.testdir()
  const trains = ANALYSED.trains.map((times) => [...times])
  const metadata = { quality: ['good', 'good', 'mua'], snr: [20.5, 21.5, 22.5] }
  const ofUnits = { name: 'ids and columns of units', file: analysed, unitIds, trains, metadata, tables: {}, series: {}, unread: [] }
  // A ragged column of times makes units of a table to pynapple, which then hands it out as it is.
  const unread = ['intervals/trials']
  const ofTables = tables.map((fields) => ({ ...fields, unitIds: fields.trains.map((_, unit) => unit), metadata: {}, unread }))
  const file = `${folder}/trials.nwb`
  const trials = {
    startTime: [0, 1500],
    stopTime: [1000, 2500],
    columns: { side: ['left', 'right'], contrast: [0.5, 0.25], go_time: [100, 1600] },
  }
  await exportSpikeDataToNwb(new SpikeData([[1, 2]], { length: 10 }), file, { nwb: { ...MOUSE, trials } })
  const columns = { start_time: [0, 1.5], stop_time: [1, 2.5], side: ['left', 'right'], contrast: [0.5, 0.25], go_time: [0.1, 1.6] }
  const ofTrials = {
    name: 'trials',
    file,
    unitIds: [0],
    trains: [[1, 2]],
    metadata: {},
    tables: { 'intervals/trials': columns },
    series: {},
    unread: [],
  }
  await check(t, readers, 'check_nwb_pynapple.py', [ofUnits, ...ofTables, ofTrials])
})

t.test('neo', { skip: readers.skip }, async (t) => {
  t.testdir()
  await check(t, readers, 'check_nwb_neo.py', await writeNeoCases(folder))
})

for (const reader of ['lindi', 'hdmf-zarr']) {
  t.test(`${reader} has all that the file has`, { skip: readers.skip }, async (t) => {
    t.testdir()
    const cases = [{ name: 'raw data and units', file: analysed }, ...tables, ...probes]
    await check(t, readers, 'check_nwb_copies.py', cases, { shared: { reader } })
  })
}

t.test("Spyglass's rules of ingestion", { skip: nwb.skip }, async (t) => {
  t.testdir()
  const named = (name: string) => tables.find((fields) => fields.name === name)!
  const session = { Session: 1, Subject: 1, LabMember: 2 }
  const probe = { ...session, ElectrodeGroup: 2, Electrode: 8, Raw: 1, ImportedSpikeSorting: 1 }
  const all = { ...session, ElectrodeGroup: 1, Electrode: 4, IntervalList: 2, 'PositionSource.SpatialSeries': 1, ImportedSpikeSorting: 1 }
  const file = `${folder}/renamed.nwb`
  const rawData = { rawData: new NDArray(new Int16Array(20), [2, 10]), rawTime: 20 }
  const nothing = { subject: undefined, experimenter: undefined }
  const renamed = { conversion: 1e-6, name: 'Raw' }
  await exportSpikeDataToNwb(new SpikeData([], { length: 10, ...rawData }), file, { nwb: { ...MOUSE, ...nothing }, rawData: renamed })
  await check(t, nwb, 'check_nwb_spyglass.py', [
    { name: 'raw data and units of a probe', file: analysed, tables: probe },
    { name: 'epochs and positions', file: named('all together').file, tables: all },
    { name: 'raw data of another name', file, tables: { Session: 1, ElectrodeGroup: 1, Electrode: 2 } },
  ])
})
