/**
 * Native code reads exactly the vocabulary of plans: each kind, field and word of lib/engine/plan/ is accepted, and anything else is
 * refused in a sentence that lists what the reader knows. The tests walk the vocabulary itself: a new entry needs no new test. Every
 * count in a sample is 1, so that all shapes agree.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { addon } from '../../lib/engine/native.js'
import type { Segment, UnitPart } from '../../lib/engine/plan/byte-segments.js'
import { SEGMENT } from '../../lib/engine/plan/byte-segments.js'
import type { Hdf5Object, Stream } from '../../lib/engine/plan/hdf5-tree.js'
import { OBJECT, STREAM } from '../../lib/engine/plan/hdf5-tree.js'
import type { MeanWaveformsRequest } from '../../lib/engine/plan/mean-waveforms.js'
import { MEAN_WAVEFORMS } from '../../lib/engine/plan/mean-waveforms.js'
import type { Plan } from '../../lib/engine/plan/plan.js'
import { EXPORT_SETTINGS, PLAN } from '../../lib/engine/plan/plan.js'
import type { SamplesRequest } from '../../lib/engine/plan/samples.js'
import { SAMPLES } from '../../lib/engine/plan/samples.js'
import type { Fields, Type } from '../../lib/engine/plan/schema.js'
import type { RasterSource } from '../../lib/engine/plan/sources.js'
import { SOURCE } from '../../lib/engine/plan/sources.js'
import type { StatisticsRequest } from '../../lib/engine/plan/spike-statistics.js'
import { SPIKE_STATISTICS } from '../../lib/engine/plan/spike-statistics.js'

type Sample = Record<string, unknown>

/** Hands a value to native code, within a whole that is right otherwise. */
type Give = (value: unknown) => void

const dir = t.testdir()
const settings = { durable: false, threads: 1 }

// One spike with two values.
const trains = new addon.SpikeTrains(0)
const spool = new addon.SpikeSpool(dir, dir, 10, 1, undefined, [new Float32Array(0), new Float32Array(0)])
spool.append(0, Float64Array.of(1), 0, 1, [Float32Array.of(1), Float32Array.of(2)])
await spool.seal(trains, { startTime: 0, length: 2 }, 1).promise

const samples = new addon.Samples()
writeFileSync(`${dir}/samples`, Int16Array.of(1))
const inFile = { dtype: '<i2', order: 'channel', offset: 0, channels: 1, samples: 1, stride: 1 } as const
await samples.open({ path: `${dir}/samples`, name: 'samples', size: 2, ...inFile }).promise

const segments = (given: unknown) => {
  const native = new addon.Segments(1)
  native.append([given as Segment], 0, 1)
  return native
}
const objects = (given: unknown) => {
  const native = new addon.Hdf5Objects(1)
  native.append([given as Hdf5Object], 0, 1)
  return native
}
const nativeObjects = () => objects({ object: 'group', path: 'a' })
const arrays = (...given: (Int16Array | Float64Array)[]) => {
  const native = new addon.Arrays(given.length)
  native.append(given, 0, given.length)
  return native
}
const nativeSegments = () => segments({ segment: 'bytes', bytes: Uint8Array.of(1) })

/** The lists that `segments` and `objects` have made, and what makes another: each is for one plan only. */
const makers = new Map<unknown, () => unknown>()
const remembered = (make: () => unknown) => {
  const list = make()
  makers.set(list, make)
  return list
}

/** The same value with new lists. */
function renewed(value: unknown): unknown {
  const make = makers.get(value)
  if (make) return make()
  if (Array.isArray(value)) return value.map(renewed)
  const isPlain = isSample(value) && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, renewed(entry)])) : value
}

/** Of each type that has a name: good values, bad ones, and the expectation in a message. */
const NAMED: Record<Extract<Type, string>, { good(): unknown[]; bad: unknown[]; expected: string }> = {
  flag: { good: () => [false, true], bad: [0, 'true', null], expected: 'true or false' },
  number: { good: () => [0.5, -0.5, 0], bad: [NaN, Infinity, '1', 1n], expected: 'a finite number' },
  positive: { good: () => [0.5, 48_000], bad: [0, -1, NaN, Infinity, '1'], expected: 'a finite number above 0' },
  float64: { good: () => [0.5, NaN, -Infinity], bad: [true, null, 1n], expected: 'a number, a string, an array or an object' },
  text: { good: () => ['µ', 'µ'.repeat(200)], bad: [1, true, null], expected: 'a string' },
  name: { good: () => ['a'], bad: ['', 'a\0b', 1, null, ['a']], expected: 'a name' },
  numbers: {
    good: () => [Int8Array.of(1), Float64Array.of(1), BigUint64Array.of(1n)],
    bad: [[1], new DataView(new ArrayBuffer(8)), 1, 'a', null],
    expected: 'a typed array of numbers',
  },
  Uint8Array: { good: () => [Uint8Array.of(65), Buffer.from('a')], bad: [Int8Array.of(1)], expected: 'a Uint8Array' },
  Int32Array: { good: () => [Int32Array.of(0)], bad: [Uint32Array.of(0)], expected: 'an Int32Array' },
  BigInt64Array: { good: () => [BigInt64Array.of(1n)], bad: [BigUint64Array.of(1n)], expected: 'a BigInt64Array' },
  Float32Array: { good: () => [Float32Array.of(1)], bad: [Float64Array.of(1)], expected: 'a Float32Array' },
  Float64Array: { good: () => [Float64Array.of(1)], bad: [Float32Array.of(1)], expected: 'a Float64Array' },
  trains: { good: () => [trains], bad: [{ unitCount: 1, spikeCount: 1 }, nativeSegments(), 1, null], expected: 'native trains' },
  segments: { good: () => [remembered(nativeSegments)], bad: [trains, nativeObjects(), { append() {} }, 1, null], expected: 'an array' },
  objects: { good: () => [remembered(nativeObjects)], bad: [trains, nativeSegments(), { append() {} }, 1, null], expected: 'an array' },
  arrays: {
    good: () => [arrays(Int16Array.of(1))],
    bad: [trains, nativeSegments(), [Int16Array.of(1)], { append() {} }, 1, null],
    expected: 'native arrays',
  },
  samples: { good: () => [samples], bad: [trains, new addon.Samples(), { open() {} }, 1, null], expected: 'native samples' },
  begunFile: {
    good: () => [remembered(() => new addon.BegunFile(`${dir}/begun`))],
    bad: [trains, { discard() {} }, 1, null],
    expected: 'a native begun file',
  },
  streamedDataset: {
    good: () => [new addon.StreamedDataset({ dtype: 'int16', channels: 1, growsLast: false, samplesPerChunk: 1, channelsPerChunk: 1 })],
    bad: [trains, { isFull: false }, 1, null],
    expected: 'a native streamed dataset',
  },
  progress: { good: () => [() => {}], bad: [1, {}, null], expected: 'a function' },
}

/** What is good by its type, and needs other fields to be so: of kinds, and of fields that are true. */
const COMPANIONS: Record<string, Sample> = {
  timeMajorInt16: { shape: [1, 1] },
  transposed: { shape: [1, 1] },
  positionDataset: { source: { kind: 'array', data: Float64Array.of(1, 2, 3), shape: [3] } },
  isBoolean: { source: { kind: 'array', data: Int8Array.of(1), shape: [1] } },
}

const typeOf = (field: Fields[string]): Type => (typeof field === 'object' && 'optional' in field ? field.optional : field)
const isOptional = (field: Fields[string]) => typeof field === 'object' && 'optional' in field

/** Good values of a type: one with all optional fields, one with none, and between them every kind, word and field. */
function good(type: Type): unknown[] {
  if (typeof type === 'string') return NAMED[type].good()
  if ('least' in type) return type.most === 2 ** 53 ? [1] : [Math.max(1, type.least), type.least, type.most]
  if ('words' in type) return [...type.words]
  if ('list' in type) return good(type.list).map((element) => [element])
  if ('either' in type) return type.either.flatMap(good)
  if ('fields' in type) return goodObjects(type.fields)
  return Object.entries(type.kinds).flatMap(([kind, fields]) => goodObjects(fields, { [type.tag]: kind, ...COMPANIONS[kind] }))
}

function goodObjects(fields: Fields, given: Sample = {}): Sample[] {
  const full = fullObject(fields, given)
  const required = Object.entries(fields).filter(([key, field]) => !(key in given) && !isOptional(field))
  const variants = Object.entries(fields).flatMap(([key, field]) => {
    if (key in given) return []
    return good(typeOf(field)).map((value) => ({ ...full, [key]: value, ...(value === true && COMPANIONS[key]) }))
  })
  return [full, { ...given, ...Object.fromEntries(required.map(([key, field]) => [key, least(typeOf(field))])) }, ...variants]
}

function fullObject(fields: Fields, given: Sample): Sample {
  const others = Object.entries(fields).filter(([key]) => !(key in given))
  return { ...given, ...Object.fromEntries(others.map(([key, field]) => [key, good(typeOf(field))[0]])) }
}

/** A good value without optional fields. */
function least(type: Type): unknown {
  if (typeof type === 'object' && 'list' in type) return [least(type.list)]
  const isObject = typeof type === 'object' && ('fields' in type || 'kinds' in type)
  return isObject ? good(type)[1] : typeof type === 'object' && 'either' in type ? least(type.either[0] as Type) : good(type)[0]
}

/** What native code does not refuse, or with another message. */
function wrongly(type: Type, give: Give, at = '', isSearched = true): string[] {
  const problems: string[] = []

  /** Whether `act` throws the sentence for a place. */
  function expect(act: () => void, place: string, isExpected: (text: string) => boolean, received?: string): void {
    let message = 'accepted'
    try {
      act()
    } catch (error) {
      message = (error as Error).message
    }
    const [, expected = '', found, value] = /^Expected (.+) for (.+?) but received (.+)\.$/s.exec(message) ?? []
    if (found !== (place || 'the plan') || !isExpected(expected) || (received ?? value) !== value) problems.push(`${place}: ${message}`)
  }

  function visit(type: Type, place: string, give: Give): void {
    const all = (bad: unknown[], expected: string) => {
      for (const value of bad)
        expect(
          () => give(value),
          place,
          (text) => text === expected,
        )
    }
    if (typeof type === 'string') return all(NAMED[type].bad, NAMED[type].expected)
    if ('least' in type) {
      const { least, most } = type
      return all([least - 1, most + 2, 1.5, NaN, '1', 1n, null], `a whole number from ${least} to ${most}`)
    }
    if ('words' in type) {
      const [first = ''] = type.words
      return all([`${first}x`, `${first}\0`, first.toUpperCase(), '', 1, null], listed(type.words))
    }
    if ('list' in type) {
      all([{ length: 1 }, 'a', 1, null], 'an array')
      return visit(type.list, `${place}[0]`, (value) => give([value]))
    }
    if ('either' in type) {
      for (const one of type.either) {
        if (typeof one === 'object' && 'list' in one) visit(one.list, `${place}[0]`, (value) => give([value]))
        else if (typeof one === 'object' && 'fields' in one) visitFields(one.fields, {}, place, give, true)
        else if (one !== 'text') visit(one, place, give)
      }
      return
    }
    all([1, 'a', true, null], 'an object')
    if ('fields' in type) return visitFields(type.fields, {}, place, give)
    visit({ words: Object.keys(type.kinds) }, join(place, type.tag), (value) => give({ [type.tag]: value }))
    for (const [kind, fields] of Object.entries(type.kinds)) {
      visitFields(fields, { [type.tag]: kind, ...COMPANIONS[kind] }, place, give)
    }
  }

  /** @param isOneOfSeveral - whether objects with other fields may stand here, too */
  function visitFields(fields: Fields, given: Sample, place: string, give: Give, isOneOfSeveral = false): void {
    const full = fullObject(fields, given)
    for (const [key, field] of Object.entries(fields)) {
      const at = join(place, key)
      visit(typeOf(field), at, (value) => give({ ...full, [key]: value }))
      if (isOptional(field) || isOneOfSeveral) continue
      for (const lacking of [{ ...full, [key]: undefined }, without(full, key)])
        expect(
          () => give(lacking),
          at,
          () => true,
          'undefined',
        )
    }
    // Attributes are the only objects of a plan in which surplus fields pass.
    if (!isSearched || place.endsWith('attributes[0]') || isOneOfSeveral) return
    const known = [...new Set([...Object.keys(given), ...Object.keys(fields)])].sort()
    const listsThem = (text: string) =>
      text.startsWith('only the fields ') && String(text.match(/(?<=')\w+(?=')/g)?.sort()) === String(known)
    for (const value of [1, undefined]) expect(() => give({ ...full, surplus: value }), place, listsThem, "'surplus'")
  }

  visit(type, at, give)
  return problems
}

const join = (place: string, key: string) => (place === '' ? key : `${place}.${key}`)
const listed = (words: readonly string[]) =>
  words
    .map((word) => `'${word}'`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ')

function without(object: Sample, key: string): Sample {
  const { [key]: _, ...others } = object
  return others
}

/** A plan with targets that can be written, unless a target is what is bad. */
const atTarget = (given: unknown) => {
  const plan = renewed(given)
  if (!isSample(plan)) return plan as Plan
  const { companion } = plan
  const moved = isSample(companion) && companion['target'] === 'a' && { companion: { ...companion, target: `${dir}/companion` } }
  return { ...plan, ...(plan['target'] === 'a' && { target: `${dir}/${plan['format']}` }), ...moved } as Plan
}
const isSample = (value: unknown): value is Sample => typeof value === 'object' && value !== null
const run = (plan: unknown) => addon.startExport(atTarget(plan), settings)
const smallest = () => least(PLAN)

for (const [format, fields] of Object.entries(PLAN.kinds)) {
  const type = { tag: 'format', kinds: { [format]: fields } }

  t.test(`everything that ${format} may hold`, async (t) => {
    for (const plan of good(type) as Sample[]) {
      // What a folder is expected to hold is not there.
      if ('expected' in plan) await run(plan).promise.catch(() => {})
      await run({ ...plan, ...('expected' in plan && { expected: undefined }) }).promise.catch((error) => t.strictSame(error, plan))
    }
  })
}

t.test('nothing that is no plan', async (t) => t.strictSame(wrongly(PLAN, run), []))

t.test('settings', async (t) => {
  const give = (given: unknown) => addon.startExport(atTarget(smallest()), given as typeof settings)
  t.strictSame(wrongly(EXPORT_SETTINGS, give, 'settings'), [])
  for (const given of good(EXPORT_SETTINGS)) await give(given).promise
})

t.test('segments that are handed over before', async (t) => {
  t.strictSame(wrongly(SEGMENT, segments, 'segments[0]', false), [])
  for (const given of good(SEGMENT)) segments(given)
})

t.test('objects that are handed over before', async (t) => {
  t.strictSame(wrongly(OBJECT, objects, 'objects[0]', false), [])
  for (const given of good(OBJECT)) objects(given)
})

t.test('lists are for one plan', async (t) => {
  for (const [field, list, element] of [
    ['segments', nativeSegments(), { segment: 'bytes', bytes: Uint8Array.of(1) }],
    ['objects', nativeObjects(), { object: 'group', path: 'b' }],
  ] as const) {
    const format = field === 'segments' ? { format: 'file' } : { format: 'hdf5', attributes: [] }
    const plan = { ...format, target: `${dir}/once`, [field]: list } as unknown as Plan
    const start = () => addon.startExport(plan, settings)
    await start().promise
    t.throws(start, { name: 'RangeError', message: `Expected a list that was not handed over before for ${field} but received an object.` })
    const append = () => list.append([element as never], 0, 1)
    t.throws(append, { name: 'RangeError', message: 'Expected a list that was not handed over before.' })
  }
})

t.test('a raster that is filled here', async (t) => {
  const { raster } = SOURCE.kinds
  const give = (given: unknown) => addon.fillRaster(given as RasterSource, new BigInt64Array(1))
  t.strictSame(wrongly({ tag: 'kind', kinds: { raster } }, give, 'source'), [])
  const counts = { kind: 'raster', trains, startTime: 0, binSizeMs: 1, bins: 3 } as const
  t.throws(() => addon.fillRaster(counts, new BigInt64Array(2)))
  t.throws(() => addon.fillRaster(counts, new Float64Array(3) as never))
})

t.test('streams', async (t) => {
  const give = (given: unknown) => new addon.StreamedDataset(given as Stream)
  t.strictSame(wrongly(STREAM, give, 'stream'), [])
  for (const given of good(STREAM)) give(given)
  const full = fullObject(STREAM.fields, {}) as Stream
  t.throws(() => give({ ...full, channelsPerChunk: 2 }), { message: /no more channels than there are for stream\.channelsPerChunk/ })
  t.throws(() => give({ ...full, samplesPerChunk: 2 ** 32 }), { message: /chunks of less than 4 GiB for stream\.samplesPerChunk/ })
  const stream = give({ ...full, dtype: 'int16' })
  const begun = new addon.BegunFile(`${dir}/streamed`)
  t.throws(() => stream.flush(begun, 1), { message: 'Expected a tile with samples.' })
  t.throws(() => stream.append(new Int16Array(1), 3), { message: 'Expected bytes of a typed array.' })
  t.throws(() => stream.append([1] as never, 0), { message: 'Expected bytes of a typed array.' })
  stream.append(new Int16Array(1), 0)
  t.throws(() => stream.flush({} as never, 1), { message: 'Expected a native begun file.' })
  await begun.open().promise
  await stream.flush(begun, 1).promise
  const plan = {
    format: 'hdf5',
    target: `${dir}/streamed`,
    attributes: [],
    objects: [{ object: 'streamedDataset', path: 'a', stream }],
  } as const
  const elsewhere = 'Expected streams that were written to this file but received those of another.'
  for (const given of [undefined, new addon.BegunFile(`${dir}/other`)]) {
    const failure = await addon.startExport({ ...plan, begun: given }, settings).promise.catch((error: unknown) => error)
    t.match(failure, { failure: 'value', message: elsewhere })
  }
  await addon.startExport({ ...plan, begun }, settings).promise
})

t.test('samples in files', async (t) => {
  const give = (given: unknown) => void new addon.Samples().open(given as SamplesRequest).promise.catch(() => {})
  t.strictSame(wrongly(SAMPLES, give, 'request'), [])
  const [full] = good(SAMPLES) as [SamplesRequest]
  t.throws(() => give({ ...full, channels: 2 }), { message: /at least 2 for request\.stride/ })
  const source = { kind: 'fileInt16', samples, skipped: 2 } as const
  t.throws(() => objects({ object: 'dataset', path: 'a', source, storage: { layout: 'contiguous' } }), {
    message: /at most 1 for objects\[0\]\.source\.skipped/,
  })
  const stream = new addon.StreamedDataset({ dtype: 'int16', channels: 1, growsLast: false, samplesPerChunk: 1, channelsPerChunk: 1 })
  const wider = new addon.StreamedDataset({ dtype: 'int16', channels: 2, growsLast: false, samplesPerChunk: 1, channelsPerChunk: 1 })
  for (const [target, given] of [
    [wider, samples],
    [stream, new addon.Samples()],
    [stream, {}],
  ] as const) {
    t.throws(() => target.take(given as typeof samples, 0), { message: "Expected samples of the dataset's type and channels." })
  }
  for (const first of [-1, 1]) t.throws(() => stream.take(samples, first), { message: 'Expected a sample that is there.' })
})

t.test('mean waveforms', async (t) => {
  const full = fullObject(MEAN_WAVEFORMS.fields, {}) as MeanWaveformsRequest
  const give = (given: unknown) => addon.meanWaveforms(given as MeanWaveformsRequest, new Float32Array(2), 1)
  t.strictSame(wrongly(MEAN_WAVEFORMS, give, 'request'), [])
  for (const raw of good(MEAN_WAVEFORMS.fields.raw)) {
    t.strictSame(await give({ ...full, raw }).promise, { spikeCounts: Float64Array.of(0), notFinite: 0 })
  }
  for (const [given, message] of [
    [{ raw: { in: 'memory', data: Int16Array.of(1), samples: 0 } }, /a divisor of 1 for request\.raw\.samples/],
    [{ raw: { in: 'memory', data: Int16Array.of(1), samples: 2 } }, /a divisor of 1 for request\.raw\.samples/],
    [{ rows: Int32Array.of(1) }, /numbers of rows for request\.rows/],
    [{ rows: Int32Array.of(-1) }, /numbers of rows for request\.rows/],
    [{ channels: Int32Array.of(1) }, /numbers of channels for request\.channels/],
  ] as const) {
    t.throws(() => give({ ...full, ...given }), { message }, message.source)
  }
  t.throws(() => addon.meanWaveforms(full, new Float32Array(3), 1))
  t.throws(() => addon.meanWaveforms(full, new Float64Array(2) as never, 1))
})

t.test('statistics of spikes', async (t) => {
  const counts = ({ isiBins, lagBins, rateBins, occupancyBins }: StatisticsRequest) => ({
    isi: new Uint32Array(isiBins),
    lags: new Uint32Array(lagBins),
    rates: new Uint32Array(rateBins),
    violations: new Float64Array(1),
    occupancy: new Uint8Array(Math.ceil(occupancyBins / 8)),
  })
  const all = good(SPIKE_STATISTICS) as StatisticsRequest[]
  const [full] = all as [StatisticsRequest]
  const give = (given: unknown) => addon.spikeStatistics(given as StatisticsRequest, counts(full))
  t.strictSame(wrongly(SPIKE_STATISTICS, give, 'request'), [])
  for (const given of all) await addon.spikeStatistics(given, counts(given)).promise
  for (const name of ['isi', 'lags', 'rates', 'violations', 'occupancy']) {
    for (const bad of [new Uint32Array(5), new Int8Array(1), [0], undefined]) {
      const given = { ...counts(full), [name]: bad }
      t.throws(() => addon.spikeStatistics(full, given as never), { message: 'Expected counts of all bins of all units.' })
    }
  }
})

t.test('fields that do not agree', async (t) => {
  const source = (given: unknown) => void segments({ segment: 'sourceData', source: given })
  const large = { kind: 'ones', type: 'float32', first: 0, step: 1 }
  const matrices = { kind: 'columnsEach', data: new Float32Array(4), rows: 2, columns: 3, places: Int32Array.of(0, 2), width: 1 }
  const joined = { kind: 'joined', arrays: arrays(new Float64Array(4), new Float64Array(2)), shape: [3, 2] }
  const dataset = { object: 'dataset', path: 'a', source: { kind: 'array', data: new Float64Array(6), shape: [2, 3] } }
  const chunked = { layout: 'chunked', chunkBytes: 1024 }
  const object = (given: unknown) => void run({ ...hdf5, objects: [given] })
  const hdf5 = { format: 'hdf5', target: 'a', attributes: [], objects: [] }
  const texts = { bytes: Uint8Array.of(65), ends: Float64Array.of(1) }
  const references = { object: 'referenceDataset', path: 'a', targets: ['a'], choices: Int32Array.of(0) }
  const folder = { format: 'folder', target: 'a', files: [{ name: 'a', segments: [], ordered: 'units' }], remove: [] }
  const raw = { kind: 'timeMajorInt16', data: new Int16Array(6), shape: [2, 3], skipped: 3 }
  const values = (...given: Float64Array[]) => {
    const file = { name: 'a', segments: [], orderedValues: { arrays: arrays(...given), width: 2 } }
    return { format: 'folder', target: 'a', files: [file], remove: [], spikes: { trains, fsHz: 1 } }
  }
  const column = (spikes: object, number: number) => {
    const file = { name: 'a', segments: [], orderedColumn: { column: number, type: 'float64' } }
    return { format: 'folder', target: 'a', files: [file], remove: [], ...spikes }
  }
  const cases: [give: Give, value: unknown, message: RegExp][] = [
    [source, { kind: 'spikeValues', trains, column: 2 }, /a number below 2 for .*column/],
    [source, { kind: 'spikeValues', trains: new addon.SpikeTrains(0), column: 0 }, /a number below 0 for .*column/],
    [run, column({}, 0), /the spikes of an ordered file for spikes/],
    [run, column({ spikes: { trains, fsHz: 1 } }, 2), /values for all spikes of all units for files/],
    [
      source,
      { kind: 'array', data: new Int8Array(5), shape: [2, 3] },
      /^Expected the shape of 5 elements for segments\[0].source.shape but/,
    ],
    [source, { kind: 'array', data: new Int8Array(0), shape: [2 ** 32, 2 ** 32] }, /at most 2\^53 elements for .*shape/],
    [source, { ...large, shape: [2 ** 30, 2 ** 30, 0] }, /at most 2\^53 elements for .*shape/],
    [source, { kind: 'transposed', data: new Int8Array(6), shape: [6] }, /two axes for .*shape/],
    [source, { kind: 'joined', arrays: arrays(), shape: [0] }, /at least one array for .*arrays/],
    [source, { ...joined, shape: [5] }, /the shape of 6 elements for .*shape/],
    [source, { ...joined, columns: Int32Array.of(1) }, /a count for each array for .*columns/],
    [source, { ...joined, columns: Int32Array.of(0, -1) }, /counts of 0 or more for .*columns/],
    [source, { ...joined, columns: Int32Array.of(3, 0) }, /columns of which arrays hold whole matrices for .*columns/],
    [source, { ...joined, shape: [2, 3], columns: Int32Array.of(0, 1) }, /columns of which arrays hold whole matrices for .*columns/],
    [source, { kind: 'joined', arrays: arrays(Int16Array.of(1)), shape: [], columns: Int32Array.of(1) }, /at least one axis for .*shape/],
    [source, { kind: 'spikeValuesIndex', trains, each: new Int32Array(2) }, /a count for each unit for .*each/],
    [source, { kind: 'spikeValuesIndex', trains, each: Int32Array.of(-1) }, /counts of 0 or more for .*each/],
    [source, { kind: 'repeated', data: new Int8Array(3), count: 2 ** 52 }, /at most 2\^53 elements for .*count/],
    [source, { kind: 'repeated', data: new Int8Array(3), count: 2, rowLength: 2 }, /a divisor of 3 for .*rowLength/],
    [source, { kind: 'repeated', data: new Int8Array(3), count: 2, rowLength: 0 }, /a divisor of 3 for .*rowLength/],
    [source, { kind: 'range', first: 0, count: 2 ** 30, step: 2 ** 30 }, /at most 2\^53 elements for .*count/],
    [source, { kind: 'range', first: 2, count: 3, step: 2 ** 31, type: 'uint32' }, /'uint64', as the numbers go up to 4294967298,/],
    [source, { kind: 'spikeUnits', trains, ids: new BigInt64Array(2) }, /an id for each unit for .*ids/],
    [source, { kind: 'range', first: 2, count: 2 ** 32 - 1, type: 'uint32' }, /'uint64', as the numbers go up to 4294967296, for .*type/],
    [source, { ...matrices, data: new Float32Array(3) }, /numbers for each row, of one matrix or of all, for .*data/],
    [source, { ...matrices, width: 3 }, /3 for each matrix for .*places/],
    [source, { ...matrices, places: Int32Array.of(0, 3) }, /numbers of columns for .*places/],
    [source, { ...matrices, rows: 2 ** 53 }, /at most 2\^53 elements for .*rows/],
    [source, { ...matrices, columns: 2 ** 53 }, /at most 2\^53 elements for .*columns/],
    [object, { ...dataset, storage: { ...chunked, chunk: [2] } }, /chunks of less than 4 GiB that fit into their array for .*storage/],
    [object, { ...dataset, storage: { ...chunked, chunk: [2, 4] } }, /chunks of less than 4 GiB that fit into their array/],
    [object, { ...dataset, storage: { ...chunked, chunk: [2, 0] } }, /chunks of less than 4 GiB that fit into their array/],
    [object, { ...dataset, storage: chunked, isBoolean: true }, /false, as the numbers are not int8, for objects\[0].isBoolean/],
    [object, { ...dataset, object: 'positionDataset' }, /three float64 for objects\[0].source/],
    [object, { ...references, choices: Int32Array.of(0, -1) }, /numbers of targets for .*choices/],
    [object, { ...references, choices: Int32Array.of(0, 1) }, /numbers of targets for .*choices/],
    [object, { ...references, targets: [] }, /numbers of targets for .*choices/],
    [object, { object: 'textDataset', path: 'a', texts, shape: [2] }, /the shape of 1 texts for .*shape/],
    [object, { ...dataset, storage: { ...chunked, chunk: [] } }, /the length of each axis for .*chunk/],
    [
      object,
      { object: 'group', path: 'a', attributes: [{ name: 'a', value: { int32: 1, reference: 'a' } }] },
      /only the fields 'int32' for/,
    ],
    [run, folder, /the spikes of an ordered file for spikes/],
    [run, { ...values(new Float64Array(2)), spikes: undefined }, /the spikes of an ordered file for spikes/],
    [run, values(), /values for all spikes of all units for files/],
    [run, values(new Float64Array(2), new Float64Array(2)), /values for all spikes of all units for files/],
    [run, values(new Float64Array(3)), /values for all spikes of all units for files/],
    [source, { ...raw, shape: [6] }, /two axes for .*shape/],
    [source, { ...raw, skipped: 4 }, /at most 3 for .*skipped/],
  ]
  for (const [give, value, message] of cases) t.throws(() => give(value), { message }, message.source)
  t.throws(() => arrays(Int16Array.of(1), Float64Array.of(1)), { message: 'Expected typed arrays of one class.' })
})

/** What the compiler refuses, so that the vocabulary's types are types. */
export const MISTAKES: unknown[] = [
  // @ts-expect-error a field of another kind
  { segment: 'bytes', bytes: new Uint8Array(), transcoding: 'utf8' } satisfies Segment,
  // @ts-expect-error an unknown word
  { segment: 'unitByteLength', encoding: 'u16' } satisfies UnitPart,
  // @ts-expect-error a missing field
  { kind: 'raster', trains, startTime: 0, binSizeMs: 1 } satisfies RasterSource,
  // @ts-expect-error a value of another type
  { format: 'file', target: 'a', segments: [{ segment: 'bytes', bytes: 'text' }] } satisfies Plan,
]
