/**
 * Datasets of raw data whose chunks lead astray, or that change: one clear error, never other samples' memory, and nothing is left on disk.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, NDArray, rawFile, SpikeData } from '../../lib/index.js'
import { fc } from '../support/property.js'
import { noise } from '../support/raw-samples.js'

const dir = t.testdir({ out: {} })
const source = `${dir}/source.h5`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const [channels, samples] = [3, 2000]
const raw = new NDArray(noise('int16', channels * samples), [channels, samples])
const FORMAT_ERROR = (message: RegExp) => ({ name: 'FormatError', code: 'ERR_INVALID_FILE', message })

await exportSpikeDataToHdf5(new SpikeData([[1]], { rawData: raw, rawTime: 20 }), source, {
  rawDataset: 'raw',
  rawTimeDataset: 'times',
  compression: {},
  chunkBytes: 1024,
})
const sound = readFileSync(source)

/** A file without its signature is no HDF5 file. */
const SIGNATURE_BYTES = 8

/** A key of a leaf of the B-tree of chunks: where its size, its corner and the address of its chunk are in the file. */
interface Key {
  readonly size: number
  readonly corner: readonly [channel: number, sample: number]
  readonly address: number
}

/** The chunks of the dataset of two axes. */
function keysIn(bytes: Buffer): Key[] {
  const KEY_BYTES = 8 + 3 * 8
  const keys: Key[] = []
  for (let node = bytes.indexOf('TREE'); node >= 0; node = bytes.indexOf('TREE', node + 4)) {
    const [type, level] = [bytes[node + 4], bytes[node + 5]]
    const isOfTwoAxes = bytes.readBigUInt64LE(node + 24 + KEY_BYTES - 8) === 0n && bytes.readBigUInt64LE(node + 24 + 8 + 8) < samples
    if (type !== 1 || level !== 0 || !isOfTwoAxes) continue
    const count = bytes.readUInt16LE(node + 6)
    for (let i = 0; i < count; i++) {
      const size = node + 24 + i * (KEY_BYTES + 8)
      keys.push({ size, corner: [size + 8, size + 16], address: size + KEY_BYTES })
    }
  }
  return keys.filter(({ size }) => bytes.readUInt32LE(size) > 0)
}

const keys = keysIn(sound)
const [first, second] = keys as [Key, Key]

/** The file with numbers of 8 bytes, or of 4, at some places. */
function withNumbers(...patches: [at: number, number: bigint | number][]): Buffer {
  const bytes = Buffer.from(sound)
  for (const [at, number] of patches) {
    if (typeof number === 'bigint') bytes.writeBigUInt64LE(number, at)
    else bytes.writeUInt32LE(number, at)
  }
  return bytes
}

const open = () => rawFile(source, { dataset: 'raw' })

t.test('an index that leads astray', async (t) => {
  t.ok(keys.length >= 12, `${keys.length} chunks`)
  const half = Math.floor(sound.length / 2)
  const cases: [name: string, bytes: Buffer, message: RegExp][] = [
    ['an address beyond the end', withNumbers([first.address, BigInt(sound.length)]), /leads beyond the end of the file/],
    ['an address far away', withNumbers([first.address, 2n ** 63n]), /leads beyond the end of the file/],
    ['a size beyond the end', withNumbers([first.size, 2 ** 32 - 1]), /leads beyond the end of the file/],
    ['a corner between two chunks', withNumbers([first.corner[1], 1n]), /not where chunks can be/],
    ['a corner far away', withNumbers([second.corner[1], 2n ** 64n - 1n]), /not where chunks can be/],
    ['a chunk twice', withNumbers([second.corner[1], sound.readBigUInt64LE(first.corner[1])]), /a chunk twice/],
    [
      'the same bytes in all chunks',
      withNumbers(
        ...keys.flatMap(({ size, address }): [number, bigint | number][] => [
          [size, half],
          [address, 0n],
        ]),
      ),
      /more bytes than the file/,
    ],
  ]
  for (const [name, bytes, message] of cases) {
    writeFileSync(source, bytes)
    await t.rejects(open(), FORMAT_ERROR(message), name)
  }
  // A chunk outside of the shape belongs to nothing, and one without an address was never written.
  const chunk = sound.readBigUInt64LE(second.corner[1])
  writeFileSync(source, withNumbers([keys.at(-1)!.corner[1], chunk * 1000n]))
  t.match(await open(), { shape: [channels, samples] })
})

const EXPORTS = {
  hdf5: (sd: SpikeData) => exportSpikeDataToHdf5(sd, `${dir}/out/a.h5`, { rawDataset: 'raw', rawTimeDataset: 'times' }),
  'hdf5, compressed': (sd: SpikeData) =>
    exportSpikeDataToHdf5(sd, `${dir}/out/a.h5`, { rawDataset: 'raw', rawTimeDataset: 'times', compression: {} }),
  'nwb, contiguous': (sd: SpikeData) =>
    exportSpikeDataToNwb(sd, `${dir}/out/a.nwb`, { nwb, rawData: { conversion: 1 }, layout: 'contiguous' }),
  'nwb, in tiles': (sd: SpikeData) => exportSpikeDataToNwb(sd, `${dir}/out/a.nwb`, { nwb, rawData: { conversion: 1 } }),
  'phy, written': (sd: SpikeData) => exportSpikeDataToKilosort(sd, `${dir}/out/phy`, { fsHz: 20_000, phy: { recording: { write: true } } }),
  'phy, templates': (sd: SpikeData) => exportSpikeDataToKilosort(sd, `${dir}/out/phy`, { fsHz: 20_000, phy: { templates: 'raw' } }),
} as const

/** Opens the sound file, changes it, and exports it in every way: each fails, and leaves nothing. */
async function failsAfter(t: Test, change: () => void, message: RegExp): Promise<void> {
  for (const [name, exported] of Object.entries(EXPORTS)) {
    writeFileSync(source, sound)
    const sd = new SpikeData([[1, 20]], { rawData: await open(), rawTime: 20, neuronAttributes: [{ ch: 0 }] })
    change()
    await t.rejects(exported(sd), FORMAT_ERROR(message), name)
    t.strictSame(readdirSync(`${dir}/out`), [], name)
  }
}

t.test('a file that changes', async (t) => {
  const changed = /changed|shorter/
  await failsAfter(t, () => appendFileSync(source, 'x'), changed)
  await failsAfter(t, () => truncateSync(source, sound.length - 1), changed)
  await failsAfter(t, () => utimesSync(source, 1, 1), changed)
  await failsAfter(t, () => writeFileSync(source, ''), changed)
})

t.test('chunks that do not inflate', async (t) => {
  for (const [name, exported] of Object.entries(EXPORTS)) {
    for (const key of [first, keys.at(-1)!]) {
      const bytes = Buffer.from(sound)
      const address = Number(bytes.readBigUInt64LE(key.address))
      bytes.fill(0xff, address, address + bytes.readUInt32LE(key.size))
      writeFileSync(source, bytes)
      const sd = new SpikeData([[1, 20]], { rawData: await open(), rawTime: 20, neuronAttributes: [{ ch: 0 }] })
      await t.rejects(exported(sd), FORMAT_ERROR(/\/raw .*a chunk of it is damaged/), name)
      t.strictSame(readdirSync(`${dir}/out`), [], name)
    }
  }
})

t.test('any bytes may be other ones', async () => {
  mkdirSync(`${dir}/mutated`)
  const target = `${dir}/mutated/a.nwb`
  const places = keys.flatMap(({ size, corner, address }) => [size, size + 4, ...corner, address])
  const patches = fc.array(
    fc.record({
      at: fc.oneof(fc.constantFrom(...places), fc.integer({ min: SIGNATURE_BYTES, max: sound.length - 1 })),
      more: fc.nat(7),
      value: fc.nat(255),
    }),
    { minLength: 1, maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(patches, async (some) => {
      const bytes = Buffer.from(sound)
      for (const { at, more, value } of some) bytes[Math.min(at + more, bytes.length - 1)] = value
      writeFileSync(source, bytes)
      try {
        const sd = new SpikeData([[1]], { rawData: await open(), rawTime: 20, length: 1e6 })
        await exportSpikeDataToNwb(sd, target, { nwb, rawData: { conversion: 1 }, layout: 'contiguous' })
      } catch (error) {
        if ((error as Error).name !== 'FormatError') throw error
      }
    }),
  )
})
