/**
 * Recordings at random with everything that a recording can have, and the rows of docs/round-trips.md that their parts belong to.
 */
import { NDArray, pyTuple, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { spacing } from '../../lib/recording/loaded-spikes.js'
import { fc } from './property.js'

/** The units of the largest of these recordings. */
const UNITS = 5

/** A value for each unit, undefined where it has none. */
type Column = fc.Arbitrary<unknown[]>

const each = (value: fc.Arbitrary<unknown>): Column => fc.array(value, { minLength: UNITS, maxLength: UNITS })
const some = (value: fc.Arbitrary<unknown>): Column => each(fc.option(value, { nil: undefined }))

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
/** Neither −0 nor whole numbers beyond 2⁵³, which have rows of their own. */
const number = fc
  .oneof(finite, fc.maxSafeInteger(), fc.integer())
  .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value)))
/** That no reader takes for a number, a boolean or a missing value. */
const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((inner) => `L${inner}.`)
/** Odd: float64 holds none of them. */
const big = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map((value) => value | 1n)
const fraction = fc.integer({ min: -(10 ** 6), max: 10 ** 6 }).map((value) => value + 0.25)

/** Elements of a type, from any bytes but those of NaN. */
const elements = (type: (typeof ARRAY_TYPES)[number], length: number): fc.Arbitrary<NumericArray> =>
  fc.uint8Array({ minLength: length * 8, maxLength: length * 8 }).map((bytes) => {
    const array = new type(bytes.buffer as ArrayBuffer, 0, length) as NumericArray
    return array.map(((value: number) => (Number.isNaN(value) ? 1 : value)) as never) as NumericArray
  })

const type = fc.constantFrom(...ARRAY_TYPES)
const length = fc.integer({ min: 1, max: 4 })
const ofOneLength = fc.tuple(type, length)

const arrays = ofOneLength.chain(([type, length]) => each(elements(type, length)))
const someArrays = ofOneLength.chain(([type, length]) => some(elements(type, length)))
/** Of which at least two differ in length. */
const ragged = type.chain((type) => fc.tuple(...Array.from({ length: UNITS }, (_, unit) => elements(type, 1 + ((unit * 2) % 3)))))
const shaped = fc
  .tuple(type, length, length)
  .chain(([type, rows, columns]) => each(elements(type, rows * columns).map((data) => new NDArray(data, [rows, columns]))))

/** Lists of one length, one of each unit. */
const lists = (element: fc.Arbitrary<unknown>): Column =>
  length.chain((length) => each(fc.array(element, { minLength: length, maxLength: length })))

/** Attributes by the row of the table. */
export const ATTRIBUTES: Readonly<Record<string, { name: string; values: Column }>> = {
  numbers: { name: 'number', values: each(number) },
  'numbers, of some units': { name: 'some_number', values: some(number) },
  '−0': { name: 'zero', values: each(fc.constant(-0)) },
  NaN: { name: 'not_a_number', values: each(fc.constant(NaN)) },
  infinities: { name: 'infinite', values: each(fc.constantFrom(Infinity, -Infinity)) },
  'whole numbers beyond 2⁵³': { name: 'huge', values: each(fc.integer({ min: 54, max: 69 }).map((power) => 2 ** power)) },
  'bigints that float64 does not hold': { name: 'big', values: each(big) },
  booleans: { name: 'flag', values: each(fc.boolean()) },
  'booleans, of some units': { name: 'some_flag', values: some(fc.boolean()) },
  texts: { name: 'text', values: each(text) },
  'texts, of some units': { name: 'some_text', values: some(text) },
  'empty texts': { name: 'empty', values: each(fc.constant('')) },
  'texts like numbers': { name: 'digits', values: each(fc.constantFrom('7', '1.5', 'nan', 'true')) },
  'texts with NUL': { name: 'with_nul', values: each(fc.constant('a\0b')) },
  'lists of texts': { name: 'texts', values: each(fc.array(text, { minLength: 1, maxLength: 3 })) },
  'lists of numbers': { name: 'list', values: lists(fraction) },
  'lists of whole numbers': { name: 'whole_list', values: lists(fc.maxSafeInteger()) },
  'typed arrays of one length': { name: 'array', values: arrays },
  'typed arrays, of some units': { name: 'some_array', values: someArrays },
  'typed arrays of any length': { name: 'ragged', values: ragged },
  'NDArrays of one shape': { name: 'shaped', values: shaped },
}

/** Attributes that every recording has. */
export const LOCATED = {
  electrodes: { name: 'electrode' },
  'locations, one for each electrode': { name: 'location' },
} as const

/** Metadata by the row of the table. */
export const METADATA: Readonly<Record<string, { name: string; value: fc.Arbitrary<unknown> }>> = {
  'numbers, texts, booleans, null': { name: 'plain', value: fc.array(fc.oneof(number, fc.string(), fc.boolean(), fc.constant(null))) },
  objects: {
    name: 'object',
    value: fc.dictionary(fc.string(), fc.oneof(number, fc.string(), fc.array(fc.boolean(), { maxLength: 2 })), { noNullPrototype: true }),
  },
  'NaN and infinities': { name: 'special', value: fc.constant([NaN, Infinity, -Infinity, -0]) },
  'bigints of any size': { name: 'integers', value: fc.array(fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n })) },
  'typed arrays': { name: 'array', value: type.chain((type) => elements(type, 3)) },
  NDArrays: { name: 'shaped', value: type.chain((type) => elements(type, 6)).map((data) => new NDArray(data, [2, 3])) },
  tuples: { name: 'tuple', value: fc.array(fraction, { maxLength: 3 }).map((items) => pyTuple(...items)) },
  Sets: { name: 'set', value: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }).map((members) => new Set(members)) },
}

/** How raw times are given. */
export type RawTime = 'none' | 'times' | 'rate'

/** A recording, and what it was made of. */
export interface Made {
  sd: SpikeData
  rawTime: RawTime
  fsHz: number
}

/** Which recordings. */
export interface Wanted {
  /** Where the earliest may start, in ms. */
  earliest: number
  /** How long after the last spike they go on, at least. */
  least: number
  /** Rows of metadata that they do not have. */
  without: readonly string[]
  /** A row of metadata that all of them have. */
  with?: string
}

/** Recordings, and what they are made of. */
export function recordings(wanted: Wanted): fc.Arbitrary<Made> {
  const gap = fc.double({ min: 0, max: 500, noNaN: true })
  const train = fc.oneof({ weight: 2, arbitrary: fc.array(gap, { maxLength: 8 }) }, { weight: 1, arbitrary: fc.constant([]) })
  const raw = fc.record({
    type,
    channels: fc.integer({ min: 1, max: 3 }),
    samples: fc.integer({ min: 1, max: 5 }),
    timeType: fc.constantFrom(Float32Array, Float64Array),
    rawTime: fc.constantFrom<RawTime>('none', 'times', 'rate'),
  })
  const columns = Object.entries(ATTRIBUTES).map(([row, { values }]) => [row, values] as const)
  const entries = Object.entries(METADATA).filter(([row]) => !wanted.without.includes(row))
  return fc
    .record({
      trains: fc.array(train, { maxLength: UNITS }),
      startTime: fc.oneof(fc.constant(0), fc.double({ min: wanted.earliest, max: 1e4, noNaN: true })),
      tail: fc.oneof(fc.constant(0), gap),
      channels: fc.array(fc.nat(4), { minLength: UNITS, maxLength: UNITS }),
      columns: fc.record(Object.fromEntries(columns), { requiredKeys: [] }),
      metadata: fc.record(Object.fromEntries(entries.map(([row, { value }]) => [row, value])), {
        requiredKeys: wanted.with === undefined ? [] : [wanted.with],
      }),
      raw: raw.chain((raw) => fc.record({ raw: fc.constant(raw), data: elements(raw.type, raw.channels * raw.samples) })),
      fsHz: fc.constantFrom(20_000, 30_000, 32_000.5),
    })
    .map(({ trains, startTime: start, tail, channels, columns, metadata, raw: { raw, data }, fsHz }) => {
      const startTime = start + 0
      let last = startTime
      const train = trains.map((gaps) => {
        let time = startTime
        const times = Float64Array.from(gaps, (gap) => (time += gap))
        last = Math.max(last, time)
        return times
      })
      let length = last - startTime + tail + wanted.least
      while (startTime + length < last) length += spacing(length)
      const attributes = train.map((_, unit) => {
        const channel = channels[unit] as number
        const attributes: Record<string, unknown> = {
          electrode: 10 * channel + 3,
          location: [(channel % 2) + 0.5, 25.25 * channel + 0.125],
        }
        for (const [row, values] of Object.entries(columns)) {
          const value = (values as unknown[])[unit]
          if (value !== undefined) attributes[ATTRIBUTES[row]?.name as string] = value
        }
        return attributes
      })
      const { rawTime } = raw
      const times = new raw.timeType(Array.from({ length: raw.samples }, (_, i) => startTime + i / 3))
      const sd = new SpikeData(train, {
        startTime,
        length,
        neuronAttributes: attributes,
        metadata: Object.fromEntries(Object.entries(metadata).map(([row, value]) => [METADATA[row]?.name, value])),
        ...(rawTime !== 'none' && {
          rawData: new NDArray(data, [raw.channels, raw.samples]),
          rawTime: rawTime === 'rate' ? fsHz / 1000 : times,
        }),
      })
      return { sd, rawTime, fsHz }
    })
}
