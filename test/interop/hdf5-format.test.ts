/**
 * Files of contiguous and extendable datasets, which spikeport writes without the HDF5 library, in h5py: as if the library had written them, and
 * still so when it has added to them, changed them and taken from them.
 */
import t from 'tap'
import type { Hdf5Content } from '../support/hdf5-plans.js'
import {
  array,
  contents,
  extendable,
  group,
  isByLibrary,
  numbered,
  pagedContents,
  references,
  softLink,
  texts,
  units,
  writeHdf5,
  writeHdf5AsUsual,
  writeHdf5ByLibrary,
} from '../support/hdf5-plans.js'
import { fc } from '../support/property.js'
import { check, pythonEnvironment } from './python.js'

const FS_HZ = 30_000
const SEED = 20_250_101

/** The trains that check_hdf5_units.py expects. */
const trainsOf = (count: number) =>
  Array.from({ length: count }, (_, unit) => Array.from({ length: ((unit * 7919) % 11) % 7 }, (_, i) => unit / 8 + i))

/** Texts of many lengths, and some of them long. */
const textsOf = (count: number) => Array.from({ length: count }, (_, i) => (i % 1000 === 7 ? 'ø'.repeat(i) : `text ${i}`.repeat(i % 5)))

/** What the trees of the random plans do not have: groups with levels of nodes below them, many attributes, and many texts. */
const LARGE: Record<string, Hdf5Content> = {
  'many texts': {
    attributes: Array.from({ length: 400 }, (_, i) => ({ name: `attribute ${i}`, value: i % 2 ? `value ${i}` : textsOf(i) })),
    objects: [
      group('general', [{ name: 'table', value: { reference: 'general/table' } }]),
      group('general/table', [{ name: 'colnames', value: ['location', 'group'] }]),
      texts('general/table/location', textsOf(70_000), [70_000], [{ name: 'description', value: 'where' }]),
      references('general/table/group', 'general/groups/g', 70_000, [{ name: 'target', value: { reference: 'general/table' } }]),
      array('general/groups/g/x', Float64Array.of(1, 2)),
      softLink('general/groups/device', '/general/table'),
      texts('square', textsOf(300 * 300), [300, 300]),
    ],
  },
  'large tables': {
    attributes: [],
    objects: [
      array('of all', Int8Array.of(1)),
      extendable(array('numbers', numbered(new Float64Array(64 * 64 * 128 + 1))), 1024),
      extendable(array('pairs', numbered(new Int32Array(600_000)), [300_000, 2])),
      extendable(texts('texts', textsOf(70_000))),
      extendable(references('references', 'texts', 200_000)),
      extendable(array('nothing', new Int16Array(0), [0, 3])),
    ],
  },
  ...Object.fromEntries(
    [8, 9, 256, 257, 1000].map((count) => [
      `${count} units`,
      {
        attributes: Array.from({ length: count % 50 }, (_, i) => ({ name: `attribute ${i}`, value: i / 3 })),
        objects: [units('a/units', trainsOf(count)), array('a/b', Int16Array.of(1, 2, 3)), array('all', new Float64Array(9000).fill(0.5))],
      },
    ]),
  ),
}

/** In symbol tables, where the library has links with a field for the character set. */
const NAMES = ['µ', 'Länge', 'ключ', '長さ 10 µs', '🧠', 'z', ...Array.from({ length: 300 }, (_, i) => `Kanal ${i} µV`)]

const NOT_ASCII: Hdf5Content = {
  attributes: NAMES.map((name, i) => ({ name, value: i % 2 ? name : { reference: `größe/${name}` } })),
  objects: [
    ...NAMES.map((name, i) => array(`größe/${name}`, Float64Array.of(i), [1], i < 9 ? [{ name: `°C ${name}`, value: i }] : [])),
    units('µ/units', [[1], [2, 3]]),
    softLink('ß', '/größe/長さ 10 µs'),
  ],
}
const NOT_ASCII_PATHS = ['größe', ...NAMES.map((name) => `größe/${name}`), 'µ', 'µ/units', 'µ/units/0', 'µ/units/1', 'ß']

const environment = await pythonEnvironment('numpy2')

for (const name of ['numpy1', 'numpy2'] as const) {
  const { skip, ...python } = await pythonEnvironment(name)
  t.test(`names that are not ASCII, in the environment ${name}`, { skip }, async (t) => {
    const folder = t.testdir()
    const [file, twin] = [`${folder}/direct.h5`, `${folder}/library.h5`]
    await writeHdf5(NOT_ASCII, file)
    await writeHdf5ByLibrary(NOT_ASCII, twin)
    t.strictSame([await isByLibrary(file), await isByLibrary(twin)], [false, true])
    await check(t, { skip, ...python }, 'check_hdf5_format.py', [
      { name: 'not ASCII', file, twin, change: name === 'numpy2', paths: NOT_ASCII_PATHS },
    ])
  })
}

t.test('as the library writes them, and changes them', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const random = fc.sample(contents, { seed: SEED, numRuns: 60 })
  const inPages = fc.sample(pagedContents, { seed: SEED, numRuns: 30 })
  const plans = [
    ...random.map((content, i): [string, Hdf5Content] => [`random tree ${i}`, content]),
    ...inPages.map((content, i): [string, Hdf5Content] => [`random tree ${i}, in pages of ${content.pageBytes} bytes`, content]),
    ...Object.entries(LARGE),
  ]
  const cases = []
  for (const [number, [name, content]] of plans.entries()) {
    const file = `${folder}/${number}.h5`
    const twin = `${folder}/${number}-by-library.h5`
    const direct = await writeHdf5AsUsual(content, file)
    await writeHdf5ByLibrary(content, twin)
    cases.push({ name, file, twin, direct, change: name in LARGE || number % 6 === 0 })
  }
  await check(t, environment, 'check_hdf5_format.py', cases)
})

t.test('one dataset a unit, for any number of units', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const cases = []
  for (const count of [0, 1, 2, 7, 8, 9, 31, 32, 33, 100, 1000, 10_000, 100_003]) {
    for (const fsHz of count > 1000 ? [FS_HZ] : [undefined, FS_HZ]) {
      const file = `${folder}/${count}-${fsHz}.h5`
      await writeHdf5({ attributes: [], objects: [units('probe/units', trainsOf(count), fsHz)] }, file, 2)
      cases.push({ name: `${count} units in ${fsHz ? 'samples' : 's'}`, file, group: 'probe/units', count, fsHz })
    }
  }
  await check(t, environment, 'check_hdf5_units.py', cases)
})
