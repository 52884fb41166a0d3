/**
 * Results of spike sorters that are damaged, are of another format, or come with options that they cannot meet.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import t from 'tap'
import { loadSpikeDataFromSpikeInterface, loadSpikeDataFromSpikelabSortedNpz } from '../../lib/index.js'
import { FS, float64, int64, npy, npz, objects, unit } from '../support/sortings.js'

const dir = t.testdir()
const path = `${dir}/sorted.npz`

t.test("SpikeLab's sorter: what it has, and nothing else", async (t) => {
  await writeFile(path, npz({ units: objects(unit('U\x09peak_signU\x03neg', 'U\x08templateG?\xf0\0\0\0\0\0\0'), 1), fs: FS }))
  const sd = await loadSpikeDataFromSpikelabSortedNpz(path)
  t.same(sd.train, [Float64Array.of(1, 2)])
  t.same(sd.neuronAttributes, [{ unit_id: 5, peak_sign: 'neg', template: 1 }])
  t.same(sd.metadata, { source_file: path, source_format: 'SpikeLab_npz', fs_Hz: 20_000 })
  t.equal(sd.length, 2 + 2 ** -51)
  t.equal((await loadSpikeDataFromSpikelabSortedNpz(path, { lengthMs: 7 })).length, 7)
  await t.rejects(loadSpikeDataFromSpikelabSortedNpz(path, { lengthMs: -1 }), { code: 'ERR_INVALID_ARG_VALUE' })
  await t.rejects(loadSpikeDataFromSpikelabSortedNpz(path, { lengthMs: 1.5 }), { code: 'ERR_INVALID_ARG_VALUE', message: /lengthMs/ })
  const reason = new Error('stop')
  await t.rejects(loadSpikeDataFromSpikelabSortedNpz(path, { signal: AbortSignal.abort(reason) }), reason)
})

t.test("SpikeLab's sorter: files that are something else", async (t) => {
  const cases: [string, Buffer, RegExp][] = [
    ['no archive', Buffer.from('\x80\x04N.', 'latin1'), /no valid zip archive/],
    ['no units', npz({ fs: FS }), /Cannot read units in .*it has no array of this name/],
    ['no sampling frequency', npz({ units: objects('', 0) }), /Cannot read fs in/],
    ['two sampling frequencies', npz({ units: objects('', 0), fs: npy("'<f8'", '(2,)', float64(1, 2)) }), /2 elements, not 1/],
    ['a sampling frequency of 0', npz({ units: objects('', 0), fs: npy("'<f8'", '()', float64(0)) }), /sampling frequency is 0 Hz/],
    ['units that are numbers', npz({ units: npy("'<f8'", '(1,)', float64(1)), fs: FS }), /of type <f8, not Python objects/],
    ['a unit that is None', npz({ units: objects('N', 1), fs: FS }), /units\[0\].*it is no dict/],
    ['a unit without spikes', npz({ units: objects('}', 1), fs: FS }), /spike_train is no array/],
    ['a unit id of text', npz({ units: objects(unit('U\x07unit_idU\x01a'), 1), fs: FS }), /unit_id is no number/],
    ['a call', npz({ units: npy("'|O'", '(1,)', 'cos\nsystem\n(U\x04truetR.'), fs: FS }), /at byte 0, it refers to os\.system/],
    ['a pickle that is cut off', npz({ units: npy("'|O'", '(1,)', ']'), fs: FS }), /cut off/],
  ]
  for (const [name, bytes, message] of cases) {
    await writeFile(path, bytes)
    await t.rejects(loadSpikeDataFromSpikelabSortedNpz(path), { code: 'ERR_INVALID_FILE', path, message }, name)
  }
})

const RECORD = "[('sample_index', '<i8'), ('unit_index', '<i8'), ('segment_index', '<i8')]"
const folder = `${dir}/sorting`

async function writeFolder(files: Record<string, string | Uint8Array>): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(`${folder}/properties`, { recursive: true })
  const usual = {
    'numpysorting_info.json': '{"sampling_frequency": 20000, "unit_ids": ["a", 7], "num_segments": 2}',
    'spikes.npy': npy(RECORD, '(3,)', int64(20, 0, 0, 40, 1, 0, 60, 1, 1)),
  }
  for (const [name, data] of Object.entries({ ...usual, ...files })) if (data !== '') await writeFile(`${folder}/${name}`, data)
}

t.test('SpikeInterface: folders', async (t) => {
  await writeFolder({})
  const sd = await loadSpikeDataFromSpikeInterface(folder)
  t.same(sd.train, [Float64Array.of(1), Float64Array.of(2)])
  t.same(sd.neuronAttributes, [{ unit_id: 'a' }, { unit_id: 7 }])
  t.same(sd.metadata, { source_format: 'SpikeInterface', unit_ids: ['a', 7], fs_Hz: 20_000 })
  const second = await loadSpikeDataFromSpikeInterface(folder, { segmentIndex: 1, unitIds: [7], samplingFrequency: 10_000 })
  t.same(second.train, [Float64Array.of(6)])
  t.same((await loadSpikeDataFromSpikeInterface(folder, { unitIds: [] })).N, 0)
  await writeFolder({ 'spikes.npy': npy("[('unit_index', '>u2'), ('sample_index', '>i4')]", '(1,)', '\0\x01\0\0\0\x14') })
  t.same((await loadSpikeDataFromSpikeInterface(folder)).train, [Float64Array.of(), Float64Array.of(1)])

  for (const [options, code] of [
    [{ segmentIndex: 2 }, 'ERR_INVALID_ARG_VALUE'],
    [{ segmentIndex: -1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ unitIds: ['7'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ unitIds: [7, 7] }, 'ERR_INVALID_ARG_VALUE'],
    [{ unitIds: 7 }, 'ERR_INVALID_ARG_TYPE'],
    [{ unitIds: [null] }, 'ERR_INVALID_ARG_TYPE'],
    [{ samplingFrequency: 0 }, 'ERR_INVALID_ARG_VALUE'],
    [{ segment: 1 }, 'ERR_INVALID_ARG_VALUE'],
  ] as const) {
    await t.rejects(loadSpikeDataFromSpikeInterface(folder, options as never), { code }, JSON.stringify(options))
  }
})

t.test('SpikeInterface: folders that are something else', async (t) => {
  const info = (json: string) => ({ 'numpysorting_info.json': json })
  const cases: [string, Record<string, string | Uint8Array>, RegExp][] = [
    ['no JSON', info('{'), /it is no JSON/],
    ['JSON of a list', info('[]'), /no JSON object/],
    ['no sampling frequency', info('{"unit_ids": [], "num_segments": 1}'), /sampling_frequency is no number/],
    ['ids that are objects', info('{"sampling_frequency": 1, "unit_ids": [{}], "num_segments": 1}'), /unit_ids is no list/],
    ['half a segment', info('{"sampling_frequency": 1, "unit_ids": [], "num_segments": 0.5}'), /num_segments is no count/],
    ['a frequency below 0', info('{"sampling_frequency": -1, "unit_ids": [], "num_segments": 1}'), /sampling frequency is -1 Hz/],
    ['a spike of an unknown unit', { 'spikes.npy': npy(RECORD, '(1,)', int64(1, 2, 0)) }, /spike 0 is of unit 2, and there are 2/],
    ['a spike before the start', { 'spikes.npy': npy(RECORD, '(1,)', int64(-1, 0, 0)) }, /not valid/],
    ['spikes that are cut off', { 'spikes.npy': npy(RECORD, '(9,)', int64(1, 2, 0)) }, /9 elements of 24 bytes/],
    ['spikes without a unit', { 'spikes.npy': npy("[('sample_index', '<i8')]", '(0,)') }, /no whole number unit_index/],
    ['spikes of floats', { 'spikes.npy': npy("[('sample_index', '<f8'), ('unit_index', '<i8')]", '(0,)') }, /no whole number sample_index/],
    ['spikes that are no records', { 'spikes.npy': npy("'<i8'", '(0,)') }, /no whole number sample_index/],
    ['spikes of two axes', { 'spikes.npy': npy(RECORD, '(0, 1)') }, /2 axes/],
    ['a property that is no NPY', { 'properties/a.npy': 'text' }, /not an NPY file/],
    ['another folder', info(''), /neither numpysorting_info\.json nor sorting_cached\.npz/],
  ]
  for (const [name, files, message] of cases) {
    await writeFolder(files)
    await t.rejects(loadSpikeDataFromSpikeInterface(folder), { code: 'ERR_INVALID_FILE', message }, name)
  }
  await writeFolder({ 'spikes.npy': '' })
  await t.rejects(loadSpikeDataFromSpikeInterface(folder), { code: 'ENOENT' })
})

t.test('SpikeInterface: properties', async (t) => {
  await writeFolder({
    'properties/is_good.npy': npy("'|b1'", '(2,)', '\0\x01'),
    'properties/quality.npy': npy("'|S4'", '(2,)', 'goodmua\0'),
    'properties/matrix.npy': npy("'<f8'", '(2, 1, 2)', float64(1, 2, 3, 4)),
    'properties/position.npy': npy("'<f8'", '(2, 2)', float64(1, 2, 3, 4)),
    'properties/ch.npy': npy("'<f8'", '(2,)', float64(5.9, 6)),
    'properties/unit_id.npy': npy("'<i8'", '(2,)', int64(1, 2)),
    'properties/__proto__.npy': npy("'<i8'", '(2,)', int64(1, 2)),
    'properties/of three.npy': npy("'<i8'", '(3,)', int64(1, 2, 3)),
    'properties/objects.npy': npy("'|O'", '(2,)', 'N.'),
    'properties/long doubles.npy': npy("'<f16'", '(2,)', new Uint8Array(32)),
    'properties/durations.npy': npy("'<m8[s]'", '(2,)', int64(1, 2)),
    'properties/nested.npy': npy("[('a', [('b', '<i8')])]", '(2,)', int64(1, 2)),
  })
  const warnings: string[] = []
  const { neuronAttributes } = await loadSpikeDataFromSpikeInterface(folder, {
    unitIds: [7],
    onWarning: ({ message }) => warnings.push(message),
  })
  const [found] = neuronAttributes as [Record<string, unknown>]
  t.same(Object.keys(found).sort(), ['__proto__', 'ch', 'electrode', 'is_good', 'location', 'matrix', 'position', 'quality', 'unit_id'])
  t.match(found, {
    ch: 6,
    electrode: 6,
    is_good: true,
    location: [3, 4],
    quality: 'mua',
    unit_id: 7,
    matrix: { shape: [1, 2], data: Float64Array.of(3, 4) },
  })
  t.match(warnings, [/were left out: 'durations', 'long doubles', 'nested', 'objects', 'of three'\.$/])
})

t.test('SpikeInterface: archives', async (t) => {
  const arrays = {
    unit_ids: npy("'<i8'", '(2,)', int64(3, 4)),
    num_segment: npy("'<i8'", '(1,)', int64(1)),
    sampling_frequency: npy("'<f8'", '(1,)', float64(20_000)),
    spike_indexes_seg0: npy("'<i8'", '(3,)', int64(40, 20, 60)),
    spike_labels_seg0: npy("'<i8'", '(3,)', int64(4, 4, 5)),
  }
  await writeFile(path, npz(arrays))
  const warnings: string[] = []
  const sd = await loadSpikeDataFromSpikeInterface(path, { onWarning: ({ message }) => warnings.push(message) })
  t.same(sd.train, [Float64Array.of(), Float64Array.of(1, 2)])
  t.match(warnings, [/does not list were left out: 1\./])
  const cases: [string, Record<string, Uint8Array>, RegExp][] = [
    ['no segments', { num_segment: npy("'<i8'", '(1,)', int64(0)) }, /it is 0, no count of segments/],
    ['labels of another count', { spike_labels_seg0: npy("'<i8'", '(1,)', int64(4)) }, /3 samples have 1 labels/],
    ['ids that are objects', { unit_ids: npy("'|O'", '(1,)', 'N.') }, /of type \|O, not numbers/],
  ]
  for (const [name, changed, message] of cases) {
    await writeFile(path, npz({ ...arrays, ...changed }))
    await t.rejects(loadSpikeDataFromSpikeInterface(path), { code: 'ERR_INVALID_FILE', message }, name)
  }
})
