/**
 * Both writers of HDF5 files, as SPIKEPORT_HDF5_WRITER chooses them: every style and profile of the exporters has the same content
 * and storage whichever wrote it, also with names that are not ASCII.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import type { Hdf5Options, NwbOptions } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { readContent, readHdf5 } from '../support/hdf5-file.js'
import { isByLibrary, WRITER_VARIABLE, withWriter } from '../support/hdf5-plans.js'
import { structureProblems } from '../support/hdf5-structure.js'
import { same } from '../support/same.js'

const dir = t.testdir()
const file = `${dir}/direct.h5`
const twin = `${dir}/library.h5`

const UNITS = 40
const train = Array.from({ length: UNITS }, (_, unit) => Array.from({ length: (unit * 7) % 50 }, (_, i) => (unit + 1) / 8 + i))
const sd = new SpikeData(train, {
  length: 60,
  neuronAttributes: train.map((_, unit) => ({
    electrode: unit % 8,
    µm: unit / 3,
    Schicht: `L${unit % 4} é`,
    good: unit % 2 === 0,
    template: [unit, 1, 2],
  })),
  rawData: new NDArray(
    Int16Array.from({ length: 60_000 }, (_, i) => i % 37),
    [2, 30_000],
  ),
  rawTime: 500,
})

const STYLES: Record<string, Hdf5Options> = {
  ragged: { spikeTimesDataset: 'Zeiten/µs', spikeTimesIndexDataset: 'Zeiten/Index µ' },
  'ragged, samples': { spikeTimesUnit: 'samples', fsHz: 30_000 },
  group: { style: 'group', groupPerUnit: 'µ/Einheiten' },
  'group of the default name': { style: 'group' },
  paired: { style: 'paired', idcesDataset: '番号', timesDataset: '時刻/🕐' },
  raster: { style: 'raster', rasterBinSizeMs: 1, rasterDataset: 'Raster/1 ms ≈ µ' },
}

const STORAGE: Record<string, object> = {
  contiguous: { layout: 'contiguous' },
  chunked: { layout: 'chunked' },
  'small chunks': { layout: 'chunked', chunkBytes: 1024 },
  compressed: { compression: {} },
  'compressed better': { compression: { level: 6, shuffle: false } },
  cloud: { layout: 'cloud', compression: false },
  'cloud, compressed': { layout: 'cloud', compression: {} },
}

const NWB = { sessionStartTime: '2024-05-01T12:00:00Z', identifier: 'µ', fileCreateDate: '2024-05-01T12:00:00Z' }
const PROFILES: Record<string, NwbOptions> = { nwb: { nwb: NWB }, spikelab: { profile: 'spikelab' } }

const RAW = { rawDataset: 'roh/µV', rawTimeDataset: 'roh/µs' }

/** Whether the direct writer takes a storage: the library lays out pages with compressed chunks. */
function isDirect(storage: string): boolean {
  return storage !== 'cloud, compressed'
}

/** Writes a file by whichever writer is chosen, and by the library, and compares them. */
async function compare(t: Test, what: string, write: (path: string) => Promise<unknown>, isDirect: boolean): Promise<void> {
  await withWriter(undefined, () => write(file))
  await withWriter('library', () => write(twin))
  t.strictSame([await isByLibrary(file), await isByLibrary(twin)], [!isDirect, true], `${what}: the writers`)
  if (isDirect) t.strictSame(structureProblems(readFileSync(file)), [], `${what}: the structure`)
  same(t, await readContent(file), await readContent(twin), `${what}: the same`)
}

t.test('every HDF5 style', async (t) => {
  for (const [style, options] of Object.entries(STYLES)) {
    for (const [name, storage] of Object.entries(STORAGE)) {
      const all = { ...options, ...RAW, ...storage } as Hdf5Options
      await compare(t, `${style}, ${name}`, (path) => exportSpikeDataToHdf5(sd, path, all), isDirect(name))
    }
  }
})

t.test('every NWB profile', async (t) => {
  for (const [profile, options] of Object.entries(PROFILES)) {
    for (const [name, storage] of Object.entries({ 'as it comes': {}, ...STORAGE })) {
      await compare(t, `${profile}, ${name}`, (path) => exportSpikeDataToNwb(sd, path, { ...options, ...storage }), isDirect(name))
    }
  }
})

t.test('names that are not ASCII are read as they were given', async (t) => {
  await exportSpikeDataToHdf5(sd, file, STYLES['ragged'])
  t.notOk(await isByLibrary(file))
  t.strictSame(Object.keys((await readHdf5(file)).datasets), ['Zeiten/Index µ', 'Zeiten/µs'])
  await exportSpikeDataToNwb(sd, file, { nwb: NWB, layout: 'contiguous' })
  t.notOk(await isByLibrary(file))
  t.ok('units/µm' in (await readHdf5(file)).datasets)
})

t.test('progress ends with all bytes, where a file has holes between its pages', async (t) => {
  const long = new SpikeData([new Float64Array(600_000)])
  for (const writer of ['direct', 'library']) {
    let last = { bytesWritten: 0, bytesTotal: -1 }
    const onProgress = (progress: typeof last) => void (last = progress)
    await withWriter(writer, () => exportSpikeDataToHdf5(long, file, { layout: 'cloud', onProgress }))
    t.equal(last.bytesWritten, last.bytesTotal, writer)
    t.ok(last.bytesTotal >= 4_800_000 && last.bytesTotal < 4_900_000, `${last.bytesTotal} bytes`)
  }
})

t.test('the writer that is asked for', async (t) => {
  const raster = { style: 'raster', rasterBinSizeMs: 1 } as const
  for (const [writer, options, isLibrary] of [
    ['auto', {}, false],
    ['', {}, false],
    ['direct', {}, false],
    ['library', {}, true],
    ['auto', raster, false],
    ['direct', raster, false],
    ['library', raster, true],
  ] as const) {
    await withWriter(writer, () => exportSpikeDataToHdf5(sd, file, options))
    t.equal(await isByLibrary(file), isLibrary, `${writer}: ${JSON.stringify(options)}`)
  }
})

t.test('what cannot be written as asked is an error, and no file', async (t) => {
  const before = readdirSync(dir)
  const refused = async (writer: string, options: Hdf5Options, message: string) => {
    await t.rejects(
      withWriter(writer, () => exportSpikeDataToHdf5(sd, `${dir}/refused.h5`, options)),
      { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message },
    )
  }
  const unknown = (value: string) =>
    `Expected 'auto', 'direct' or 'library' for the environment variable ${WRITER_VARIABLE} but received '${value}'.`
  for (const value of ['fast', 'Library']) await refused(value, {}, unknown(value))
  t.strictSame(readdirSync(dir), before)
})
