/**
 * The waveforms that the option `phy` makes up when it is asked to, and whether they are told from somebody's own.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { npyHeader } from '../lib/encoding/npy-header.js'
import { exportSpikeDataToKilosort, SpikeData } from '../lib/index.js'
import { VALUE_ERROR } from './support/expectations.js'
import { readNpy } from './support/npy.js'

const dir = t.testdir()
const fsHz = 30000
const FILES = ['amplitudes.npy', 'similar_templates.npy', 'templates.npy', 'whitening_mat.npy', 'whitening_mat_inv.npy']
const sd = new SpikeData([[1, 4], [], [2, 3]], { neuronAttributes: [{ ch: 5 }, { ch: 5 }, { ch: 2 }] })
const withTemplates = (folder: string, recording = sd) => exportSpikeDataToKilosort(recording, folder, { fsHz, phy: { templates: true } })

/** Zeros, with ones in these places. */
const onesAt = (count: number, ...places: number[]) => {
  const values = new Float32Array(count)
  for (const place of places) values[place] = 1
  return values
}

t.test('a waveform a unit, on its own channel', async (t) => {
  const { paths } = await withTemplates(`${dir}/three`)
  const read = (name: string) => readNpy(`${dir}/three/${name}`)
  t.strictSame(paths.filter((path) => FILES.some((name) => path.endsWith(`/${name}`))).length, FILES.length)
  t.strictSame(await read('templates.npy'), { dtype: '<f4', shape: [3, 2, 3], values: onesAt(18, 3, 10, 17) })
  t.strictSame(await read('amplitudes.npy'), { dtype: '<f8', shape: [4], values: Float64Array.of(1, 1, 1, 1) })
  for (const name of ['similar_templates.npy', 'whitening_mat.npy', 'whitening_mat_inv.npy']) {
    t.strictSame(await read(name), { dtype: '<f4', shape: [3, 3], values: onesAt(9, 0, 4, 8) }, name)
  }
  t.strictSame((await read('channel_map.npy')).values, Int32Array.of(5, 5, 2))
})

t.test('only when asked for', async (t) => {
  for (const phy of [true, {}, { templates: false }, { templates: undefined }]) {
    const folder = `${dir}/without`
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
    t.notOk(FILES.some((name) => existsSync(`${folder}/${name}`)))
    t.ok(existsSync(`${folder}/params.py`), 'an object is for Phy, too')
  }
})

t.test('any number of units and spikes', async (t) => {
  for (const [N, spikes] of [[0, 0], [1, 0], [1, 1], [2, 3], [700, 300_000]] as const) {
    const train = spikes > 0 ? [Float64Array.from({ length: spikes }, (_, i) => i)] : []
    await withTemplates(`${dir}/any`, new SpikeData(train, { N }))
    const read = (name: string) => readNpy(`${dir}/any/${name}`)
    const { shape, values } = await read('templates.npy')
    t.strictSame(shape, [N, 2, N])
    const places = Array.from({ length: N }, (_, unit) => unit * 2 * N + N + unit)
    t.ok(Buffer.from(values.buffer).equals(Buffer.from(onesAt(N * 2 * N, ...places).buffer)))
    const amplitudes = (await read('amplitudes.npy')).values as Float64Array
    t.equal(amplitudes.length, spikes)
    t.ok(amplitudes.every((amplitude) => amplitude === 1))
  }
})

t.test('an export of ours is replaced, with or without them', async (t) => {
  for (const recording of [sd, new SpikeData([]), new SpikeData([[1]])]) {
    const folder = `${dir}/again`
    await withTemplates(folder, recording)
    await withTemplates(folder, recording)
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
    t.notOk(readdirSync(folder).some((name) => FILES.includes(name)))
    await withTemplates(folder, recording)
    await exportSpikeDataToKilosort(sd, folder, { fsHz })
    t.strictSame(readdirSync(folder).sort(), ['channel_map.npy', 'spike_clusters.npy', 'spike_times.npy'])
  }
})

t.test("somebody's own stay", async (t) => {
  const array = (dtype: string, shape: number[], data: NodeJS.TypedArray) =>
    Buffer.concat([npyHeader(dtype, shape), Buffer.from(data.buffer)])
  const theirs = [
    ['templates.npy', array('<f4', [3, 61, 3], new Float32Array(3 * 61 * 3))],
    ['templates.npy', array('<f4', [3, 2, 4], new Float32Array(24))],
    ['amplitudes.npy', array('<f8', [4], Float64Array.of(12.5, 1, 1, 1))],
    ['amplitudes.npy', array('<f8', [4, 1], Float64Array.of(1, 1, 1, 1))],
    ['similar_templates.npy', array('<f4', [3, 3], new Float32Array(9).fill(0.9))],
    ['whitening_mat.npy', array('<f8', [3, 3], new Float64Array(9).fill(1))],
    ['whitening_mat.npy', Buffer.from('not an array')],
    ['pc_features.npy', Buffer.alloc(0)],
    ['cluster_info.tsv', Buffer.alloc(0)],
  ] as const
  for (const [number, [name, content]] of theirs.entries()) {
    const folder = `${dir}/theirs-${number}`
    await withTemplates(folder)
    writeFileSync(`${folder}/${name}`, content)
    const before = readdirSync(folder)
    // What is theirs is named, and nothing else.
    const refused = { ...VALUE_ERROR, message: `not ours (${name}), as phy is on, for folder` }
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true }), refused, name)
    await t.rejects(withTemplates(folder), refused, name)
    await exportSpikeDataToKilosort(sd, folder, { fsHz })
    t.strictSame(readdirSync(folder), before, 'the default export leaves them alone')
    t.strictSame(readFileSync(`${folder}/${name}`), content)
  }
})

t.test('not for more units than make files of some gigabytes', async (t) => {
  const folder = `${dir}/many`
  const refused = withTemplates(folder, new SpikeData([[1, 2]], { N: 16385 }))
  await t.rejects(refused, { ...VALUE_ERROR, message: 'Expected at most 16384, as phy.templates is on, for sd.N but received 16385.' })
  t.notOk(existsSync(folder))
})
