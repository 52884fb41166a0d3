/** Positions of electrode groups: compounds of x, y and z, by both writers. */
import h5wasm, { Dataset, File } from 'h5wasm/node'
import t from 'tap'
import type { Hdf5StorageOptions, NwbSession } from '../../lib/index.js'
import { exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'

const START = '2026-03-01T14:05:00+01:00'
const SD = new SpikeData([[1, 2]], { length: 10 })

async function positionsOf(path: string, names: readonly string[]): Promise<unknown[]> {
  await h5wasm.ready
  const file = new File(path, 'r')
  try {
    return names.map((name) => {
      const found = file.get(`general/extracellular_ephys/${name}/position`)
      if (!(found instanceof Dataset)) return undefined
      const members = found.metadata.compound_type?.members.map(({ name, size, offset }) => [name, size, offset])
      return { shape: found.shape, members, value: found.value }
    })
  } finally {
    file.close()
  }
}

const found = (value: number[]) => ({
  shape: [],
  members: [
    ['x', 8, 0],
    ['y', 8, 8],
    ['z', 8, 16],
  ],
  value,
})

for (const [how, options] of Object.entries({ 'laid out by ourselves': {}, 'by the HDF5 library': { compression: {} } })) {
  t.test(`groups with a position, and one without, ${how}`, async (t) => {
    const file = `${t.testdir()}/a.nwb`
    const electrodeGroups = [
      { name: 'left', position: { x: 1.5, y: -2, z: 3e-7 } },
      { name: 'none' },
      { name: 'right', position: { x: 0, y: 0, z: -0 } },
    ]
    const nwb = { sessionStartTime: START, electrodeGroups, electrodes: electrodeGroups.map(({ name }) => ({ group: name })) }
    await exportSpikeDataToNwb(SD, file, { ...(options as Hdf5StorageOptions), nwb })
    t.strictSame(await positionsOf(file, ['left', 'none', 'right']), [found([1.5, -2, 3e-7]), undefined, found([0, 0, -0])])
  })
}

t.test('the only group', async (t) => {
  const file = `${t.testdir()}/a.nwb`
  await exportSpikeDataToNwb(SD, file, { nwb: { sessionStartTime: START, electrodeGroup: { position: { x: 1, y: 2, z: 3 } } } })
  t.strictSame(await positionsOf(file, ['electrode_group']), [found([1, 2, 3])])
})

t.test('what is no position is an error', async (t) => {
  const file = `${t.testdir()}/a.nwb`
  const failing = (position: unknown) => {
    return exportSpikeDataToNwb(SD, file, { nwb: { electrodeGroup: { position } } as NwbSession })
  }
  await t.rejects(failing({ x: 1, y: 2 }), { name: 'TypeError', message: /a finite number for nwb.electrodeGroup.position.z but/ })
  await t.rejects(failing({ x: 1, y: NaN, z: 3 }), { name: 'RangeError', message: /a finite number for nwb.electrodeGroup.position.y but/ })
  await t.rejects(failing({ x: '1', y: 2, z: 3 }), { name: 'TypeError', message: /nwb.electrodeGroup.position.x/ })
  await t.rejects(failing({ x: 1, y: 2, z: 3, w: 4 }), /position/)
  await t.rejects(failing([1, 2, 3]), /nwb.electrodeGroup.position/)
})
