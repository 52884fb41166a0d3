/**
 * Values of spikes on the disk: what is refused, and when.
 */
import t from 'tap'
import { exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'

const dir = t.testdir()
const batch = { units: [0, 1, 0], times: [1, 2, 3] }
const from = (values: unknown, spikeValues: unknown = { amplitudes: 'float32' }, more: object = {}) =>
  SpikeData.fromBatches(
    [
      { units: [0], times: [0], values: isDeclared(spikeValues) ? { amplitudes: [0] } : undefined },
      { ...batch, values },
    ] as never,
    {
      N: 2,
      length: 10,
      spikeValues,
      ...more,
    } as never,
  )
const isDeclared = (spikeValues: unknown) => typeof spikeValues === 'object' && spikeValues !== null && 'amplitudes' in spikeValues

t.test('options', async (t) => {
  const cases: [unknown, RegExp][] = [
    [[], /^Expected an object with the dtype of each name for spikeValues but received /],
    ['float32', /^Expected an object with the dtype of each name for spikeValues but received 'float32'\.$/],
    [{ a: 'float' }, /^Expected one of 'int8', 'uint8', .*'float64' for spikeValues\.a but received 'float'\.$/],
    [{ a: 4 }, /for spikeValues\.a but received 4\.$/],
    [{ a: 'constructor' }, /for spikeValues\.a but received 'constructor'\.$/],
    [
      Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`a${i}`, 'int8'])),
      /^Expected at most 64 names for spikeValues but received 65\.$/,
    ],
  ]
  for (const [spikeValues, message] of cases) await t.rejects(from(undefined, spikeValues), { message })
  const attributes = [{}, { amplitudes: 1 }]
  const taken = /^Expected a name that is not in spikeValues for an attribute of unit 1 but received 'amplitudes'\.$/
  await t.rejects(from({ amplitudes: [1, 2, 3] }, undefined, { spikeValues: { amplitudes: 'int8' }, neuronAttributes: attributes }), {
    message: taken,
  })
  await t.rejects(
    SpikeData.fromBatches([{ units: [1], times: [1], values: { amplitudes: [1] } }], {
      spikeValues: { amplitudes: 'int8' },
      neuronAttributes: attributes,
    }),
    { message: taken },
  )
})

t.test('batches', async (t) => {
  const cases: [unknown, RegExp][] = [
    [undefined, /^Expected an object with values for each name of spikeValues for values of batch 1 but received undefined\.$/],
    [[1, 2, 3], /^Expected an object with values for each name of spikeValues for values of batch 1 but received /],
    [{}, /^Expected an array of numbers for values\.amplitudes of batch 1 but received undefined\.$/],
    [{ amplitudes: 5 }, /^Expected an array of numbers for values\.amplitudes of batch 1 but received 5\.$/],
    [{ amplitudes: [1, 2] }, /^Expected 3, the number of spikes, for the length of values\.amplitudes of batch 1 but received 2\.$/],
    [{ amplitudes: new Float32Array(4) }, /for the length of values\.amplitudes of batch 1 but received 4\.$/],
    [
      { amplitudes: [1, 2, 3], amplitude: [1, 2, 3] },
      /^Expected the name of an option for values of batch 1 but received 'amplitude' \(did you mean amplitudes\?\)\.$/,
    ],
    [{ amplitudes: [1, '2', 3] }, /^Expected a number for entry 1 of values\.amplitudes of batch 1 but received '2'\.$/],
    [
      { amplitudes: [1, 2, 3.5e38] },
      /^Expected a number that float32 has for entry 2 of values\.amplitudes of batch 1 but received 3\.5e\+38\.$/,
    ],
  ]
  for (const [values, message] of cases) await t.rejects(from(values), { message })
  await t.rejects(from({ amplitudes: [1, 2, 3] }, null), {
    message: /^Expected no value, as there is no spikeValues, for values of batch 1 but received /,
  })
})

t.test('values of each dtype', async (t) => {
  const good: [string, readonly (number | bigint)[]][] = [
    ['int8', [-128, 127, 0]],
    ['uint8', [0, 255, 1n]],
    ['int16', [-32_768, 32_767, -0]],
    ['uint16', [0, 65_535, 3]],
    ['int32', [-(2 ** 31), 2 ** 31 - 1, 5n]],
    ['uint32', [0, 2 ** 32 - 1, 7]],
    ['int64', [-(2n ** 63n), 2n ** 63n - 1n, 2 ** 60]],
    ['uint64', [0, 2n ** 64n - 1n, 2 ** 63]],
    ['float32', [0.1, -Infinity, NaN]],
    ['float64', [0.1, 2n ** 60n, NaN]],
  ]
  for (const [dtype, values] of good) {
    await using sd = await from({ amplitudes: values }, { amplitudes: dtype })
    const read = [...(await sd.loadSpikeValues('amplitudes', 0)), ...(await sd.loadSpikeValues('amplitudes', 1))].map(Number)
    const [a, b, c] = values.map(Number) as [number, number, number]
    const as = dtype === 'float32' ? Math.fround : (value: number) => value + 0
    t.strictSame(read, [0, as(a), as(c), as(b)], dtype)
  }
  const bad: [string, number | bigint, RegExp][] = [
    ['int8', 128, /a whole number from -128 to 127 for entry 0 of/],
    ['uint8', -1, /a whole number from 0 to 255/],
    ['int16', 0.5, /a whole number from -32768 to 32767/],
    ['uint32', 2 ** 32, /a whole number from 0 to 4294967295/],
    ['int64', 2 ** 63, /a whole number from -9223372036854775808 to 9223372036854775807/],
    ['uint64', -1n, /a whole number from 0 to 18446744073709551615/],
    ['int32', NaN, /a whole number/],
    ['float64', 2n ** 60n + 1n, /a number that float64 has/],
    ['float32', 2n ** 60n + 1n, /a number that float32 has/],
  ]
  for (const [dtype, value, message] of bad) await t.rejects(from({ amplitudes: [value, 0, 0] }, { amplitudes: dtype }), { message })
  // An array of another type is checked as well.
  await t.rejects(from({ amplitudes: Float64Array.of(1, 2, 1.5) }, { amplitudes: 'int8' }), {
    message: /entry 2 of values\.amplitudes of batch 1/,
  })
})

t.test('a batch is copied', async (t) => {
  const values = { amplitudes: new Float32Array(2) }
  function* reusing() {
    for (const value of [1, 2]) {
      values.amplitudes.fill(value)
      yield { unit: 0, times: [value, value], values }
    }
  }
  await using sd = await SpikeData.fromBatches(reusing(), { spikeValues: { amplitudes: 'float32' } })
  t.strictSame(await sd.loadSpikeValues('amplitudes', 0), Float32Array.of(1, 1, 2, 2))
})

t.test('what reads them', async (t) => {
  const sd = await from({ amplitudes: [1, 2, 3] })
  t.strictSame(await sd.loadSpikeValues('amplitudes', 0), Float32Array.of(0, 1, 3))
  await t.rejects(sd.loadSpikeValues('other', 0), { message: `Expected one of 'amplitudes' for name but received 'other'.` })
  await t.rejects(sd.loadSpikeValues('amplitudes', 2), { message: 'Expected a whole number from 0 to 1 for unit but received 2.' })
  await t.rejects(sd.loadSpikeValues('amplitudes', 0, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  const held = sd.spikeValues as Record<string, unknown>
  t.throws(() => (held['other'] = 1), TypeError)
  await sd.close()
  await t.rejects(sd.loadSpikeValues('amplitudes', 0), { code: 'ERR_INVALID_STATE' })
  await t.rejects(exportSpikeDataToNwb(sd, `${dir}/closed.nwb`), { code: 'ERR_INVALID_STATE' })
  t.strictSame(Object.keys(sd.spikeValues), ['amplitudes'])
  const memory = new SpikeData([[1]])
  t.strictSame(Object.keys(memory.spikeValues), [])
  await t.rejects(memory.loadSpikeValues('amplitudes', 0), {
    message: `Expected a recording with values of spikes on the disk for name but received 'amplitudes'.`,
  })
})
