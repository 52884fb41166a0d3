/** Workspaces read back: every class, arrays, dicts, attributes of units, metadata; and files that are not what they should be. */
import { readdirSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Dataset, Group, File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { ExportWarning, LoadWorkspaceOptions, WorkspaceItems } from '../../lib/index.js'
import {
  exportToWorkspace,
  FormatError,
  loadWorkspace,
  loadWorkspaceItem,
  NDArray,
  PairwiseCompMatrix,
  pyFloat,
  pyTuple,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { HEADING, WORKSPACES } from '../interop/workspace-items.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { fc } from '../support/property.js'

await ready

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

/** Writes items and loads them again. */
async function throughFile(path: string, items: WorkspaceItems, options: LoadWorkspaceOptions = {}) {
  await exportToWorkspace(items, path, HEADING)
  const warnings: ExportWarning[] = []
  const workspace = await loadWorkspace(path, { onWarning: (warning) => warnings.push(warning), ...options })
  return { ...workspace, warnings }
}

/** One item of any kind. */
async function itemThroughFile(path: string, item: unknown, options?: LoadWorkspaceOptions): Promise<unknown> {
  await exportToWorkspace({ a: { b: item } } as WorkspaceItems, path, HEADING)
  return loadWorkspaceItem(path, 'a', 'b', options)
}

/** Where a link of the kernel's leads, if it is still there. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

/** Changes a file in place, as other programs write it. */
function edit(path: string, change: (file: H5File) => void): void {
  const file = new H5File(path, 'a')
  change(file)
  file.close()
}

function group(file: H5File, path: string): Group {
  const found = file.get(path)
  if (found instanceof Group) return found
  throw new Error(`No group at ${path}.`)
}

/** Copies all of a group but what is at one path. */
function copyGroup(from: Group, to: Group, without: string): void {
  copyAttributes(from, to)
  for (const key of from.keys()) {
    const child = from.get(key)
    if (`${from.path}/${key}`.replace(/^\/+/, '') === without) continue
    if (child instanceof Group) copyGroup(child, to.create_group(key) as Group, without)
    else if (child instanceof Dataset) {
      const { value, shape, dtype } = child
      copyAttributes(child, to.create_dataset({ name: key, data: value as Float64Array, shape: shape as number[], dtype: dtype as '<d' }))
    }
  }
}

function copyAttributes(from: Group | Dataset, to: Group | Dataset): void {
  for (const [name, { value, shape, dtype }] of Object.entries(from.attrs)) to.create_attribute(name, value as number, shape, dtype as '<d')
}

for (const [name, { items, options }] of Object.entries(WORKSPACES)) {
  t.test(`what is loaded is written as the same file again: ${name}`, async (t) => {
    const folder = t.testdir()
    await exportToWorkspace(items, `${folder}/first`, { ...HEADING, ...options })
    const { items: loaded, ...heading } = await loadWorkspace(`${folder}/first`, { onWarning: ({ message }) => t.fail(message) })
    const { warnings } = await exportToWorkspace(loaded, `${folder}/second`, heading)
    t.strictSame(warnings, [])
    t.strictSame(await readHdf5(`${folder}/second.h5`), await readHdf5(`${folder}/first.h5`))
    t.equal(await readFile(`${folder}/second.json`, 'utf8'), await readFile(`${folder}/first.json`, 'utf8'))
  })
}

t.test('a workspace has its heading, and items by namespace and key', async (t) => {
  const path = `${t.testdir()}/results`
  const items = { day1: { rates: Float64Array.of(20, 10) }, 'day 2': { dict: { a: 1 } }, empty: {} }
  await exportToWorkspace(items, path, { ...HEADING, name: 'µ', notes: { day1: { rates: 'in Hz' } } })
  const workspace = await loadWorkspace(path)
  t.strictSame(workspace, { ...HEADING, name: 'µ', items, notes: { day1: { rates: 'in Hz' } } })
  t.strictSame(await loadWorkspace(`${path}.h5`), workspace)
  t.strictSame(await loadWorkspace(pathToFileURL(path)), workspace)
  t.strictSame(await loadWorkspaceItem(path, 'day1', 'rates'), Float64Array.of(20, 10))
})

t.test('recordings come back, whatever they are', async (t) => {
  const path = `${t.testdir()}/any`
  const trains = fc.array(fc.array(fc.double({ min: -5, max: 95, noNaN: true }), { maxLength: 8 }), { maxLength: 6 })
  const values = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constant(undefined))
  const property = fc.asyncProperty(trains, fc.array(values, { minLength: 6, maxLength: 6 }), async (trains, values) => {
    const neuronAttributes = trains.map((_, unit) => ({ value: values[unit] }))
    const given = new SpikeData(trains, { startTime: -5, length: 100, neuronAttributes })
    const loaded = (await itemThroughFile(path, given, { pythonTypes: 'plain' })) as SpikeData
    t.ok(loaded instanceof SpikeData)
    t.strictSame(loaded.train, given.train)
    t.strictSame([loaded.N, loaded.startTime, loaded.length], [trains.length, -5, 100])
    const found = loaded.neuronAttributes?.map(({ value }) => value) ?? trains.map(() => undefined)
    t.strictSame(
      found,
      trains.map((_, unit) => values[unit]),
    )
  })
  await fc.assert(property)
})

t.test('values of dicts come back, whatever they are', async (t) => {
  const path = `${t.testdir()}/any`
  const name = fc
    .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
    .filter((text) => /^[^/\0\p{Surrogate}]+$/u.test(text) && !/^\.+$/.test(text))
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double().filter((number) => !Number.isSafeInteger(number) || Object.is(number, -0)),
    fc.maxSafeInteger().map((number) => pyFloat(number)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.string({ unit: 'grapheme' }).filter((text) => /^[^\0\p{Surrogate}]*$/u.test(text)),
    fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }).map((items) => pyTuple(...items)),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }).map((items) => new Set(items.toSorted((a, b) => a - b))),
    fc.float32Array({ maxLength: 4 }),
  )
  const { dict } = fc.letrec<{ dict: Record<string, unknown>; value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, tie('dict')),
    dict: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  }))
  const property = fc.asyncProperty(dict, async (given) => {
    const plain = (value: unknown): unknown =>
      value instanceof Object && Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null
        ? value
        : value instanceof Object || (typeof value === 'object' && value !== null)
          ? new Map(
              Object.entries(value as object)
                .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
                .map(([key, item]) => [key, plain(item)]),
            )
          : value
    t.strictSame(plain(await itemThroughFile(path, given)), plain(given))
  })
  await fc.assert(property)
})

t.test('names that objects have already are names like any other', async (t) => {
  const path = `${t.testdir()}/names`
  const odd = (value: unknown) =>
    JSON.parse(`{ "__proto__": 0, "constructor": 0, "hasOwnProperty": 0 }`, (key, own) => (key === '' ? own : value)) as object
  const sd = new SpikeData([[1]], { length: 2, neuronAttributes: [odd(1)], metadata: odd(1) as never })
  const items = { constructor: { toString: sd }, dicts: { odd: odd(2) } } as unknown as WorkspaceItems
  const { items: loaded } = await throughFile(path, items)
  const found = loaded['constructor']?.['toString'] as SpikeData
  for (const object of [found.neuronAttributes?.[0], found.metadata, loaded['dicts']?.['odd']]) {
    t.equal(Object.getPrototypeOf(object), Object.prototype)
    t.strictSame(Object.keys(object as object).toSorted(), ['__proto__', 'constructor', 'hasOwnProperty'])
  }
})

t.test('pythonTypes says what becomes of whole floats and tuples', async (t) => {
  const path = `${t.testdir()}/types`
  const item = {
    float: pyFloat(2),
    half: 0.5,
    tuple: pyTuple(1, 2),
    floats: pyTuple(pyFloat(1), 2.5),
    whole: pyTuple(pyFloat(1), pyFloat(2)),
  }
  const sd = new SpikeData([[], []], {
    length: 1,
    neuronAttributes: [
      { x: 1.5, y: pyFloat(1) },
      { x: 2, y: pyFloat(2) },
    ],
    metadata: { fs: pyFloat(20_000), listed: [pyFloat(1)] },
  })
  t.strictSame(await itemThroughFile(path, item), { ...item, floats: pyTuple(1, 2.5) })
  t.strictSame(await itemThroughFile(path, item, { pythonTypes: 'plain' }), {
    float: 2,
    floats: [1, 2.5],
    half: 0.5,
    tuple: [1, 2],
    whole: [1, 2],
  })
  const exact = (await itemThroughFile(path, sd)) as SpikeData
  t.strictSame(exact.neuronAttributes, [
    { x: 1.5, y: pyFloat(1) },
    { x: 2, y: pyFloat(2) },
  ])
  t.strictSame(exact.metadata, { fs: pyFloat(20_000), listed: [pyFloat(1)] })
  const plain = (await itemThroughFile(path, sd, { pythonTypes: 'plain' })) as SpikeData
  t.strictSame(plain.neuronAttributes?.[1], { x: 2, y: 2 })
  t.strictSame(plain.metadata, { fs: 20_000, listed: [1] })
})

t.test('arrays keep their dtype and shape; texts and booleans are lists', async (t) => {
  const path = `${t.testdir()}/arrays`
  const cube = new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2])
  for (const array of [
    cube,
    Float32Array.of(0.5, NaN),
    new NDArray(BigUint64Array.of(2n ** 64n - 1n), []),
    new NDArray(new Int32Array(0), [0, 3]),
  ]) {
    t.strictSame(await itemThroughFile(path, array), array)
  }
  for (const list of [
    ['a', '', 'µ🧠'],
    [['a'], ['b']],
    [true, false],
    [[true], [false]],
  ]) {
    t.strictSame(await itemThroughFile(path, list), list)
  }
})

t.test('files of older versions', async (t) => {
  const path = `${t.testdir()}/old`
  const sd = new SpikeData([[1], [2], [3]], { length: 5 })
  await exportToWorkspace({ a: { sd, dict: { scalar: 1, flag: true, float: 2.5 } } }, path, HEADING)
  edit(`${path}.h5`, (file) => {
    const attributes = group(file, 'a/sd').create_group('neuron_attributes')
    attributes.create_dataset({ name: 'electrode', data: Float64Array.of(47, Number.NaN, 48) })
    attributes.create_dataset({ name: 'waveform', data: Float64Array.of(1, 2, Number.NaN, Number.NaN, Number.NaN, 3), shape: [3, 2] })
    group(file, 'a/sd').delete_attribute('start_time')
    for (const name of ['scalar', 'flag']) group(file, `a/dict/${name}`).delete_attribute('__scalar_kind__')
    file.create_group('__history__').create_group('not an item')
  })
  const { items } = await loadWorkspace(path)
  t.strictSame(Object.keys(items), ['a'])
  const loaded = items['a']?.['sd'] as SpikeData
  t.strictSame(loaded.neuronAttributes, [
    { electrode: pyFloat(47), waveform: Float64Array.of(1, 2) },
    {},
    { electrode: pyFloat(48), waveform: Float64Array.of(Number.NaN, 3) },
  ])
  t.equal(loaded.startTime, 0)
  t.strictSame(items['a']?.['dict'], { flag: true, float: 2.5, scalar: pyFloat(1) })
})

t.test('metadata is JSON as Python has it', async (t) => {
  const path = `${t.testdir()}/metadata`
  await exportToWorkspace({ a: { sd: new SpikeData([], { length: 1 }) } }, path, HEADING)
  const metadataOf = async (text: string, options?: LoadWorkspaceOptions) => {
    edit(`${path}.h5`, (file) => {
      group(file, 'a/sd').delete_attribute('__metadata__')
      group(file, 'a/sd').create_attribute('__metadata__', text)
    })
    return ((await loadWorkspaceItem(path, 'a', 'sd', options)) as SpikeData).metadata
  }
  t.strictSame(await metadataOf(' {\n "a" :\t[ NaN , -Infinity,Infinity, -0, -0.0, 1e2, 1E-2, true, null ] , "a b":{}}\r'), {
    a: [Number.NaN, -Infinity, Infinity, 0, -0, pyFloat(100), 0.01, true, null],
    'a b': {},
  })
  t.strictSame(await metadataOf('{"a": 1, "b": 2, "a": "\\u00b5\\ud83e\\udde0\\n\\/\\\\\\"" }'), { a: 'µ🧠\n/\\"', b: 2 })
  t.strictSame(
    await metadataOf(`{"a": ${'9'.repeat(40)}, "b": ${'[ '.repeat(500)}${']'.repeat(500)}}`).then(({ a }) => a),
    BigInt('9'.repeat(40)),
  )
  const array = (dtype: string, shape: string, values: string) =>
    `{"x": {"__ndarray__": true, "dtype": "${dtype}", "shape": ${shape}, "values": ${values}}}`
  t.strictSame(await metadataOf(array('>f4', '[2]', '[0.5, NaN]')), { x: Float32Array.of(0.5, Number.NaN) })
  t.strictSame(await metadataOf(array('float16', '[1, 1]', '[[1.0]]')), { x: new NDArray(Float32Array.of(1), [1, 1]) })
  t.strictSame(await metadataOf(array('uint64', '[1]', `[${2n ** 64n - 1n}]`)), { x: BigUint64Array.of(2n ** 64n - 1n) })
  t.strictSame(await metadataOf(array('<U2', '[2, 1]', '[["a"], ["bc"]]')), { x: [['a'], ['bc']] })
  t.strictSame(await metadataOf('{"x": {"__ndarray__": false}}'), { x: { __ndarray__: false } })
  const wrong = [
    ['', /ends at character 0/],
    ['[1]', /no object/],
    ['{"a": 1', /ends at character 7/],
    ['{"a": 1} x', /"x" at character 9/],
    ["{'a': 1}", /at character 1/],
    ['{"a": 01}', /at character 7/],
    ['{"a": "\t"}', /at character 7/],
    ['{"a": "\\x"}', /at character 7/],
    [`{"a": ${'['.repeat(2000)}}`, /1000 levels/],
    [`{"a": ${'9'.repeat(5000)}}`, /4300 digits/],
    [array('float64', '[3]', '[1.0]'), /array/],
    [array('float64', '[1]', '["a"]'), /array/],
    [array('int8', '[1]', '[300]'), /array/],
    [array('int64', '[1]', '[1.5]'), /array/],
    [array('float64', '[-1]', '[]'), /array/],
    ['{"x": {"__ndarray__": true}}', /array/],
  ] as const
  for (const [text, message] of wrong) {
    await t.rejects(
      metadataOf(text),
      { constructor: FormatError, code: 'ERR_INVALID_FILE', object: '/a/sd', message } as never,
      text.slice(0, 60),
    )
  }
})

t.test('the error for a name that is not there lists those that are', async (t) => {
  const path = `${t.testdir()}/names`
  await exportToWorkspace({ day1: { sorted: {}, rates: {} }, day2: {}, control: {} }, path, HEADING)
  await t.rejects(loadWorkspaceItem(path, 'dya1', 'sorted'), { ...VALUE, message: /for namespace .*'dya1'/ })
  await t.rejects(loadWorkspaceItem(path, 'dya1', 'sorted'), { message: /it has 'day1', 'control', 'day2'; did you mean 'day1'\?/ })
  await t.rejects(loadWorkspaceItem(path, 'day1', 'Sorted '), {
    ...VALUE,
    message: /key of the namespace 'day1' \(it has 'sorted', 'rates'; did you/,
  })
  await t.rejects(loadWorkspaceItem(path, 'day2', 'x'), { ...VALUE, message: /it has none/ })
  for (const name of ['', '.', 'day1/sorted', '\0', '\ud800']) await t.rejects(loadWorkspaceItem(path, name, 'sorted'), VALUE)
  await t.rejects(loadWorkspaceItem(path, 1 as never, 'a'), { ...TYPE, message: /for namespace/ })
  await t.rejects(loadWorkspaceItem(path, 'a', undefined as never), { ...TYPE, message: /for key/ })
})

t.test('options that make no sense', async (t) => {
  const load = (options: unknown) => loadWorkspace('none', options as LoadWorkspaceOptions)
  await t.rejects(load({ pythonTypes: 'all' }), { ...VALUE, message: /pythonTypes/ })
  await t.rejects(load({ pythonTypes: 1 }), { ...TYPE, message: /pythonTypes/ })
  await t.rejects(load({ pythonType: 'exact' }), { ...VALUE, message: /did you mean pythonTypes\?/ })
  await t.rejects(load({ signal: AbortSignal.abort(new Error('stop')) }), { message: 'stop' })
  await t.rejects(loadWorkspace(1 as never), TYPE)
  await t.rejects(loadWorkspace('s3://bucket/key' as string), VALUE)
  await t.rejects(load({}), { code: 'ENOENT' })
})

t.test('progress is that of all bytes; it and the signal stop a call', async (t) => {
  const path = `${t.testdir()}/progress`
  await exportToWorkspace({ a: { b: new Float64Array(1000), c: new SpikeData([[1, 2]], { length: 5 }) } }, path, HEADING)
  const seen: [number, number][] = []
  await loadWorkspace(path, { onProgress: ({ bytesRead, bytesTotal }) => seen.push([bytesRead, bytesTotal]) })
  t.strictSame(seen.at(-1), [8024, 8024])
  const stop = (): never => {
    throw new Error('enough')
  }
  await t.rejects(loadWorkspace(path, { onProgress: stop }), { message: 'enough' })
  const controller = new AbortController()
  const loading = loadWorkspace(path, { signal: controller.signal })
  controller.abort(new Error('stop'))
  await t.rejects(loading, { message: 'stop' })
})

t.test('a signal stops a call wherever it is, and the file is closed', async (t) => {
  const path = `${t.testdir()}/aborted`
  const { items } = WORKSPACES['recordings'] as (typeof WORKSPACES)[string]
  await exportToWorkspace({ ...items, many: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}`, { i }])) }, path, HEADING)
  const isOpen = () => readdirSync('/proc/self/fd').some((descriptor) => targetOf(`/proc/self/fd/${descriptor}`) === `${path}.h5`)
  let stopped = 0
  for (let turns = 0; turns < 40; turns++) {
    const controller = new AbortController()
    const loading = loadWorkspace(path, { signal: controller.signal }).catch((error: unknown) => error)
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error('stop'))
    const result = await loading
    if (result instanceof Error) {
      t.equal(result.message, 'stop')
      stopped++
    }
    if (process.platform !== 'linux') continue
    // A thread that is reading closes it when it has seen that it is to stop.
    for (let wait = 0; wait < 500 && isOpen(); wait++) await after(2)
    t.notOk(isOpen(), `after ${turns} turns`)
  }
  t.ok(stopped > 0)
})

t.test('files that are not what they should be', async (t) => {
  const folder = t.testdir()
  const rates = new RateData(new NDArray(Float64Array.of(1, 2), [2, 1]), [0], { neuronAttributes: [{ a: 1 }, { a: 2 }] })
  const slices = new SpikeSliceStack([new SpikeData([[1]], { length: 5 }), new SpikeData([[1]], { length: 5 })])
  const items = {
    a: {
      sd: new SpikeData([[1], [2]], { length: 5, neuronAttributes: [{ a: [1] }, { a: [2] }] }),
      rates,
      slices,
      bins: new RateSliceStack(new NDArray(Float64Array.of(1), [1, 1, 1])),
      matrix: new PairwiseCompMatrix(new NDArray(Float64Array.of(1), [1, 1]), { labels: ['a'] }),
      array: Float64Array.of(1),
      dict: { inner: { x: 1, text: 'a', set: new Set([1]), tuple: pyTuple(1) } },
    },
  }
  let files = 0
  await exportToWorkspace(items, `${folder}/right`, HEADING)
  const made = (change: Change) => {
    const path = `${folder}/${files++}.h5`
    const [from, to] = [new H5File(`${folder}/right.h5`, 'r'), new H5File(path, 'w')]
    copyGroup(from, to, change.without ?? '')
    change(to)
    from.close()
    to.close()
    return path
  }
  type Change = ((file: H5File) => void) & { without?: string }
  const attribute = (path: string, name: string, value?: unknown) => (file: H5File) => {
    const object = path === '/' ? file : group(file, path)
    if (Object.hasOwn(object.attrs, name)) object.delete_attribute(name)
    if (value !== undefined) object.create_attribute(name, value as string)
  }
  const without = (path: string, change: (file: H5File) => void = () => {}) => Object.assign(change, { without: path })
  const dataset = (path: string, data: unknown, shape?: number[]) =>
    without(path, (file) => {
      const at = path.lastIndexOf('/')
      group(file, path.slice(0, at)).create_dataset({ name: path.slice(at + 1), data: data as Float64Array, ...(shape && { shape }) })
    })
  const wrong: [change: Change, object: string, message: RegExp][] = [
    [attribute('/', '__workspace_id__'), '/', /no workspace/],
    [attribute('/', '__created_at__'), '/', /__created_at__/],
    [attribute('a/array', '__type__'), '/a/array', /__type__/],
    [attribute('a/array', '__type__', 'DataFrame'), '/a/array', /'DataFrame'/],
    [attribute('a/array', '__type__', 'scalar'), '/a/array', /'scalar'/],
    [(file) => file.create_dataset({ name: 'b', data: Float64Array.of(1) }), '/b', /no group/],
    [without('a/array/data'), '/a/array/data', /not there/],
    [attribute('a/sd', 'N'), '/a/sd', /no attribute N/],
    [attribute('a/sd', 'N', 1), '/a/sd', /not valid|values for 1 units/],
    [attribute('a/sd', 'N', -1), '/a/sd', /-1/],
    [attribute('a/sd', 'length_ms', 'long'), '/a/sd', /length_ms/],
    [attribute('a/sd', 'length_ms', 1.5), '/a/sd/spike_times', /unit 1 has a spike at 2 ms, after/],
    [attribute('a/sd', 'start_time', 1.5), '/a/sd/spike_times', /unit 0 has a spike at 1 ms, before/],
    [dataset('a/sd/spike_times', Float64Array.of(1, Number.NaN)), '/a/sd/spike_times', /not finite/],
    [dataset('a/sd/spike_times', Float64Array.of(1, 2), [1, 2]), '/a/sd/spike_times', /axes/],
    [dataset('a/sd/spike_times', ['a', 'b']), '/a/sd/spike_times', /no numbers/],
    [dataset('a/sd/spike_times_index', Float64Array.of(2, 1)), '/a/sd/spike_times_index', /entry 1/],
    [dataset('a/sd/spike_times_index', Float64Array.of(1, 3)), '/a/sd/spike_times_index', /entry 1/],
    [dataset('a/sd/neuron_attributes/a', Float64Array.of(1)), '/a/sd/neuron_attributes/a', /1 values for 2 units/],
    [dataset('a/rates/times', Float64Array.of(Number.NaN)), '/a/rates', /not valid/],
    [dataset('a/rates/inst_Frate_data', Float64Array.of(1)), '/a/rates/inst_Frate_data', /axes/],
    [dataset('a/bins/times', Float64Array.of(1, 0), [1, 2]), '/a/bins', /not valid/],
    [dataset('a/bins/times', Float64Array.of(1), [1, 1]), '/a/bins/times', /pairs/],
    [attribute('a/bins', 'step_size', 0), '/a/bins', /not valid/],
    [without('a/slices/spike_stack'), '/a/slices/spike_stack', /not there/],
    [without('a/slices/spike_stack/0'), '/a/slices/spike_stack', /none of the name 0/],
    [dataset('a/matrix/labels', ['a', 'b']), '/a/matrix', /not valid/],
    [dataset('a/matrix/matrix', Float64Array.of(1, 2), [1, 2]), '/a/matrix', /not valid/],
    [attribute('a/dict/inner/text', '__scalar_value__'), '/a/dict/inner/text', /no text/],
    [attribute('a/dict/inner/x', '__scalar_value__', Number.NaN), '/a/dict/inner/x', /no integer/],
    [dataset('a/dict/inner/set/data', Float64Array.of(1), [1, 1]), '/a/dict/inner/set/data', /no set/],
    [dataset('a/dict/inner/tuple/data', Float64Array.of(1), []), '/a/dict/inner/tuple/data', /no list/],
    [(file) => file.create_soft_link('/nowhere', 'a/dangling'), '/a/dangling', /nowhere/],
    [(file) => file.create_soft_link('/a', 'a/dict/inner/circle'), '/a/dict/inner/circle', /\/a again/],
    [(file) => file.create_soft_link('/a/array', 'a/twin'), '/a/twin', /again/],
    [(file) => file.create_external_link('other.h5', '/', 'a/outside'), '/a/outside', /nowhere|out/],
    [
      (file) => {
        let inner = group(file, 'a/dict/inner')
        for (let level = 0; level < 120; level++) {
          inner = inner.create_group('x'.repeat(3)) as Group
          inner.create_attribute('__type__', 'dict')
        }
      },
      '/a/dict/inner/',
      /100 levels/,
    ],
  ]
  for (const [change, object, message] of wrong) {
    const path = made(change)
    const error = await loadWorkspace(path).then(
      () => undefined,
      (error: unknown) => error,
    )
    t.ok(error instanceof FormatError, `${object} ${message}: ${error}`)
    t.match(error, { code: 'ERR_INVALID_FILE', path, message })
    t.ok((error as FormatError)?.object?.startsWith(object), `${(error as FormatError)?.object} for ${object}`)
  }
})

t.test('columns that cannot be read are left out with one warning', async (t) => {
  const path = `${t.testdir()}/columns`
  await exportToWorkspace({ a: { sd: new SpikeData([[1]], { length: 5, neuronAttributes: [{ a: 1 }] }) } }, path, HEADING)
  edit(`${path}.h5`, (file) => {
    group(file, 'a/sd/neuron_attributes').create_dataset({
      name: 'pair',
      data: new Map([
        ['r', [1.5]],
        ['i', [2.5]],
      ]),
      dtype: [
        ['r', '<d'],
        ['i', '<d'],
      ] as never,
    } as never)
  })
  const warnings: ExportWarning[] = []
  const sd = (await loadWorkspaceItem(path, 'a', 'sd', { onWarning: (warning) => warnings.push(warning) })) as SpikeData
  t.strictSame(sd.neuronAttributes, [{ a: 1 }])
  t.match(warnings, [{ code: 'SPIKEPORT_COLUMNS_LEFT_OUT', message: /\/a\/sd\/neuron_attributes\/pair/ }])
})
