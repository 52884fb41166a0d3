/**
 * Groups whose links are damaged, beside sound ones: jobs on one file go on in turns.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { withHdf5File } from '../../lib/engine/reading/hdf5-file.js'

await ready

t.test('a damaged group fails none but its own paths', async (t) => {
  const damaged = `${t.testdir()}/damaged.h5`
  const made = new H5File(damaged, 'w')
  const group = made.create_group('damaged')
  for (let i = 0; i < 5000; i++) group.create_soft_link('/sound/x', `link ${i}`)
  made.create_group('sound').create_dataset({ name: 'x', data: Float64Array.of(1) })
  made.close()
  const bytes = readFileSync(damaged)
  const leaves: number[] = []
  for (let at = bytes.indexOf('BTLF'); at >= 0; at = bytes.indexOf('BTLF', at + 1)) leaves.push(at)
  t.ok(leaves.length > 20)
  // All are of the large group, whose links take several steps.
  bytes.write('WRONG', leaves[leaves.length >> 1] as number)
  writeFileSync(damaged, bytes)
  for (let round = 0; round < 20; round++) {
    await withHdf5File(damaged, 'damaged', undefined, async (file) => {
      const outcomes = await Promise.allSettled([
        file.describe('damaged/link 1'),
        file.describe('sound/x'),
        file.describe('damaged/link 2'),
        file.children('sound'),
        file.children('/'),
      ])
      t.strictSame(
        outcomes.map(({ status }) => status),
        ['rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      )
    })
  }
})
