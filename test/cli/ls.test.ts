/**
 * `spikeport ls`, as users call it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import h5wasm, { File } from 'h5wasm/node'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { jsonLines, spikeport } from '../support/spikeport-program.js'

await h5wasm.ready
const sd = await SpikeData.create([[1, 2], [], [3]], { length: 10 })

t.test('objects with their types, shapes, chunks and filters', async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToHdf5(sd, `${dir}/raster.h5`, { style: 'raster', rasterBinSizeMs: 1 })
  const { code, stdout, stderr } = await spikeport(['ls', 'raster.h5'], dir)
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const [file, root, raster] = stdout.split('\n')
  t.equal(file, 'raster.h5')
  t.match(root, /^ {2}\/ +group$/)
  t.match(raster, /^ {2}\/raster +<i8 +3 × 10 {2}chunks of 3 × 10, shuffle, deflate$/)
  const lines = jsonLines(await spikeport(['ls', '--json', 'raster.h5'], dir))
  const about = { type: '<i8', shape: [3, 10], layout: 'chunked', chunk: [3, 10], filters: ['shuffle', 'deflate'], bytes: 240 }
  t.match(lines, [
    { file: 'raster.h5', path: '/', kind: 'group' },
    { path: '/raster', kind: 'dataset', ...about, attributes: ['bin_size_ms', 'time_origin_ms'] },
  ])
})

t.test('a group comes before what is in it, once', async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToNwb(await SpikeData.create([[1]], { neuronAttributes: [{ electrode: 2 }] }), `${dir}/in.nwb`)
  const paths = jsonLines(await spikeport(['ls', '--json', 'in.nwb'], dir)).map(({ path }) => path as string)
  t.strictSame(paths, [...new Set(paths)])
  for (const path of paths.slice(1)) {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    t.ok(paths.indexOf(parent) < paths.indexOf(path), path)
  }
  const { stdout } = await spikeport(['ls', 'in.nwb'], dir)
  t.match(stdout, /electrode_group\/device +group +the same as \/general\/devices\/device$/m)
})

t.test('circles, and links that lead nowhere', async (t) => {
  const dir = t.testdir()
  const file = new File(`${dir}/odd.h5`, 'w')
  file.create_group('a').create_group('b')
  file.create_soft_link('/a', 'a/b/again')
  file.create_soft_link('/nothing', 'gone')
  file.create_external_link('other.h5', '/', 'out')
  for (let i = 0; i < 600; i++) file.create_dataset({ name: `d${i}`, data: [i] })
  file.close()
  const ended = await spikeport(['ls', 'odd.h5'], dir)
  t.match(ended, { code: 0, stderr: '' })
  t.match(ended.stdout, /^ {2}\/a\/b\/again +group +the same as \/a$/m)
  t.match(ended.stdout, /^ {2}\/gone +link that leads nowhere$/m)
  t.match(ended.stdout, /^ {2}\/out +.*leads to another file\.$/m)
  t.equal(ended.stdout.match(/^ {2}\/d\d+ /gm)?.length, 600, 'more than are described at once')
})

t.test('what cannot be read', async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToHdf5(sd, `${dir}/whole.h5`)
  writeFileSync(`${dir}/notes.txt`, 'Hello\n')
  writeFileSync(`${dir}/cut.h5`, readFileSync(`${dir}/whole.h5`).subarray(0, 300))
  const ended = await spikeport(['ls', 'notes.txt', 'cut.h5', 'whole.h5', '--json'], dir)
  t.match(ended, { code: 1, stderr: /^error: Cannot read 'notes\.txt': it is no HDF5 file\.\nerror: Cannot read .*'cut\.h5'/ })
  const lines = jsonLines(ended)
  t.match(lines.slice(0, 2), [
    { status: 'failed', path: 'notes.txt', error: { code: 'ERR_INVALID_FILE' } },
    { status: 'failed', path: 'cut.h5', error: { code: 'ERR_INVALID_FILE' } },
  ])
  t.match(lines[2], { file: 'whole.h5', path: '/' })
})
