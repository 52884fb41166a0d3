/**
 * When units were observed, as NWB files have it.
 */
import t from 'tap'
import type { NwbSession, TimeWindow } from '../../lib/index.js'
import { exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'

const file = `${t.testdir()}/file.nwb`

async function observed(N: number, obsIntervals: NwbSession['obsIntervals'], layout: 'auto' | 'contiguous' = 'auto') {
  const sd = new SpikeData([], { N, startTime: 500, length: 1000 })
  await exportSpikeDataToNwb(sd, file, { nwb: { sessionStartTime: new Date(), obsIntervals }, layout })
  const objects = await readNwb(file)
  return { ...objects['units/obs_intervals'], index: objects['units/obs_intervals_index']!.value }
}

t.test('windows for all units', async (t) => {
  for (const layout of ['auto', 'contiguous'] as const) {
    const pairs: readonly TimeWindow[] = [
      [0, 100],
      [100, 250.5],
      [300, 300],
    ]
    t.match(await observed(2, pairs, layout), {
      shape: [6, 2],
      value: [0, 0.1, 0.1, 0.2505, 0.3, 0.3, 0, 0.1, 0.1, 0.2505, 0.3, 0.3],
      index: [3, 6],
      attributes: { description: 'The intervals in seconds in which all units were observed.' },
    })
    t.match(await observed(0, pairs, layout), { shape: [0, 2], index: [] })
  }
  t.match(await observed(2, undefined), {
    shape: [2, 2],
    value: [0.5, 1.5, 0.5, 1.5],
    index: [1, 2],
    attributes: { description: /window/ },
  })
})

t.test('windows for each unit', async (t) => {
  t.match(
    await observed(3, [
      [[-5, 1]],
      [],
      [
        [0, 1],
        [2, 3],
      ],
    ]),
    {
      shape: [3, 2],
      value: [-0.005, 0.001, 0, 0.001, 0.002, 0.003],
      index: [1, 1, 3],
      attributes: { description: 'The intervals in seconds in which each unit was observed.' },
    },
  )
  t.match(await observed(1, [[]]), { shape: [0, 2], index: [0] })
  t.match(await observed(0, []), { shape: [0, 2], index: [] })
  const many = Array.from({ length: 50_000 }, (_, unit): TimeWindow[] => [
    [unit, unit + 1],
    [unit + 2, unit + 3],
  ])
  const { value, index } = await observed(many.length, many)
  t.strictSame(
    value,
    many.flat(2).map((ms) => ms / 1000),
  )
  t.strictSame(
    index,
    many.map((_, unit) => 2 * unit + 2),
  )
})

t.test('what makes no sense', async (t) => {
  const refused: [unknown, typeof TYPE_ERROR, RegExp][] = [
    ['0-1', TYPE_ERROR, /\[start, end\] pairs, or such an array for each unit, for nwb\.obsIntervals but/],
    [[], VALUE_ERROR, /at least one window for nwb\.obsIntervals/],
    [[5], TYPE_ERROR, /for nwb\.obsIntervals\[0\]/],
    [[[0, 1], 5], TYPE_ERROR, /for nwb\.obsIntervals\[1\]/],
    [[[0, 1, 2]], TYPE_ERROR, /a \[start, end\] pair for nwb\.obsIntervals\[0\]/],
    [[[0, '1']], TYPE_ERROR, /a \[start, end\] pair/],
    [[[0, NaN]], VALUE_ERROR, /finite times in ms for nwb\.obsIntervals\[0\]/],
    [[[1, 0]], VALUE_ERROR, /ascending order.*nwb\.obsIntervals\[0\] but received \[ 1, 0 \]/],
    [
      [
        [0, 2],
        [1, 3],
      ],
      VALUE_ERROR,
      /do not overlap.*nwb\.obsIntervals\[1\]/,
    ],
    [[[[0, 1]]], VALUE_ERROR, /2, one array of windows for each unit, for nwb\.obsIntervals\.length but received 1/],
    [
      [
        [[0, 1]],
        [
          [2, 3],
          [1, 2],
        ],
      ],
      VALUE_ERROR,
      /nwb\.obsIntervals\[1\]\[1\]/,
    ],
    [[[[0, 1]], 5], TYPE_ERROR, /nwb\.obsIntervals\[1\]/],
    [[[[0, 1]], [5]], TYPE_ERROR, /nwb\.obsIntervals\[1\]\[0\]/],
  ]
  for (const [given, error, message] of refused) await t.rejects(observed(2, given as never), { ...error, message })
})

t.test('arrays of holes, and texts for times', async (t) => {
  const holes = new Array(2 ** 32 - 1) as unknown as TimeWindow[]
  await t.rejects(observed(1, holes), TYPE_ERROR)
  await t.rejects(observed(1, [holes]), TYPE_ERROR)
  await t.rejects(observed(2, [['0', '1']] as never), { ...TYPE_ERROR, message: /for nwb\.obsIntervals\[0\] but received/ })
})
