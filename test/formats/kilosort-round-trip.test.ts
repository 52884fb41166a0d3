/**
 * Recordings that are exported to KiloSort and Phy folders and read again: everything that docs/reading-kilosort.md says a folder holds.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { NeuronAttributes, TimeUnit } from '../../lib/index.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromKilosort, SpikeData } from '../../lib/index.js'
import { zipOf } from '../support/folder-files.js'
import { fc } from '../support/property.js'
import { AFTER } from '../support/time-units.js'

const dir = t.testdir()
let folders = 0

const same = (found: unknown, expected: unknown, what: string) => {
  const text = (value: unknown) => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))
  if (text(found) !== text(expected)) throw new Error(`${what}: ${text(found)}, not ${text(expected)}`)
}

const trains = (sd: SpikeData) => sd.train.map((times) => [...times])
const sorted = (times: readonly number[]) => [...Float64Array.from(times).sort()]

const time = fc.double({ min: 0, max: 1e6, noNaN: true })
const train = fc.array(time, { maxLength: 12 })
const fsHz = fc.oneof(fc.constantFrom(1, 20_000, 30_000, 32_000.5), fc.double({ min: 1, max: 1e6, noNaN: true }))

t.test('plain folders: times and ids of units with spikes, electrodes where all have one', async () => {
  const unit = fc.record({ times: train, electrode: fc.nat(500) })
  const recording = fc.record({
    units: fc.array(unit, { maxLength: 6 }),
    fsHz,
    timeUnit: fc.constantFrom<TimeUnit>('ms', 's', 'samples'),
    withIds: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(recording, async ({ units, fsHz, timeUnit, withIds }) => {
      const folder = `${dir}/${folders++}`
      const sd = new SpikeData(
        units.map(({ times }) => times),
        { neuronAttributes: units.map(({ electrode }) => ({ electrode })) },
      )
      const clusterIds = withIds ? units.map((_, i) => 3 * i + 7) : undefined
      await exportSpikeDataToKilosort(sd, folder, { fsHz, timeUnit, clusterIds })
      const found = await loadSpikeDataFromKilosort(folder, { fsHz, timeUnit, onWarning: () => {} })
      const kept = units.map((given, i) => ({ ...given, id: clusterIds?.[i] ?? i })).filter(({ times }) => times.length > 0)
      const expected = kept.map(({ times }) => sorted(times.map((ms) => AFTER[timeUnit](ms, fsHz))))
      same(trains(found), expected, 'times')
      same(
        found.neuronAttributes?.map(({ unit_id }) => unit_id),
        kept.map(({ id }) => id),
        'ids',
      )
      // By id, or by place where every unit has spikes.
      const isMapped = kept.length > 0 && (!withIds || kept.length === units.length)
      const beyond = withIds && kept.every(({ id }) => id < units.length)
      if (isMapped && !beyond) {
        same(
          found.neuronAttributes?.map(({ electrode }) => electrode),
          kept.map(({ electrode }) => electrode),
          'electrodes',
        )
      }
      rmSync(folder, { recursive: true })
    }),
  )
})

/** None that Phy uses, such as `sh`, in any case: those are left out. */
const name = fc.stringMatching(/^[A-Z][a-z]{0,5}_$/)
const label = fc
  .stringMatching(/^[A-Z][a-z "\t\n,é]{0,8}[a-z]$/)
  .filter((text) => !/^(n\/?a|nan|null|none|inf|infinity|true|false)\s*$/i.test(text))
const number = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.integer({ min: 53, max: 80 }).map((power) => -(2 ** power)),
  )
  .map((value) => (Object.is(value, -0) ? 0 : value))
const big = fc.oneof(fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }), fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }))

t.test('Phy folders and archives: units without spikes, ids, channels, places, tables and amplitudes', async () => {
  const unit = fc.record({ times: train, channel: fc.nat(4), group: fc.constantFrom('good', 'mua', 'noise', 'unsorted') })
  const column = fc.oneof(
    fc.record({ name, values: fc.array(fc.option(number, { nil: undefined }), { minLength: 6, maxLength: 6 }) }),
    fc.record({ name, values: fc.array(fc.option(label, { nil: undefined }), { minLength: 6, maxLength: 6 }) }),
    fc.record({ name, values: fc.array(big, { minLength: 6, maxLength: 6 }) }),
  )
  const recording = fc.record({
    units: fc.array(unit, { minLength: 1, maxLength: 6 }),
    columns: fc.uniqueArray(column, { maxLength: 3, selector: ({ name }) => name.toLowerCase() }),
    fsHz: fc.constantFrom(20_000, 30_000, 32_000.5),
    archive: fc.constantFrom('none', 'stored', 'deflated', 'in a folder'),
  })
  await fc.assert(
    fc.asyncProperty(recording, async ({ units, columns, fsHz, archive }) => {
      const folder = `${dir}/${folders++}`
      const neuronAttributes = units.map(({ times, channel, group }, i) => ({
        ...Object.fromEntries(columns.map(({ name, values }) => [name, values[i]]).filter(([, value]) => value !== undefined)),
        ...{ electrode: 10 * channel + 3, location: [channel % 2, 25 * channel], group },
        amplitudes: Float64Array.from(times, (_, spike) => i + spike / 16),
      })) as NeuronAttributes[]
      const clusterIds = units.map((_, i) => 100 - i)
      const train = units.map(({ times }) => sorted(times))
      await exportSpikeDataToKilosort(new SpikeData(train, { neuronAttributes }), folder, { fsHz, phy: true, clusterIds })
      let path = folder
      if (archive !== 'none') {
        const files = Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`)]))
        path = `${folder}.zip`
        writeFileSync(path, zipOf(files, { stored: archive === 'stored', folder: archive === 'in a folder' ? 'phy/' : '' }))
      }
      const warned: string[] = []
      const found = await loadSpikeDataFromKilosort(path, { amplitudes: true, onWarning: ({ message }) => warned.push(message) })
      same(warned, [], 'warnings')
      same(
        trains(found),
        train.map((times) => times.map((ms) => AFTER.samples(ms, fsHz))),
        'times',
      )
      for (const [i, expected] of neuronAttributes.entries()) {
        const { unit_id, ...rest } = found.neuronAttributes?.[i] ?? {}
        same(unit_id, clusterIds[i], 'id')
        const entries = (attributes: object) =>
          Object.entries(attributes)
            .map(([key, value]) => [key, value instanceof Float64Array ? [...value] : value])
            .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
        same(entries(rest), entries(expected), 'attributes')
      }
      rmSync(folder, { recursive: true })
      if (existsSync(`${folder}.zip`)) rmSync(`${folder}.zip`)
    }),
  )
})

t.test('recordings of the edges', async (t) => {
  const options = { fsHz: 30_000, onWarning: () => {} }
  for (const phy of [false, true]) {
    const none = `${dir}/none-${phy}`
    await exportSpikeDataToKilosort(new SpikeData([], {}), none, { fsHz: 30_000, phy })
    const nothing = await loadSpikeDataFromKilosort(none, options)
    t.strictSame([nothing.N, nothing.length, nothing.neuronAttributes], [0, 0, []])
    const empty = `${dir}/empty-${phy}`
    await exportSpikeDataToKilosort(new SpikeData([[], []], {}), empty, { fsHz: 30_000, phy })
    t.equal((await loadSpikeDataFromKilosort(empty, options)).N, phy ? 2 : 0)
    const single = `${dir}/single-${phy}`
    await exportSpikeDataToKilosort(new SpikeData([[0]], {}), single, { fsHz: 30_000, phy })
    const one = await loadSpikeDataFromKilosort(single, options)
    t.strictSame([trains(one), one.length], [[[0]], 5e-324])
  }
  const shifted = `${dir}/shifted`
  await exportSpikeDataToKilosort(new SpikeData([[-100, 20]], { startTime: -100 }), shifted, { fsHz: 30_000, phy: true, shift: true })
  t.strictSame(trains(await loadSpikeDataFromKilosort(shifted, options)), [[0, 120]])
  const before = `${dir}/before`
  await exportSpikeDataToKilosort(new SpikeData([[-1]], { startTime: -2 }), before, { fsHz: 30_000 })
  await t.rejects(loadSpikeDataFromKilosort(before, options), { code: 'ERR_INVALID_FILE' })
})
