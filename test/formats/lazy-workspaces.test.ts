/**
 * Recordings of workspaces whose spikes are kept on the disk: what is loaded is what is loaded into memory.
 */
import { readdirSync } from 'node:fs'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { ExportWarning } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportToWorkspace,
  loadSpikeData,
  loadWorkspace,
  loadWorkspaceItem,
  NDArray,
  SpikeData,
} from '../../lib/index.js'
import { VALUE_ERROR as VALUE } from '../support/expectations.js'
import { sameLazily } from '../support/lazily.js'
import { abortedLoads, FILES_UNLISTED, openingsOf } from '../support/open-files.js'

await ready

const dir = t.testdir({ spool: {} })
/** Spikes that are spooled need a folder: these stay. */
const STAYING = { lazy: true, spoolFolder: `${dir}/none` } as const
const SPOOLED = { lazy: true, spoolFolder: `${dir}/spool` } as const

t.afterEach(() => t.strictSame(readdirSync(SPOOLED.spoolFolder), [], 'nothing has a path'))

type Load = (given: object, onWarning?: (warning: ExportWarning) => void) => Promise<SpikeData>

const item =
  (path: string, key = 'spikes', options: object = {}): Load =>
  async (given, onWarning) =>
    (await loadWorkspaceItem(path, 'day', key, { ...options, ...given, onWarning } as object)) as SpikeData
const only =
  (path: string, options: object = {}): Load =>
  (given, onWarning) =>
    loadSpikeData(path, { ...options, ...given, onWarning } as object)

/** Checks that a recording is the same in memory and on the disk. */
async function isSame(load: Load, where: typeof STAYING | typeof SPOOLED): Promise<void> {
  const warnings: ExportWarning[] = []
  const inMemory = await load({}, (warning) => warnings.push(warning))
  await sameLazily(inMemory, warnings, (lazy, onWarning) => load({ ...lazy, ...where }, onWarning))
}

const train = [Float64Array.from({ length: 300_000 }, (_, i) => i / 4 - 2), [], [1.5, 2, 2], []]
const neuronAttributes = train.map((_, unit) => ({ depth: unit, label: `u${unit}`, location: [unit, 2] }))
const metadata = { note: 'whole', nested: { list: [1, 2.5, null] } }

t.test('recordings stay', async (t) => {
  const path = `${dir}/stay.h5`
  const sd = new SpikeData(train, { startTime: -2, length: 80_000, neuronAttributes, metadata })
  await exportToWorkspace({ day: { spikes: sd, other: { list: [1, 2] } } }, path)
  for (const options of [{}, { format: 'workspace', pythonTypes: 'plain' }]) await isSame(only(path, options), STAYING)
  for (const options of [{}, { pythonTypes: 'plain' }]) await isSame(item(path, 'spikes', options), STAYING)
  await using staying = await only(path)(STAYING)
  await exportSpikeDataToHdf5(staying, `${dir}/a.h5`)
  await using again = await only(`${dir}/a.h5`)(STAYING)
  t.equal(again.spikeCount, sd.spikeCount)
  const rawData = new NDArray(
    Float32Array.from({ length: 6 }, (_, i) => i),
    [2, 3],
  )
  await exportToWorkspace({ day: { raw: new SpikeData([[1], [2]], { length: 9, rawData, rawTime: 2 }) } }, path)
  await isSame(item(path, 'raw'), STAYING)
  await exportToWorkspace({ day: { spikes: new SpikeData([[], []], { length: 9 }) } }, path)
  await isSame(item(path), SPOOLED)
})

/** A workspace as other programs may write it: chunked, and with times that are not in order. */
function write(path: string, times: Float64Array, length: number, chunks?: number[]): void {
  const file = new H5File(path, 'w')
  file.create_attribute('__workspace_id__', 'id')
  file.create_attribute('__created_at__', 1.5)
  const group = file.create_group('day').create_group('spikes')
  for (const [name, value] of Object.entries({ __type__: 'SpikeData', length_ms: length, start_time: 0, N: 2 }))
    group.create_attribute(name, value)
  group.create_dataset({ name: 'spike_times', data: times, ...(chunks && { chunks, maxshape: [null], compression: 1 }) })
  group.create_dataset({ name: 'spike_times_index', data: BigInt64Array.of(BigInt(times.length - 1), BigInt(times.length)) })
  file.close()
}

t.test('recordings that cannot stay', async (t) => {
  const path = `${dir}/spooled.h5`
  const times = Float64Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 300_001)
  for (const chunks of [undefined, [10_000]]) {
    write(path, times, 400_000, chunks)
    await t.rejects(item(path)(STAYING), { code: 'ENOENT', path: STAYING.spoolFolder })
    await isSame(item(path), SPOOLED)
    await isSame(only(path), SPOOLED)
  }
  // Outside the window by no more than rounding.
  write(path, Float64Array.of(1, 5, 10 + 2 ** -49), 10)
  await isSame(item(path), STAYING)
  for (const [last, message] of [
    [NaN, /spike_times.* unit 1 has a spike time that is not finite/],
    [11, /spike_times.* unit 1 has a spike at 11 ms, after the recording ends/],
  ] as const) {
    write(path, Float64Array.of(1, 5, last), 10)
    for (const lazy of [{}, SPOOLED]) await t.rejects(item(path)(lazy), { code: 'ERR_INVALID_FILE', message })
  }
})

t.test('options', async (t) => {
  const path = `${dir}/options.h5`
  await exportToWorkspace({ day: { spikes: new SpikeData(train, { startTime: -2 }), counts: { a: 1 } } }, path)
  await t.rejects(loadWorkspaceItem(path, 'day', 'counts', STAYING), {
    ...VALUE,
    message: /no value, as the item is no recording but of the type 'dict', for lazy but received true/,
  })
  await t.rejects(loadWorkspaceItem(path, 'day', 'spikes', { maxMemory: 2 ** 20 } as never), { ...VALUE, message: /lazy is not true/ })
  await t.rejects(loadWorkspace(path, STAYING as never), { ...VALUE, message: /lazy/ })
  const done: number[] = []
  const total = 8 * 300_003 + 4 * 8
  const onProgress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) => {
    t.equal(bytesTotal, total)
    done.push(bytesRead)
  }
  await (await item(path)({ ...STAYING, onProgress })).close()
  t.equal(done.at(-1), total)
})

t.test('how long a file is open', { skip: FILES_UNLISTED }, async (t) => {
  const path = `${dir}/open.h5`
  await exportToWorkspace({ day: { spikes: new SpikeData(train, { startTime: -2, metadata }) } }, path)
  const sd = await item(path)(STAYING)
  t.equal(openingsOf(path), 1)
  await sd.close()
  t.equal(openingsOf(path), 0)
  await abortedLoads(t, path, (signal) => item(path)({ ...STAYING, signal }))
})
