/**
 * Workspaces: how the two files lie on the disk, what is refused, and what one warning lists.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { WorkspaceItems, WorkspaceOptions } from '../../lib/index.js'
import { exportToWorkspace, NDArray, PairwiseCompMatrix, pyFloat, pyTuple, RateData, SpikeData, SpikeSliceStack } from '../../lib/index.js'
import type { ReadDataset } from '../support/hdf5-file.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { s3Store } from '../support/s3-store.js'

const dir = t.testdir()
const HEADING = { workspaceId: 'an id', createdAt: new Date(1500) }
const sd = new SpikeData([[1, 2.5], [], [7]], { length: 100, startTime: -5 })

let count = 0
/** Writes a workspace, and what is in its files. */
async function written(items: unknown, options: WorkspaceOptions = {}) {
  const base = `${dir}/${count++}`
  const report = await exportToWorkspace(items as WorkspaceItems, base, { ...HEADING, ...options })
  return { report, file: await readHdf5(`${base}.h5`), json: readFileSync(`${base}.json`, 'utf8'), base }
}

/** Values of an attribute, or of a dataset, as h5wasm returns them. */
const attribute = (file: Awaited<ReturnType<typeof readHdf5>>, group: string, name: string) => file.groupAttributes[group]?.[name]
const lost = ({ report }: Awaited<ReturnType<typeof written>>) => report.warnings.map(({ message }) => message)

t.test('the layout of a recording', async (t) => {
  const raw = { rawData: new NDArray(Int16Array.of(1, 2, 3, 4), [2, 2]), rawTime: 20 }
  const metadata = { culture: 'A-12', rate: 0.5, list: [1, pyFloat(2)], array: Uint8Array.of(7) }
  const recording = new SpikeData([[1, 2.5], [], [7]], { length: 100, startTime: -5, metadata, ...raw })
  const { file, report, base } = await written({ ns: { sd: recording } }, { name: 'a name', notes: { ns: { sd: 'a note' } } })
  t.strictSame(file.attributes, { __workspace_id__: 'an id', __workspace_name__: 'a name', __created_at__: 1.5 })
  t.strictSame(file.groupAttributes['ns'], {})
  t.strictSame(file.groupAttributes['ns/sd'], {
    __type__: 'SpikeData',
    __created_at__: 1.5,
    __note__: 'a note',
    N: 3n,
    length_ms: 100,
    start_time: -5,
    __metadata__:
      '{"culture": "A-12", "rate": 0.5, "list": [1, 2.0], "array": {"__ndarray__": true, "dtype": "uint8", "shape": [1], "values": [7]}}',
  })
  t.strictSame(
    Object.keys(file.datasets).sort(),
    ['raw_data', 'raw_time', 'spike_times', 'spike_times_index'].map((name) => `ns/sd/${name}`),
  )
  t.match(file.datasets['ns/sd/spike_times'], { dtype: '<d', shape: [3], values: Float64Array.of(1, 2.5, 7), chunks: null })
  t.match(file.datasets['ns/sd/spike_times_index'], { dtype: '<q', values: BigInt64Array.of(2n, 2n, 3n) })
  t.match(file.datasets['ns/sd/raw_data'], { dtype: '<h', shape: [2, 2] })
  t.match(file.datasets['ns/sd/raw_time'], { dtype: '<d', values: Float64Array.of(0, 0.05) })
  t.match(report, { paths: [`${base}.h5`, `${base}.json`], path: `${base}.h5`, indexPath: `${base}.json`, workspaceId: 'an id' })
  t.match(report, { spikeCount: 3, unitCount: 3, warnings: [] })
  t.equal(report.bytesWritten, statSync(`${base}.h5`).size + statSync(`${base}.json`).size)
})

t.test('counts are those of all items', async (t) => {
  const rates = new RateData(new NDArray(new Float64Array(4), [4, 1]), [0])
  const { report } = await written({ a: { sd, rates }, b: { again: { inside: sd } } })
  t.match(report, { spikeCount: 6, unitCount: 10 })
})

t.test('columns of attributes', async (t) => {
  const neuronAttributes = [
    { int: 1, float: 1.5, mixed: 1, big: 2n ** 60n, flag: true, text: 'a', array: Int8Array.of(1, 2), list: [1.5, 2], nans: [NaN] },
    { int: 2, mixed: 1.5, flag: false, array: Int16Array.of(300, 4), nans: [NaN] },
    { float: 2.5, text: 'µ', list: [3, 4], nans: [1] },
  ]
  const columns = 'ns/sd/neuron_attributes'
  const { file, report } = await written({ ns: { sd: new SpikeData([[], [], []], { length: 1, neuronAttributes }) } })
  t.strictSame(report.warnings, [])
  const values = (name: string) => file.datasets[`${columns}/${name}`]?.values
  const attributes = (name: string) => file.datasets[`${columns}/${name}`]?.attributes
  t.strictSame([values('int'), attributes('int')], [Float64Array.of(1, 2, NaN), { __scalar_kind__: 'int' }])
  t.strictSame([values('big'), attributes('big')], [Float64Array.of(2 ** 60, NaN, NaN), { __scalar_kind__: 'int' }])
  t.strictSame([values('float'), attributes('float')], [Float64Array.of(1.5, NaN, 2.5), {}])
  // SpikeLab goes by the first value, and reads 1.5 as 1 then.
  t.strictSame([values('mixed'), attributes('mixed')], [Float64Array.of(1, 1.5, NaN), {}])
  t.strictSame([values('flag'), attributes('flag')], [Float64Array.of(1, 0, NaN), { __scalar_kind__: 'bool' }])
  t.strictSame([values('text'), attributes('text')], [['a', '', 'µ'], {}])
  t.strictSame(
    [values('array'), attributes('array')],
    [Int16Array.of(1, 2, 300, 4, 0, 0), { __missing_unit_indices__: BigInt64Array.of(2n) }],
  )
  t.strictSame(
    [values('list'), attributes('list')],
    [Float64Array.of(1.5, 2, NaN, NaN, 3, 4), { __missing_unit_indices__: BigInt64Array.of(1n) }],
  )
  t.match(Object.keys(attributes('nans') ?? {}), ['__missing_unit_indices__'], 'a row of NaN is not taken for a missing one')
})

t.test('what is lost is in one warning', async (t) => {
  const neuronAttributes = [
    {
      ragged: [1],
      kinds: 1,
      huge: 2n ** 60n + 1n,
      'a/b': 1,
      nan: NaN,
      'all nan': NaN,
      empty: '',
      date: new Date(0),
      texts: ['a'],
      nul: 'a\0',
    },
    { ragged: [1, 2], kinds: 'a', nan: 2, empty: 'x', bools: [true], scalar: new NDArray(Float64Array.of(1), []) },
    { bools: [1], kept: 5 },
  ]
  const odd = new SpikeData([[], [], []], { length: 1, neuronAttributes, metadata: { window: pyTuple(1, 2) } })
  const matrix = new PairwiseCompMatrix(new NDArray(new Float64Array(4), [2, 2]), { labels: ['a', 1] })
  const rates = new RateData(new NDArray(new Float64Array(1), [1, 1]), [0], { rateUnit: 'Hz' })
  const done = await written({ ns: { odd, matrix, rates } })
  const names = Object.keys(done.file.datasets).map((path) => path.replace('ns/odd/neuron_attributes/', ''))
  t.strictSame(names.filter((name) => !name.includes('/')).sort(), ['empty', 'kept', 'nan'])
  t.notOk(done.file.datasets['ns/matrix/labels'])
  const [message = '', ...others] = lost(done)
  t.strictSame(others, [])
  t.equal(done.report.warnings[0]?.code, 'SPIKEPORT_WORKSPACE_LOST')
  const place = 'items.ns.odd.neuronAttributes'
  for (const name of ['ragged', 'kinds', 'huge', 'date', 'texts', 'nul', 'bools', 'scalar']) t.match(message, `'${place}.${name}'`)
  t.match(message, `whose names no dataset can have ('${place}[\\'a/b\\']')`.replaceAll("\\'", "'"))
  t.match(message, `NaN is read as a missing value of the attributes ('${place}.nan', '${place}['all nan']')`)
  t.match(message, `an empty text is read as a missing value of the attributes ('${place}.empty')`)
  t.match(message, `labels are left out that are neither all texts nor all numbers nor all booleans ('items.ns.matrix')`)
  t.match(message, `units of rates are left out ('items.ns.rates')`)
  t.match(message, `tuples in metadata are read as lists ('items.ns.odd.metadata')`)
})

t.test('a long list of what is lost is cut', async (t) => {
  const neuronAttributes = [Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`a${i}`, new Date(0)]))]
  const [message] = lost(await written({ ns: { sd: new SpikeData([[]], { length: 1, neuronAttributes }) } }))
  t.match(message, / and 15 more\)/)
})

t.test('nothing known of units is no group', async (t) => {
  const { file, report } = await written({
    ns: { sd: new SpikeData([[], []], { length: 1, neuronAttributes: [{}, { a: undefined, b: null }] }) },
  })
  t.notOk(file.groups.some((name) => name.includes('neuron_attributes')))
  t.strictSame(report.warnings, [])
})

t.test('more units without an array than an attribute can list', async (t) => {
  const neuronAttributes = (missing: number) => [{ w: [1, 2] }, ...Array.from({ length: missing }, () => ({}))]
  const recording = (missing: number) =>
    new SpikeData(
      Array.from({ length: missing + 1 }, () => []),
      { length: 1, neuronAttributes: neuronAttributes(missing) },
    )
  const held = await written({ ns: { sd: recording(8000) } })
  t.strictSame(lost(held), [])
  const listed = held.file.datasets['ns/sd/neuron_attributes/w']?.attributes['__missing_unit_indices__'] as BigInt64Array
  t.equal(listed.length, 8000)
  t.match(lost(await written({ ns: { sd: recording(8001) } })), [/left out whose values no column holds/])
})

t.test('dicts', async (t) => {
  const dict = {
    i: 1,
    u: 2n ** 64n - 1n,
    f: pyFloat(1),
    b: true,
    s: 'x',
    n: null,
    t: pyTuple(1, 2),
    set: new Set([3, 1]),
    l: ['a'],
    d: {},
    skipped: undefined,
  }
  const { file } = await written({ ns: { dict } })
  const types = Object.keys(dict).map((key) => attribute(file, `ns/dict/${key}`, '__type__'))
  t.strictSame(types, ['scalar', 'scalar', 'scalar', 'scalar', 'scalar_str', 'none', 'tuple', 'set', 'ndarray', 'dict', undefined])
  t.strictSame(
    ['i', 'u', 'f', 'b', 's'].map((key) => attribute(file, `ns/dict/${key}`, '__scalar_value__')),
    [1n, 2n ** 64n - 1n, 1, 1, 'x'],
  )
  t.strictSame(
    ['i', 'u', 'f', 'b'].map((key) => attribute(file, `ns/dict/${key}`, '__scalar_kind__')),
    ['int', 'int', 'float', 'bool'],
  )
  t.strictSame(file.datasets['ns/dict/set/data']?.values, BigInt64Array.of(1n, 3n))
  t.equal(attribute(file, 'ns/dict/l', '__created_at__'), 1.5)
  t.equal(attribute(file, 'ns/dict/i', '__created_at__'), undefined)
})

t.test('a large set is in order', async (t) => {
  const members = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003)
  const { file } = await written({ ns: { dict: { numbers: new Set(members), texts: new Set(members.map(String)) } } })
  t.strictSame(
    Array.from((file.datasets['ns/dict/numbers/data'] as ReadDataset).values as BigInt64Array, Number),
    members.toSorted((a, b) => a - b),
  )
  t.strictSame(file.datasets['ns/dict/texts/data']?.values, members.map(String).toSorted())
})

t.test('the index', async (t) => {
  const stack = new SpikeSliceStack([new SpikeData([[1]], { length: 5 }), new SpikeData([[1]], { length: 7.5 })])
  const { json } = await written(
    { b: { text: ['é🧠', ''], sd }, a: { stack, 10: Float32Array.of(1), 9: {} } },
    { notes: { b: { sd: 'é' } } },
  )
  t.strictSame(JSON.parse(json), {
    workspace_id: 'an id',
    name: null,
    created_at: 1.5,
    index: {
      a: {
        10: { type: 'ndarray', shape: [1], dtype: 'float32', created_at: 1.5 },
        9: { type: 'dict', created_at: 1.5 },
        stack: { type: 'SpikeSliceStack', N_slices: 2, N_units: 1, length_ms: [5, 7.5], created_at: 1.5 },
      },
      b: {
        sd: { type: 'SpikeData', N: 3, length_ms: 100, start_time: -5, created_at: 1.5, note: 'é' },
        text: { type: 'ndarray', shape: [2], dtype: '<U2', created_at: 1.5 },
      },
    },
  })
  t.match(json, `"length_ms": 100.0,\n        "start_time": -5.0,`)
  t.match(json, '"note": "\\u00e9"')
  t.ok(json.indexOf('"10"') < json.indexOf('"9"'), 'in the order of the file')
})

t.test('paths', async (t) => {
  const folder = t.testdir()
  const names = async (path: string | URL) => {
    const { paths } = await exportToWorkspace({}, path as string)
    return paths
  }
  t.strictSame(await names(`${folder}/a`), [`${folder}/a.h5`, `${folder}/a.json`])
  t.strictSame(await names(`${folder}/b.h5`), [`${folder}/b.h5`, `${folder}/b.json`])
  t.strictSame(await names(pathToFileURL(`${folder}/c d.h5`)), [`${folder}/c d.h5`, `${folder}/c d.json`])
  t.strictSame(await names(`${folder}/e.h5.h5`), [`${folder}/e.h5.h5`, `${folder}/e.h5.json`])
  t.strictSame(await names(`${folder}/f.hdf5`), [`${folder}/f.hdf5.h5`, `${folder}/f.hdf5.json`])
  await t.rejects(exportToWorkspace({}, `${folder}/none/a`), { code: 'ENOENT', path: `${folder}/none/a.h5` })
  await t.rejects(exportToWorkspace({}, `${folder}/`), { message: /Expected the path of a file/ })
  t.strictSame(readdirSync(folder).length, 10)
})

t.test('an upload', async (t) => {
  const uploaded: string[] = []
  const { upload } = await s3Store(t, (request, response) => {
    request.resume().on('end', () => {
      uploaded.push(`${request.method} ${new URL(request.url ?? '', 'http://store').pathname}`)
      response.writeHead(200, { etag: '"etag"' }).end()
    })
  })
  const { paths, bytesWritten } = await exportToWorkspace({ ns: { sd } }, 's3://bucket/a/results.h5', upload)
  t.strictSame(paths, ['s3://bucket/a/results.h5', 's3://bucket/a/results.json'])
  t.strictSame(uploaded, ['PUT /bucket/a/results.h5', 'PUT /bucket/a/results.json'], 'in this order')
  t.ok(bytesWritten > 0)
  const { path, indexPath } = await exportToWorkspace({}, 's3://bucket/b', upload)
  t.strictSame([path, indexPath], ['s3://bucket/b.h5', 's3://bucket/b.json'])
})

t.test('the bytes are the same again', async (t) => {
  const items = { ns: { sd, dict: { a: 1 } } }
  const [first, second] = [await written(items), await written(items)]
  for (const extension of ['.h5', '.json']) {
    t.ok(readFileSync(first.base + extension).equals(readFileSync(second.base + extension)), extension)
  }
  const one = await exportToWorkspace(items, `${dir}/random`)
  t.match(one.workspaceId, /^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  t.match(readFileSync(`${dir}/random.json`, 'utf8'), one.workspaceId)
})

t.test('both files are as before when something fails', async (t) => {
  const folder = t.testdir({ 'a.json': { 'a folder': '' } })
  await t.rejects(exportToWorkspace({ ns: { sd } }, `${folder}/a`), { code: 'EISDIR', path: `${folder}/a.json` })
  t.strictSame(readdirSync(folder), ['a.json'], 'the file is not there without its index')

  await exportToWorkspace({ ns: { sd } }, `${folder}/b`)
  const before = readFileSync(`${folder}/b.h5`)
  const signal = AbortSignal.abort(new Error('enough'))
  await t.rejects(exportToWorkspace({}, `${folder}/b`, { signal }), { message: 'enough' })
  await t.rejects(
    exportToWorkspace({}, `${folder}/b`, {
      onProgress() {
        throw new Error('no')
      },
    }),
  )
  t.strictSame(readdirSync(folder).sort(), ['a.json', 'b.h5', 'b.json'])
  t.ok(before.length > 0)
})

t.test('progress counts both files', async (t) => {
  const seen: number[] = []
  const { bytesWritten } = await exportToWorkspace({ ns: { sd } }, `${dir}/progress`, {
    onProgress: ({ bytesWritten, bytesTotal }) => seen.push(bytesWritten, bytesTotal),
  })
  t.ok(seen.length >= 2)
  t.equal(seen.at(-1), seen.at(-2))
  t.ok(bytesWritten > 0)
})

t.test('the writer of the HDF5 library makes the same tree', async (t) => {
  const neuronAttributes = [{ a: [1], b: true }, {}, {}]
  const items = {
    ns: {
      sd: new SpikeData([[1], [], []], { length: 5, neuronAttributes, metadata: { long: 'x'.repeat(100_000) } }),
      dict: { i: 1, b: false },
    },
  }
  const direct = await written(items)
  t.teardown(() => delete process.env.SPIKEPORT_HDF5_WRITER)
  process.env.SPIKEPORT_HDF5_WRITER = 'library'
  const library = await written(items)
  t.strictSame(library.file, direct.file)
  t.equal(library.json, direct.json)
})

t.test('objects of another realm', async (t) => {
  const items = runInNewContext(`({ ns: { dict: { list: [1, 2], map: new Map([['a', 1]]), set: new Set([1]), array: Int8Array.of(1) } } })`)
  const { file } = await written(items)
  t.strictSame(file.datasets['ns/dict/array/data']?.values, Int8Array.of(1))
  t.equal(attribute(file, 'ns/dict/map/a', '__scalar_value__'), 1n)
})

t.test('every value is read once', async (t) => {
  const reads: string[] = []
  const counted = (target: object, name: string): object =>
    new Proxy(target, {
      get(object, key) {
        if (typeof key === 'string' && Object.hasOwn(object, key) && key !== 'length') reads.push(`${name}.${key}`)
        return Reflect.get(object, key) as unknown
      },
    })
  const list = counted([1, 2], 'list')
  const dict = counted({ a: 1, list }, 'dict')
  const metadata = { inner: counted({ a: [1] }, 'metadata') }
  const recording = new SpikeData([[]], { length: 1, metadata, neuronAttributes: [counted({ e: 1 }, 'attributes') as { e: number }] })
  await written(counted({ ns: counted({ dict, recording }, 'ns') }, 'items'))
  t.strictSame([...reads].sort(), [...new Set(reads)].sort())
  for (const read of ['items.ns', 'ns.dict', 'dict.a', 'list.1', 'metadata.a', 'attributes.e']) t.ok(reads.includes(read), read)
})

const cycle: Record<string, unknown> = {}
cycle['again'] = cycle
const circle: unknown[] = []
circle.push(circle)
let deep: Record<string, unknown> = {}
for (let i = 0; i < 101; i++) deep = { deep }
const detached = Float64Array.of(1)
structuredClone(detached, { transfer: [detached.buffer] })
const withMetadata = (metadata: object) => ({
  ns: { sd: new SpikeData([[]], { length: 1, metadata: metadata as Record<string, unknown> }) },
})

const REFUSED: [what: string, items: unknown, message: RegExp][] = [
  ['no items', undefined, /^Expected a plain object for items but received undefined\.$/],
  ['a recording', sd, /Expected a plain object for items/],
  ['an array', [], /Expected a plain object for items/],
  ['a namespace that is none', { ns: sd }, /Expected a plain object for items\.ns/],
  ['a namespace of null', { ns: null }, /Expected a plain object for items\.ns/],
  ['a namespace that SpikeLab skips', { __ns: {} }, /Expected a name that does not begin with '__', which SpikeLab skips, for items\.__ns/],
  ['a namespace with a slash', { 'a/b': {} }, /Expected a name that .* has no '\/', .* for items\['a\/b'\]/],
  ['an empty namespace', { '': {} }, /Expected a name that is not empty/],
  ['a key with a slash', { ns: { 'a/b': {} } }, /for items\.ns\['a\/b'\]/],
  ['the key .', { ns: { '.': {} } }, /Expected a name that/],
  ['a key with NUL', { ns: { 'a\0': {} } }, /Expected a name that/],
  ['a key with half a character', { ns: { '\ud800': {} } }, /Expected a name that/],
  ['a key of a dict with a slash', { ns: { dict: { 'a/b': 1 } } }, /for items\.ns\.dict\['a\/b'\]/],
  ['a Map with other keys', { ns: { map: new Map([[1, 2]]) } }, /Expected a string as the key for items\.ns\.map\[1\]/],
  [
    'a number',
    { ns: { a: 1 } },
    /Expected an object of SpikeLab, an array, a list, a plain object or a Map for items\.ns\.a but received 1/,
  ],
  ['null', { ns: { a: null } }, /for items\.ns\.a but received null/],
  ['a string', { ns: { a: 'x' } }, /for items\.ns\.a/],
  ['a Date', { ns: { a: new Date(0) } }, /for items\.ns\.a/],
  ['a tuple', { ns: { a: pyTuple(1) } }, /for items\.ns\.a/],
  ['a Set', { ns: { a: new Set() } }, /for items\.ns\.a/],
  ['a proxy of a recording', { ns: { a: new Proxy(sd, {}) } }, /for items\.ns\.a/],
  ['a function in a dict', { ns: { dict: { f() {} } } }, /Expected .* a tuple or a Set for items\.ns\.dict\.f but received function f/],
  ['a ragged list', { ns: { a: [[1], [1, 2]] } }, /Expected numbers, texts or booleans in lists of one length for items\.ns\.a/],
  ['a list of several kinds', { ns: { dict: { a: [1, 'a'] } } }, /lists of one length for items\.ns\.dict\.a/],
  ['a list of null', { ns: { a: [null] } }, /lists of one length/],
  ['a list of texts with NUL', { ns: { a: ['a\0'] } }, /lists of one length/],
  ['integers that no dtype holds', { ns: { a: [-1, 2n ** 63n] } }, /lists of one length/],
  ['integers beside floats that float64 does not hold', { ns: { a: [0.5, 2n ** 60n + 1n] } }, /lists of one length/],
  ['a circle', { ns: { a: circle } }, /lists of one length/],
  ['a cycle', { ns: { cycle } }, /Expected values nested at most 100 levels deep/],
  ['101 levels', { ns: { deep } }, /Expected values nested at most 100 levels deep/],
  [
    'an integer beyond 64 bits',
    { ns: { dict: { a: 2n ** 64n } } },
    /Expected an integer that fits int64 or uint64 for items\.ns\.dict\.a but/,
  ],
  ['a text with NUL', { ns: { dict: { a: 'a\0' } } }, /Expected text without NUL characters and lone surrogates for items\.ns\.dict\.a/],
  ['a set of several kinds', { ns: { dict: { a: new Set([1, 'a']) } } }, /Expected a set of only numbers, only texts or only booleans/],
  ['a set of lists', { ns: { dict: { a: new Set([[1]]) } } }, /Expected a set of only numbers/],
  ['a set with NaN', { ns: { dict: { a: new Set([NaN]) } } }, /Expected a set without NaN/],
  ['an array that was transferred', { ns: { a: detached } }, /whose buffer was not transferred for items\.ns\.a/],
  [
    'an array of 33 axes',
    { ns: { a: new NDArray(new Float64Array(1), Array(33).fill(1)) } },
    /Expected at most 32 axes for items\.ns\.a\.shape/,
  ],
  [
    'metadata that JSON does not hold',
    withMetadata({ f: new Set() }),
    /Expected a value that JSON can hold for items\.ns\.sd\.metadata\.f/,
  ],
  [
    'metadata like an array',
    withMetadata({ a: { __ndarray__: true } }),
    /Expected another key, which SpikeLab does not take for an array,/,
  ],
  ['metadata in a cycle', withMetadata({ cycle }), /Expected values nested at most 100 levels deep/],
  [
    'a Map with other keys in metadata',
    withMetadata({ m: new Map([[1, 2]]) }),
    /Expected a string as the key for items\.ns\.sd\.metadata\.m\[1\]/,
  ],
]

for (const [what, items, message] of REFUSED) {
  t.test(`refused: ${what}`, async (t) => {
    await t.rejects(exportToWorkspace(items as WorkspaceItems, `${dir}/refused`), { message, code: /^ERR_INVALID_ARG_/ })
    t.notOk(existsSync(`${dir}/refused.h5`) || existsSync(`${dir}/refused.json`))
  })
}

const WRONG: [options: object, message: RegExp][] = [
  [{ name: 5 }, /Expected a string for name/],
  [{ name: '' }, /Expected a string that is not empty for name/],
  [{ workspaceId: 5 }, /Expected a string for workspaceId/],
  [{ createdAt: 5 }, /Expected a Date for createdAt/],
  [{ createdAt: new Date(NaN) }, /Expected a valid date for createdAt/],
  [{ notes: [] }, /Expected a plain object for notes/],
  [{ notes: { ns: 'a' } }, /Expected a plain object for notes\.ns/],
  [{ notes: { ns: { sd: 5 } } }, /Expected a string for notes\.ns\.sd/],
  [{ notes: { ns: { sd: '' } } }, /Expected a string that is not empty for notes\.ns\.sd/],
  [{ notes: { ns: { other: 'a' } } }, /Expected notes on items for notes but received 'ns\.other'/],
  [{ notes: { other: { sd: 'a' } } }, /Expected notes on items for notes but received 'other\.sd'/],
  [{ workspaceID: 'a' }, /did you mean workspaceId\?/],
  [{ overwrite: true }, /Expected the name of an option/],
  [{ s3Upload: true }, /Expected an S3 URL/],
]

for (const [options, message] of WRONG) {
  t.test(`wrong options: ${message.source}`, async (t) => {
    await t.rejects(exportToWorkspace({ ns: { sd } }, `${dir}/wrong`, options as WorkspaceOptions), { message, code: /^ERR_INVALID_ARG_/ })
    t.notOk(existsSync(`${dir}/wrong.h5`))
  })
}

t.test('options that are missing', async (t) => {
  const options = { name: null, notes: null, workspaceId: undefined, createdAt: null }
  await t.resolves(exportToWorkspace({ ns: { sd, left: undefined }, out: undefined }, `${dir}/missing`, options))
  writeFileSync(`${dir}/missing.h5`, 'replaced')
  await exportToWorkspace({}, `${dir}/missing`, { notes: { ns: undefined, other: null } as never })
  t.strictSame(JSON.parse(readFileSync(`${dir}/missing.json`, 'utf8')).index, {})
})

t.test('a file that has the name of the index by chance', async (t) => {
  writeFileSync(`${dir}/mine.json`, '{"precious": 1}')
  for (const path of [`${dir}/mine`, `${dir}/mine.h5`]) {
    await t.rejects(exportToWorkspace({ ns: { sd } }, path), {
      code: 'ERR_INVALID_ARG_VALUE',
      message:
        /^Expected a path without another file than the index of a workspace at '.*mine\.json' for path but received '.*mine(\.h5)?'\.$/,
    })
  }
  t.equal(readFileSync(`${dir}/mine.json`, 'utf8'), '{"precious": 1}')
  t.notOk(existsSync(`${dir}/mine.h5`))
  writeFileSync(`${dir}/mine.json`, '')
  for (let i = 0; i < 2; i++) await exportToWorkspace({ ns: { sd } }, `${dir}/mine`)
  t.match(readFileSync(`${dir}/mine.json`, 'utf8'), /^{\n {2}"workspace_id": /)
})
