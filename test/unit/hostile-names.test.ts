/**
 * Strange names of files, of what is in them, and of attributes: each is refused, or read back as it was given.
 */
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import t from 'tap'
import type { Hdf5Options } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { EXPORTS } from '../support/exporters.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()
const sd = new SpikeData([[1, 2], [3]])
const fsHz = 30000

/** What no file can hold as it is. */
const IMPOSSIBLE = ['', '\0', 'a\0', 'a\0b', '\ud800', 'a\udfffb', '\udc00\ud800']

/** What is odd, and legal. */
const ODD = [
  ' ',
  '.a',
  '…',
  'Ωmega – µV',
  'スパイク',
  '🧠👩‍🔬',
  'e\u0301 is not é',
  'two\nlines',
  'tab\t"quoted" \'twice\' `$(x)`',
  '%s%n%25',
  'back\\slash',
  '__proto__',
  'constructor',
  'toString',
  '\u202egnp',
  '\ufeff',
  '\x7f\x01',
]

const storage: Hdf5Options[] = [{}, { layout: 'chunked' }]
const DATASETS: [style: Hdf5Options, options: (keyof Hdf5Options)[]][] = [
  [{ style: 'ragged' }, ['spikeTimesDataset', 'spikeTimesIndexDataset']],
  [{ style: 'paired' }, ['idcesDataset', 'timesDataset']],
  [{ style: 'group' }, ['groupPerUnit']],
  [{ style: 'raster', rasterBinSizeMs: 1 }, ['rasterDataset']],
]

t.test('names of datasets and groups', async (t) => {
  const path = `${dir}/named.h5`
  const nested = ['a//b/./c', '/a/', './a', 'a/../b', '../..', ...ODD.map((name) => `${name}/${name}`)]
  for (const [style, options] of DATASETS) {
    for (const option of options) {
      for (const name of IMPOSSIBLE) {
        const refused = exportSpikeDataToHdf5(sd, path, { ...style, [option]: name } as Hdf5Options)
        await t.rejects(refused, { ...VALUE_ERROR, message: new RegExp(`for ${option} but`) })
      }
      for (const layout of storage) {
        for (const name of [...ODD, ...nested, 'n'.repeat(10_000), '🧠'.repeat(2500), `${'g/'.repeat(40)}d`]) {
          await exportSpikeDataToHdf5(sd, path, { ...style, ...layout, [option]: name } as Hdf5Options)
          const { datasets, groups } = await readHdf5(path)
          const found = name
            .split('/')
            .filter((part) => part !== '' && part !== '.')
            .join('/')
          if (style.style === 'group') t.ok(groups.includes(found) && `${found}/1` in datasets, found)
          else t.ok(Object.keys(datasets).includes(found), found)
        }
      }
    }
  }
})

t.test('names of attributes', async (t) => {
  const entry = Object.fromEntries(ODD.map((name, i) => [name, i]))
  const skipped = { ...Object.fromEntries(IMPOSSIBLE.map((name) => [name, 1])), 'a/b': 1, '.': 1, '..': 1 }
  const long = { ['n'.repeat(10_000)]: 1 }
  // An assignment would set the prototype.
  const first = JSON.parse(JSON.stringify({ ...entry, ...long }).replace('{', '{"__proto__":11,'))
  const recording = new SpikeData([[1], [2]], { neuronAttributes: [first, skipped] })
  const path = `${dir}/named.nwb`
  const warnings = await warningsOf(() => exportSpikeDataToNwb(recording, path, { nwb: { sessionStartTime: new Date(0) } }))
  t.match(warnings, [
    ['SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', /''.*'a\/b'/],
    ['SPIKEPORT_NWB_ATTRIBUTES_RENAMED', /: '__proto__' is '__proto___', as pynwb's class of the table has these names\.$/],
  ])
  const { datasets } = await readHdf5(path)
  for (const [i, name] of ODD.entries()) {
    const column = name === '__proto__' ? '__proto___' : name
    t.strictSame(datasets[`units/${column}`]?.values, Float64Array.of(name === '__proto__' ? 11 : i, NaN), name)
  }
  t.ok(`units/${Object.keys(long)[0]}` in datasets)
})

t.test('texts in attributes', async (t) => {
  for (const text of ODD) {
    const recording = new SpikeData([[1]], { neuronAttributes: [{ text }] })
    await exportSpikeDataToNwb(recording, `${dir}/text.nwb`, { nwb: { sessionStartTime: new Date(0) } })
    t.strictSame((await readHdf5(`${dir}/text.nwb`)).datasets['units/text']?.values, [text])
  }
})

t.test('names of files', async (t) => {
  for (const [kind, write] of EXPORTS) {
    for (const name of IMPOSSIBLE.filter((name) => name !== '')) {
      await t.rejects(write(sd, `${dir}/${name}`), { ...VALUE_ERROR, message: /for (path|folder) but/ }, kind)
    }
    for (const name of ['x'.repeat(10_000), 'é'.repeat(128)]) await t.rejects(write(sd, `${dir}/${name}`), { code: 'ENAMETOOLONG' }, kind)
    await t.rejects(write(sd, `${dir}/${'d/'.repeat(5000)}x`), { code: 'ENAMETOOLONG' }, kind)
    const folder = t.testdir()
    const isPair = kind === 'workspace.h5'
    const names = [...ODD, 'é'.repeat(isPair ? 125 : 127), '-', '~', '*?[]{}', 'a.h5 ']
    for (const name of names) await write(sd, `${folder}/${name}`)
    const files = isPair ? names.flatMap((name) => [`${name}.h5`, `${name}.json`]) : names
    t.strictSame(readdirSync(folder).sort(), files.sort(), kind)
  }
})

t.test('names of files in a folder', async (t) => {
  const folder = `${dir}/ks`
  for (const option of ['spikeTimesFile', 'spikeClustersFile'] as const) {
    for (const name of [...IMPOSSIBLE, '.', '..', 'a/b', '/etc/passwd', '../up', 'a\\b', 'channel_map']) {
      await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, [option]: name }), {
        ...VALUE_ERROR,
        message: new RegExp(`for ${option} but`),
      })
    }
    for (const name of ODD.filter((name) => !name.includes('\\'))) {
      const { paths } = await exportSpikeDataToKilosort(sd, folder, { fsHz, [option]: name })
      t.ok(paths.includes(`${folder}/${name}.npy`))
      t.ok(readdirSync(folder).includes(`${name}.npy`))
    }
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, [option]: 'n'.repeat(10_000) }), { code: 'ENAMETOOLONG' })
  }
})

t.test('nothing but what was named', async (t) => {
  const names = readdirSync(dir)
  t.strictSame(names.sort(), ['ks', 'named.h5', 'named.nwb', 'text.nwb'])
  t.notOk(readdirSync(tmpdir()).some((name) => name.includes('.spikeport-')))
})
