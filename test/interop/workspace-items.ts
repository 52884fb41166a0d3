/** Workspaces with every kind of item. workspace_items.py makes the same ones in Python. */
import type { WorkspaceItems, WorkspaceOptions } from '../../lib/index.js'
import {
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  pyFloat,
  pyTuple,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { sevenths } from './pickle-objects.js'

/** What all workspaces are made with. */
export const HEADING = { workspaceId: '3f2c1d7e-9b1a-4c56-8d2e-0a1b2c3d4e5f', createdAt: new Date(1_700_000_000_125) } as const

const WINDOWS = [
  [0, 50],
  [100, 150],
  [200.5, 250.5],
] as const

const METADATA = {
  subject: 'mouse 7, µ, 脳, 🧠, "quoted" \\ \x7f\u2028\n\t\0\x1f',
  'a key with / and 脳': 1,
  'half a pair': '\ud83e',
  'long text': 'é\u{1f9e0}'.repeat(30_000),
  integers: [0, -1, 2 ** 53 - 1, 2n ** 70n, -(2n ** 63n)],
  floats: [0.1, pyFloat(2), -0, 2 ** 53, 1e16, 1e15 + 0.5, 1e22, 1.5e300, 5e-324, 1e-4, 1.5e-5, 123456789.125, Infinity, -Infinity, NaN],
  flags: [true, false, null],
  nested: { '': {}, list: [[], [[null]]], map: new Map([['deep', { er: [1] }]]) },
  'left out': undefined,
  arrays: {
    int8: Int8Array.of(-1, 1),
    uint8: Uint8Array.of(0, 255),
    clamped: Uint8ClampedArray.of(7),
    uint16: Uint16Array.of(65_535),
    int32: Int32Array.of(-1),
    uint32: Uint32Array.of(2 ** 32 - 1),
    int64: BigInt64Array.of(-(2n ** 63n), 1n),
    uint64: BigUint64Array.of(2n ** 64n - 1n),
    float32: Float32Array.of(0.1, NaN),
    float64: Float64Array.of(0.1, -0, Infinity, 1e17),
    matrix: new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
    scalar: new NDArray(Float64Array.of(7), []),
    empty: new NDArray(new Float32Array(0), [0, 4]),
    'empty too': new NDArray(new Int32Array(0), [2, 0]),
  },
}

/** Everything that a column holds, with missing values of each kind. */
const ATTRIBUTES = [
  {
    electrode: 3,
    big: 2n ** 60n,
    depth: 1.5,
    whole_but_float: pyFloat(2),
    mixed: 1,
    label: 'good 脳',
    isolated: true,
    waveform: Float32Array.of(1, 2, NaN),
    spatial: new NDArray(Int16Array.of(1, 2, 3, 4), [2, 2]),
    listed: [1, 2],
    flags: [true, false],
    nan_row: Float64Array.of(NaN, NaN),
    nothing: new Float64Array(0),
    widened: Int8Array.of(1),
    'µ with . and space': 1,
  },
  {
    electrode: null,
    depth: undefined,
    whole_but_float: pyFloat(3),
    mixed: 2.5,
    isolated: false,
    waveform: null,
    listed: [3, 4],
    nan_row: Float64Array.of(1, 2),
    nothing: new Float64Array(0),
    widened: Uint8Array.of(200),
  },
]

const sd = new SpikeData([[1, 2.5, 40], [7]], {
  length: 100,
  startTime: -5.5,
  neuronAttributes: ATTRIBUTES,
  metadata: METADATA,
  rawData: new NDArray(Int16Array.of(1, -2, 3, -4, 5, -6), [2, 3]),
  rawTime: Float32Array.of(0, 0.5, 1),
})

const slice = (...times: number[]) => new SpikeData([times, []], { length: 50, metadata: { slice: times.length } })

const slices = new SpikeSliceStack([slice(1, 2, 49.5), slice(), slice(0, 50)], {
  times: WINDOWS,
  neuronAttributes: [{ electrode: 1 }, { electrode: 2 }],
})

const correlations = new PairwiseCompMatrix(new NDArray(Float32Array.of(1, 0.1, 0.1, 1), [2, 2]), {
  labels: ['a', ''],
  metadata: { lag: pyFloat(20) },
})

export const WORKSPACES: Record<string, { items: WorkspaceItems; options?: WorkspaceOptions }> = {
  empty: { items: {} },
  'empty namespaces': { items: { 'a namespace with . and 脳': {}, b: {} }, options: { name: 'nothing yet, µ' } },
  recordings: {
    items: {
      day1: {
        everything: sd,
        'no units': new SpikeData([], { length: 10 }),
        'one unit': new SpikeData([[5]], { length: 10, neuronAttributes: [{ id: 7 }] }),
        'empty trains': new SpikeData([[], [], []], { length: 0 }),
        'sampling rate': new SpikeData([[1]], { length: 2, rawData: sevenths(1, 4), rawTime: 20 }),
        'no channels': new SpikeData([[1]], { length: 2, rawData: new NDArray(new Int16Array(0), [0, 3]), rawTime: 20 }),
        'nothing known': new SpikeData([[1], [2]], { length: 5, neuronAttributes: [{}, { a: null }] }),
      },
      'day 2': { key: sd },
    },
    options: { name: 'two days', notes: { day1: { everything: 'a note, µ' } } },
  },
  'rates and matrices': {
    items: {
      rates: {
        rates: new RateData(sevenths(2, 5), Float64Array.of(-2, -1, 0, 1, 2), { neuronAttributes: [{ electrode: 1 }, { electrode: 2 }] }),
        'whole times': new RateData(sevenths(3, 2), Int32Array.of(0, 10)),
        slices: new RateSliceStack(
          new NDArray(
            Float32Array.from({ length: 24 }, (_, i) => i / 8),
            [2, 4, 3],
          ),
          {
            times: [
              [0, 8],
              [10, 18],
              [20.5, 28.5],
            ],
            stepSize: 2,
            neuronAttributes: [{ electrode: 1 }, {}],
          },
        ),
        'bare slices': new RateSliceStack(sevenths(2, 4, 2)),
      },
      pairs: {
        texts: correlations,
        integers: new PairwiseCompMatrix(new NDArray(BigInt64Array.of(1n, 2n, 3n, 4n), [2, 2]), { labels: [7, 8n] }),
        floats: new PairwiseCompMatrix(sevenths(2, 2), { labels: [1, 2.5] }),
        booleans: new PairwiseCompMatrix(sevenths(2, 2), { labels: [true, false] }),
        bare: new PairwiseCompMatrix(new NDArray(new Uint8Array(0), [0, 0])),
        stack: new PairwiseCompMatrixStack(sevenths(2, 2, 3), { labels: ['a', 'b'], times: WINDOWS, metadata: { method: 'STTC' } }),
        'bare stack': new PairwiseCompMatrixStack(sevenths(2, 2, 1)),
        'empty stack': new PairwiseCompMatrixStack(new NDArray(new Float64Array(0), [2, 2, 0]), { times: [] }),
      },
      spikes: {
        slices,
        'bare slices': new SpikeSliceStack([slice(1), slice(2)]),
        'slices of two durations': new SpikeSliceStack([new SpikeData([[1]], { length: 5 }), new SpikeData([[1]], { length: 7.5 })]),
      },
    },
  },
  arrays: {
    items: {
      numbers: {
        int8: Int8Array.of(-1),
        uint8: Buffer.from([1, 2]),
        uint64: BigUint64Array.of(2n ** 64n - 1n),
        float32: Float32Array.of(0.1),
        cube: new NDArray(
          Int16Array.from({ length: 24 }, (_, i) => i),
          [2, 3, 4],
        ),
        scalar: new NDArray(Float64Array.of(7), []),
        empty: new Float32Array(0),
        'empty matrix': new NDArray(new Int32Array(0), [0, 3]),
        shared: new Float64Array(new SharedArrayBuffer(16)),
      },
      lists: {
        integers: [1, 2, 3],
        unsigned: [1, 2n ** 63n],
        floats: [1, 2.5],
        marked: [pyFloat(1), 2],
        texts: ['a', '', 'µ🧠'],
        'matrix of texts': [
          ['a', 'bc'],
          ['', 'd'],
        ],
        booleans: [true, false],
        matrix: [
          [1, 2],
          [3, 4],
        ],
        pairs: [pyTuple(1, 2), pyTuple(3, 4)],
        empty: [],
        'empty rows': [[], []],
      },
    },
  },
  dicts: {
    items: {
      dicts: {
        empty: {},
        map: new Map<string, unknown>([
          ['b', 1],
          ['a', 2],
        ]),
        everything: {
          int: 1,
          negative: -1,
          'largest safe': 2 ** 53 - 1,
          int64: -(2n ** 63n),
          uint64: 2n ** 64n - 1n,
          float: 0.1,
          'marked float': pyFloat(2),
          'negative zero': -0,
          'not safe': 2 ** 53,
          nan: NaN,
          infinity: -Infinity,
          yes: true,
          no: false,
          nothing: null,
          'left out': undefined,
          text: 'µ, 脳, 🧠',
          'empty text': '',
          'long text': 'é🧠'.repeat(30_000),
          __type__: 'a key like an attribute',
          tuple: pyTuple(1, 2),
          'tuple of texts': pyTuple('a', 'b'),
          'tuple of lists': pyTuple([1, 2], [3, 4]),
          'empty tuple': pyTuple(),
          set: new Set([10, 9, -1]),
          'set of floats': new Set([2.5, pyFloat(1)]),
          'set of texts': new Set(['b', '\u{1f9e0}', '\uffee', 'a']),
          'set of booleans': new Set([true, false]),
          'set of equals': new Set<unknown>([1, 1n, 2]),
          'empty set': new Set(),
          list: [1, 2],
          'list of texts': ['x', 'yz'],
          array: new NDArray(Float32Array.of(1, 2, 3, 4), [2, 2]),
          deep: { er: { and: { er: { x: 1 } } } },
          recording: sd,
          stack: slices,
          correlations,
        },
      },
    },
    options: { notes: { dicts: { empty: 'nothing in it' } } },
  },
  'many items': {
    items: {
      many: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`item ${i}`, i % 2 === 0 ? Float64Array.of(i) : { i }])),
      slices: { stack: new SpikeSliceStack(Array.from({ length: 100 }, (_, i) => slice(i / 50))) },
    },
  },
}
