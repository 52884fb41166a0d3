/**
 * Loading of groups with a dataset a unit, each of which may be of another kind.
 */
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { loadSpikeDataFromHdf5 } from '../../lib/index.js'

await ready
const path = `${t.testdir()}/file.h5`

t.test('units of a group that are each of another kind', async (t) => {
  const file = new H5File(path, 'w')
  const group = file.create_group('units')
  const arrays = [
    Float64Array.of(1, 2),
    Float32Array.of(1.5, 0.5),
    Int16Array.of(3, 4),
    Float64Array.of(7, 5, 6),
    new BigUint64Array([8n, 9n]),
    Float64Array.of(),
  ]
  for (const [unit, data] of arrays.entries()) group.create_dataset({ name: `${unit}`, data })
  group.create_dataset({ name: '6', data: Float64Array.of(2, 1), chunks: [1], maxshape: [null] })
  group.create_dataset({ name: '7', data: Float64Array.of(9) })
  file.close()
  const { train } = await loadSpikeDataFromHdf5(path, { groupPerUnit: 'units', groupTimeUnit: 'ms' })
  const expected = [[1, 2], [0.5, 1.5], [3, 4], [5, 6, 7], [8, 9], [], [1, 2], [9]]
  t.strictSame(
    train.map((times) => [...times]),
    expected,
  )
  const wrong = new H5File(path, 'a')
  wrong.create_dataset({ name: 'units/8', data: new Float64Array(4), shape: [2, 2] })
  wrong.close()
  await t.rejects(loadSpikeDataFromHdf5(path, { groupPerUnit: 'units', groupTimeUnit: 'ms' }), {
    message: /units\/8.*does not have one axis/,
  })
})
