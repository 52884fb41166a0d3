/** Objects of all six classes, with every kind of value in them. pickle_objects.py makes the same ones in Python. */
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
import { RECORDINGS, spikeData } from './recordings.js'

const shared = ['one', 'list']
const loop: unknown[] = [1]
loop.push(loop)

const METADATA = {
  subject: 'mouse 7, µ, 脳, 🧠',
  'a line\nbreak, a \\ and a \0': '\u2028 \r\n \x1a \\u0041',
  'half a pair': '\ud83e',
  'long text': 'é'.repeat(70_000),
  count: 3,
  'small and large': [0, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, -1, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1],
  'very large': [2n ** 70n, -(2n ** 63n), 2n ** 63n - 1n, 10n ** 700n, 0n],
  ratio: 0.1,
  two: pyFloat(2),
  'not ints': [-0, 2 ** 53, 1e300, 5e-324, Infinity, NaN],
  yes: true,
  no: false,
  nothing: null,
  'left out': undefined,
  tuples: [pyTuple(), pyTuple(1), pyTuple(1, pyFloat(2), 'c'), pyTuple(1, 2, 3, [4])],
  nested: { '': {}, list: [[], [[null]]] },
  map: new Map<unknown, unknown>([
    [1, 'one'],
    [2.5, null],
    [pyTuple(1, 'a'), new Map()],
  ]),
  set: new Set([1, 'b', pyTuple(2)]),
  'empty set': new Set(),
  shared: [shared, shared],
  loop,
  arrays: {
    int8: Int8Array.of(-1, 1),
    uint8: Uint8Array.of(0, 255),
    uint16: Uint16Array.of(65_535),
    int32: Int32Array.of(-1),
    uint32: Uint32Array.of(2 ** 32 - 1),
    int64: BigInt64Array.of(-(2n ** 63n), 1n),
    uint64: BigUint64Array.of(2n ** 64n - 1n),
    float32: Float32Array.of(0.1, NaN),
    float64: Float64Array.of(0.1, -0, Infinity),
    matrix: new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
    scalar: new NDArray(Float64Array.of(7), []),
    empty: new NDArray(new Float32Array(0), [0, 4]),
  },
}

const ATTRIBUTES = [
  { electrode: 3, x: 1.5, y: pyFloat(2), label: 'good', waveform: Float32Array.of(1, 2, 3) },
  { electrode: 1, x: 0.5, y: -0.5, label: null, waveform: Float32Array.of(4, 5, 6) },
]

/** 0, 1, 2, … divided by 7. */
export function sevenths(...shape: number[]): NDArray<Float64Array> {
  const size = shape.reduce((product, axis) => product * axis)
  return new NDArray(
    Float64Array.from({ length: size }, (_, i) => i / 7),
    shape,
  )
}

/** Every byte beside many others. */
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i * 7 + (i >> 8))
const quarters = (length: number) => Float64Array.from({ length }, (_, i) => i / 4)

const slice = (...times: number[]) => new SpikeData([times, []], { length: 50 })

/** By the names that pickle_objects.py knows them by. */
export const OBJECTS: Record<string, object> = {
  SpikeData: new SpikeData([[1, 2.5, 40], [7]], {
    length: 100,
    neuronAttributes: ATTRIBUTES,
    metadata: METADATA,
    rawData: new NDArray(Int16Array.of(1, -2, 3, -4, 5, -6), [2, 3]),
    rawTime: Float64Array.of(0, 0.5, 1),
  }),
  'SpikeData, large': new SpikeData([[], sevenths(300_000).data, [], quarters(100_000), quarters(3)], {
    length: 50_000,
    metadata: { bytes: [40_001, 1_000_003].map(bytes) },
  }),
  RateData: new RateData(sevenths(2, 5), Float64Array.of(-2, -1, 0, 1, 2), { neuronAttributes: ATTRIBUTES, rateUnit: 'Hz' }),
  'RateData, bare': new RateData(sevenths(3, 2), [0, 10]),
  PairwiseCompMatrix: new PairwiseCompMatrix(sevenths(3, 3), { labels: ['a', 2, null], metadata: METADATA }),
  'PairwiseCompMatrix, bare': new PairwiseCompMatrix(new NDArray(Float32Array.of(1, 2, 3, 4), [2, 2])),
  PairwiseCompMatrixStack: new PairwiseCompMatrixStack(sevenths(2, 2, 3), {
    labels: ['a', 'b'],
    times: [
      [0, 10],
      [10, 20],
      [20.5, 30],
    ],
    metadata: { method: 'STTC', delt: pyFloat(20) },
  }),
  'PairwiseCompMatrixStack, bare': new PairwiseCompMatrixStack(sevenths(2, 2, 1)),
  RateSliceStack: new RateSliceStack(sevenths(2, 4, 3), {
    times: [
      [0, 8],
      [10, 18],
      [20.5, 28.5],
    ],
    stepSize: 2,
    neuronAttributes: ATTRIBUTES,
  }),
  'RateSliceStack, bare': new RateSliceStack(sevenths(2, 4, 2)),
  SpikeSliceStack: new SpikeSliceStack([slice(1, 2, 49.5), slice(), slice(0, 50)], {
    times: [
      [0, 50],
      [100, 150],
      [200.5, 250.5],
    ],
    neuronAttributes: ATTRIBUTES,
  }),
  'SpikeSliceStack, bare': new SpikeSliceStack([slice(1), slice(2)]),
  ...Object.fromEntries(Object.entries(RECORDINGS).map(([name, recording]) => [name, spikeData(recording)])),
}
