/**
 * The names of options: every object of options in the library refuses what is no option of its own, before anything is read from the
 * data or written.
 */
import { readdirSync, rmSync } from 'node:fs'
import t from 'tap'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { nearestName } from '../../lib/options/nearest-name.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { fc } from '../support/property.js'

const dir = t.testdir()

const read = (): never => {
  throw new Error('The data was read.')
}

/** An array and an object of which nothing can be read. */
const list = new Proxy([], { get: read }) as never[]
const data = new Proxy({}, { get: read, has: read, getPrototypeOf: read, ownKeys: read }) as never

const square = new NDArray(new Float64Array(4), [2, 2])
const cube = new NDArray(new Float64Array(8), [2, 2, 2])

const unread = Object.defineProperty({}, 'electrode', { enumerable: true, get: read })
const sd = new SpikeData([[1]], {
  neuronAttributes: [unread],
  metadata: { unread },
  rawData: new NDArray(new Int16Array(2), [1, 2]),
  rawTime: 1,
})

/** What a call does with an object of options. */
interface OptionSet {
  /** What errors call the object. */
  name: string
  names: readonly string[]
  /** Names that belong to another style or profile: errors name it. */
  elsewhere?: readonly string[]
  call: (options: never) => unknown
  /** The same with data that can be read, where the call looks at the data before the values of options. */
  withData?: (options: never) => unknown
}

const COMMON = ['signal', 'onProgress', 'durable', 'threads']
const S3 = ['s3Upload', 'awsAccessKeyId', 'awsSecretAccessKey', 'awsSessionToken', 'regionName', 's3Endpoint', 'forcePathStyle']
const STORAGE = ['layout', 'chunkBytes', 'compression', 'pageBytes']

const STYLES = {
  ragged: ['spikeTimesDataset', 'spikeTimesIndexDataset', 'spikeTimesUnit'],
  group: ['groupPerUnit', 'groupTimeUnit'],
  paired: ['idcesDataset', 'timesDataset', 'timesUnit'],
  raster: ['rasterDataset', 'rasterBinSizeMs'],
}
const ANY_STYLE = ['style', 'fsHz', 'rawDataset', 'rawTimeDataset', 'rawTimeUnit', ...COMMON, ...S3, ...STORAGE]
const NWB = ['spikeTimesDataset', 'spikeTimesIndexDataset', 'group', 'profile', ...COMMON, ...S3, ...STORAGE]
const NWB_ALONE = ['nwb', 'fsHz', 'rawData', 'unitIds']
const SPIKE_DATA = ['N', 'length', 'startTime', 'neuronAttributes', 'metadata', 'rawData', 'rawTime']

const path = `${dir}/written`
const toHdf5 = (options: object) => exportSpikeDataToHdf5(sd, path, options)
const toNwb = (options: object) => exportSpikeDataToNwb(sd, path, options)
const toKilosort = (options: object) => exportSpikeDataToKilosort(sd, path, { fsHz: 1, ...options })

const SETS: OptionSet[] = [
  ...Object.entries(STYLES).map(([style, own]) => ({
    name: 'options',
    names: [...ANY_STYLE, ...own],
    elsewhere: Object.values(STYLES)
      .filter((names) => names !== own)
      .flat(),
    call: (options: object) => toHdf5({ style, ...(style === 'raster' && { rasterBinSizeMs: 1 }), ...options }),
  })),
  { name: 'options', names: [...NWB, ...NWB_ALONE], call: toNwb },
  { name: 'options', names: NWB, elsewhere: NWB_ALONE, call: (options: object) => toNwb({ profile: 'spikelab', ...options }) },
  { name: 'compression', names: ['level', 'shuffle'], call: (compression) => toHdf5({ compression }) },
  { name: 'compression', names: ['level', 'shuffle'], call: (compression) => toNwb({ compression }) },
  {
    name: 'nwb',
    names: [
      'sessionDescription',
      'identifier',
      'sessionStartTime',
      'timestampsReferenceTime',
      'sessionId',
      'subject',
      'experimenter',
      'experimentDescription',
      'institution',
      'lab',
      'keywords',
      'relatedPublications',
      'dataCollection',
      'notes',
      'pharmacology',
      'protocol',
      'slices',
      'stimulus',
      'surgery',
      'virus',
      'device',
      'devices',
      'electrodeGroup',
      'electrodeGroups',
      'electrodes',
      'electrodeColumnDescriptions',
      'columnDescriptions',
      'spikeColumns',
      'obsIntervals',
      'trials',
      'epochs',
      'intervals',
      'series',
    ],
    call: (nwb) => toNwb({ nwb }),
  },
  {
    name: 'nwb.subject',
    names: ['subjectId', 'age', 'ageReference', 'dateOfBirth', 'description', 'genotype', 'sex', 'species', 'strain', 'weight'],
    call: (subject) => toNwb({ nwb: { subject } }),
  },
  { name: 'nwb.device', names: ['name', 'description', 'manufacturer'], call: (device) => toNwb({ nwb: { device } }) },
  {
    name: 'nwb.electrodeGroup',
    names: ['name', 'description', 'location', 'device'],
    call: (electrodeGroup) => toNwb({ nwb: { electrodeGroup } }),
  },
  {
    name: 'rawData',
    names: ['conversion', 'offset', 'name', 'description', 'filtering', 'electrodes'],
    call: (rawData: object) => toNwb({ rawData: { conversion: 1, ...rawData } }),
  },
  {
    name: 'options',
    names: ['fsHz', 'spikeTimesFile', 'spikeClustersFile', 'timeUnit', 'clusterIds', 'phy', 'channels', 'shift', ...COMMON, ...S3],
    call: toKilosort,
  },
  { name: 'phy', names: ['templates', 'samplesBefore', 'samplesAfter', 'recording', 'pcFeatures'], call: (phy) => toKilosort({ phy }) },
  {
    name: 'phy.recording',
    names: ['write', 'scale', 'path', 'channels', 'dtype', 'offset', 'hpFiltered'],
    call: (recording: object) => toKilosort({ phy: { recording: { path: 'x.dat', channels: 1, ...recording } } }),
  },
  {
    name: 'nwb.trials',
    names: ['startTime', 'stopTime', 'columns', 'timeColumns', 'descriptions', 'description'],
    call: (trials: object) => toNwb({ nwb: { trials: { startTime: [0], stopTime: [1], ...trials } } }),
  },
  {
    name: 'options',
    names: ['name', 'notes', 'workspaceId', 'createdAt', ...COMMON, ...S3],
    call: (options) => exportToWorkspace({ ns: { sd } }, path, options),
  },
  { name: 'options', names: ['protocol', ...COMMON, ...S3], call: (options) => exportToPickle(sd, path, options) },
  { name: 'options', names: SPIKE_DATA, call: (options) => new SpikeData(list, options) },
  { name: 'options', names: [...SPIKE_DATA, 'signal', 'onProgress'], call: (options) => SpikeData.create(list, options) },
  {
    name: 'options',
    names: [...SPIKE_DATA, 'signal', 'onProgress'],
    call: (options) => SpikeData.create({ idces: list, times: list }, options),
  },
  { name: 'options', names: ['signal'], call: (options) => sd.rasterAsync(1, 0, options) },
  {
    name: 'options',
    names: ['neuronAttributes', 'rateUnit', 'signal'],
    call: (options) => RateData.create(data, list, options),
    withData: (options) => RateData.create(square, [0, 1], options),
  },
  { name: 'options', names: SPIKE_DATA, call: (options) => SpikeData.fromFlat(list, list, options) },
  { name: 'options', names: SPIKE_DATA, call: (options) => SpikeData.fromIdcesTimes(list, list, options) },
  {
    name: 'options',
    names: ['neuronAttributes', 'rateUnit'],
    call: (options) => new RateData(data, list, options),
    withData: (options) => new RateData(square, [0, 1], options),
  },
  {
    name: 'options',
    names: ['labels', 'metadata'],
    call: (options) => new PairwiseCompMatrix(data, options),
    withData: (options) => new PairwiseCompMatrix(square, options),
  },
  {
    name: 'options',
    names: ['labels', 'metadata', 'times'],
    call: (options) => new PairwiseCompMatrixStack(data, options),
    withData: (options) => new PairwiseCompMatrixStack(cube, options),
  },
  {
    name: 'options',
    names: ['times', 'stepSize', 'neuronAttributes'],
    call: (options) => new RateSliceStack(data, options),
    withData: (options) => new RateSliceStack(cube, options),
  },
  {
    name: 'options',
    names: ['times', 'neuronAttributes'],
    call: (options) => new SpikeSliceStack(list, options),
    withData: (options) => new SpikeSliceStack([sd], options),
  },
]

const EVERY_NAME = [...new Set(SETS.flatMap(({ names, elsewhere = [] }) => [...names, ...elsewhere]))]

/** What a call is refused with; undefined where it is not. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return undefined
  } catch (error) {
    return error
  }
}

const isUnknown = ({ name }: OptionSet, key: string) => ({
  ...VALUE_ERROR,
  message: new RegExp(`^Expected the name of an option for ${name.replace('.', '\\.')} but received '${key}'`),
})

t.test('the names of every other object of options', async (t) => {
  for (const set of SETS) {
    for (const name of EVERY_NAME.filter((name) => !set.names.includes(name) && !set.elsewhere?.includes(name))) {
      for (const value of [1, undefined, null])
        t.match(await refusal(() => set.call({ [name]: value } as never)), isUnknown(set, name), name)
    }
  }
})

t.test('the names of another style or profile, unless they are missing', async (t) => {
  for (const { call, elsewhere = [] } of SETS) {
    for (const name of elsewhere) {
      const error = await refusal(() => call({ [name]: {} } as never))
      t.match(error, {
        ...VALUE_ERROR,
        message: new RegExp(`^Expected no value, as (style|profile) is '\\w+'.*, for ${name} but received {}\\.$`),
      })
    }
  }
  const plain = new SpikeData([[1]])
  const missing = (names: readonly string[], value: null | undefined) => Object.fromEntries(names.map((name) => [name, value]))
  for (const [style, own] of Object.entries(STYLES)) {
    const others = Object.values(STYLES)
      .flat()
      .filter((name) => !(own as string[]).includes(name))
    for (const value of [undefined, null]) {
      await exportSpikeDataToHdf5(plain, path, {
        ...missing(others, value),
        style,
        rasterBinSizeMs: style === 'raster' ? 1 : value,
      } as never)
    }
  }
  for (const value of [undefined, null]) await exportSpikeDataToNwb(plain, path, { profile: 'spikelab', ...missing(NWB_ALONE, value) })
  rmSync(path)
})

t.test('the options of an upload without one, unless they are missing', async (t) => {
  const plain = new SpikeData([[1]])
  const exporters = [exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle, exportSpikeDataToKilosort]
  for (const run of exporters as ((sd: SpikeData, path: string, options: object) => Promise<unknown>)[]) {
    const needed = run === (exportSpikeDataToKilosort as unknown) ? { fsHz: 1 } : {}
    for (const name of S3.filter((name) => name !== 's3Upload')) {
      const given = name === 'forcePathStyle' ? true : 'a-secret'
      for (const s3Upload of [undefined, false]) {
        const { code, message } = (await refusal(() => run(plain, path, { ...needed, s3Upload, [name]: given }))) as RangeError & {
          code: string
        }
        t.equal(code, VALUE_ERROR.code)
        t.ok(message.startsWith(`Expected no value, as s3Upload is not true, for ${name} but received `), message)
        t.equal(message.includes('a-secret'), !/Secret|Token|forcePathStyle/.test(name), message)
      }
    }
    const missing = Object.fromEntries(S3.map((name) => [name, name.startsWith('aws') ? null : undefined]))
    await run(plain, path, { ...needed, ...missing })
    rmSync(path, { recursive: true })
  }
})

t.test('property: misspelt names', async (t) => {
  /** The name with one letter dropped, doubled, replaced, or exchanged with the next one. */
  const mistakes = (name: string, i: number, letter: string): string[] => [
    name.slice(0, i) + name.slice(i + 1),
    name.slice(0, i + 1) + name.slice(i),
    name.slice(0, i) + letter + name.slice(i + 1),
    name.slice(0, i) + (name[i + 1] ?? '') + name[i] + name.slice(i + 2),
  ]
  const known = fc.constantFrom(...SETS).chain((set) => fc.record({ set: fc.constant(set), name: fc.constantFrom(...set.names) }))
  const misspelt = known.chain(({ set, name }) => {
    const letter = fc.constantFrom(...'abcxyzABCXYZ019_')
    return fc
      .record({ at: fc.nat(name.length - 1), letter, how: fc.nat(3) })
      .map(({ at, letter, how }) => ({ set, name, given: mistakes(name, at, letter)[how]! }))
  })
  const property = fc.asyncProperty(misspelt, async ({ set, name, given }) => {
    fc.pre(given !== '' && !set.names.includes(given) && !set.elsewhere?.includes(given))
    const error = await refusal(() => set.call({ [given]: 1 } as never))
    t.match(error, isUnknown(set, given), given)
    if (name.length >= 4) t.match(error, { message: /\(did you mean \w+\?\)\.$/ }, `${given} for ${name}`)
  })
  await fc.assert(property, { numRuns: 1000 })
})

t.test('snake case, other case, and dashes lead to the name', async (t) => {
  const forms = [
    (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`),
    (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    (name: string) => name.toUpperCase(),
    (name: string) => name.toLowerCase(),
    (name: string) => ` ${name}`,
  ]
  for (const set of SETS) {
    for (const name of set.names) {
      for (const given of forms.map((form) => form(name)).filter((given) => !set.names.includes(given))) {
        const message = `Expected the name of an option for ${set.name} but received '${given}' (did you mean ${name}?).`
        t.match(await refusal(() => set.call({ [given]: undefined } as never)), { ...VALUE_ERROR, message })
      }
    }
  }
})

t.test('the nearest name', async (t) => {
  const names = ['fsHz', 'length', 'neuronAttributes', 'N', 'times', 'timesUnit']
  const cases: [given: string, nearest: string | undefined][] = [
    ['fs_Hz', 'fsHz'],
    ['lenght', 'length'],
    ['neuron_attributes', 'neuronAttributes'],
    ['neuronAttribute', 'neuronAttributes'],
    ['n', 'N'],
    ['x', undefined],
    ['', undefined],
    ['time', 'times'],
    ['timesUnits', 'timesUnit'],
    ['sampleRate', undefined],
    ['__proto__', undefined],
    ['neuronAttributes'.repeat(1e5), undefined],
  ]
  for (const [given, nearest] of cases) t.equal(nearestName(given, names), nearest, given.slice(0, 20))
})

t.test('where an option may come from', async (t) => {
  const given = (options: object) => new SpikeData([[1]], options)
  t.equal(given(Object.create({ length: 9 })).length, 9, 'inherited')
  t.equal(given(Object.assign(Object.create(null), { length: 9 })).length, 9, 'without a prototype')
  class Settings {
    get length() {
      return 9
    }
    other() {}
  }
  t.equal(given(new Settings()).length, 9, 'a getter of a class')
  t.equal(given({ length: 9, [Symbol('mine')]: 1 }).length, 9, 'beside symbols, which are no names')
  t.throws(
    () => given(Object.create({ lenght: 9 })),
    { ...VALUE_ERROR, message: /did you mean length/ },
    'a misspelt one that is inherited',
  )
  t.throws(() => given(JSON.parse('{"toString":1}')), { ...VALUE_ERROR, message: /'toString'/ })
  t.throws(() => given(JSON.parse('{"__proto__":{"length":1}}')), { ...VALUE_ERROR, message: /'__proto__'/ })
  t.throws(() => given(sd), { ...VALUE_ERROR, message: /'rawTimeRateKHz'/ })
  Object.defineProperty(Object.prototype, 'addedToAll', { value: 1, enumerable: true, configurable: true })
  t.teardown(() => Reflect.deleteProperty(Object.prototype, 'addedToAll'))
  t.equal(given({ length: 9 }).length, 9, 'what a library adds to all objects')
  t.throws(() => given({ addedToAll: 1 }), VALUE_ERROR)
})

t.test('what is no object of options', async (t) => {
  const values = [
    5,
    'options',
    true,
    null,
    [],
    new Map([['fsHz', 1]]),
    new Set(),
    new Date(0),
    AbortSignal.abort(),
    Promise.resolve(),
    new Float64Array(1),
    read,
  ]
  for (const { call, name } of SETS.filter(({ name }) => !/rawData|\./.test(name))) {
    for (const value of values) {
      // Nothing, false and true mean something here.
      if (name !== 'options' && (value === null || value === true)) continue
      // An exporter that adds to the options would spread them.
      if (/\.\.\.options/.test(String(call))) continue
      t.match(await refusal(() => call(value as never)), TYPE_ERROR, `${name}: ${String(value)}`)
    }
  }
})

t.test('a value that no option takes: one short, printable sentence that names the option', async (t) => {
  const control = '\u001b[2J\n\u202e'
  const values = [
    Symbol(control),
    Object.defineProperty(() => {}, 'name', { value: control.repeat(1000) }),
    Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${control} ${i}`, control])),
    -(10n ** 3000n),
    NaN,
    new Proxy(() => {}, { get: read }),
  ]
  let refused = 0
  for (const { call, names, withData = call } of SETS) {
    for (const name of names) {
      for (const value of values) {
        if ((name === 'onProgress' && typeof value === 'function') || (name === 'metadata' && typeof value === 'object')) continue
        const error = (await refusal(() => withData({ [name]: value } as never))) as { code?: string; message: string }
        // An object for `nwb.columnDescriptions`: what comes next is that the data is read.
        if (error.message === 'The data was read.') continue
        refused++
        t.match(error, { code: /^ERR_INVALID_ARG_(TYPE|VALUE)$/, message: /^Expected .+ for .+ but received .+\.$/ }, name)
        t.ok(error.message.includes(name) && error.message.length < 650 && !/[\p{Cc}\p{Cf}]/u.test(error.message), error.message)
      }
    }
  }
  t.ok(refused > 1000, `${refused} refused`)
})

t.test('nothing was written', async (t) => {
  t.strictSame(readdirSync(dir), [])
})
