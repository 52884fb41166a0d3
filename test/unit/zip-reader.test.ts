import t from 'tap'
import { InMemory } from '../../lib/files/random-access.js'
import { ZipArchive } from '../../lib/files/zip.js'
import { FormatError } from '../../lib/index.js'
import { fc } from '../support/property.js'
import type { ZipEntry } from '../support/zip.js'
import { zip } from '../support/zip.js'

const open = (bytes: Buffer) => ZipArchive.open(new InMemory(bytes), 'a.npz')

async function bytesOf(archive: ZipArchive, name: string): Promise<Buffer> {
  const entry = await archive.entry(name)
  const bytes = Buffer.alloc(entry.size)
  await entry.read(bytes, 0)
  return bytes
}

const data = Buffer.from('some data, some data, some data')
const long = Buffer.alloc(3_000_000, 'abcdefgh ')

t.test('stored and deflated entries', async (t) => {
  const archive = await open(
    zip([
      { name: 'units.npy', data },
      { name: 'folder/µ.npy', data: long, method: 8 },
      { name: 'empty', data: Buffer.alloc(0) },
      { name: 'empty too', data: Buffer.alloc(0), method: 8 },
    ]),
  )
  t.same(archive.names, ['units.npy', 'folder/µ.npy', 'empty', 'empty too'])
  t.same(await bytesOf(archive, 'units.npy'), data)
  t.ok((await bytesOf(archive, 'folder/µ.npy')).equals(long))
  t.equal((await archive.entry('empty')).size, 0)
  t.equal((await archive.entry('empty too')).size, 0)
  t.ok(archive.has('empty'))
  t.notOk(archive.has('none'))
  await t.rejects(archive.entry('none'), { code: 'ERR_INVALID_FILE', object: 'none' })
  const controller = new AbortController()
  controller.abort(new Error('stop'))
  await t.rejects(archive.entry('folder/µ.npy', controller.signal), /stop/)
})

t.test('large entries: any position, in any order', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff))
  for (const method of [0, 8]) {
    const whole = zip([
      { name: 'before', data },
      { name: 'x', data: bytes, method },
    ])
    await (await open(whole)).withEntry('x', async (file, storedAt) => {
      t.equal(file.size, bytes.length)
      t.equal(storedAt === undefined, method === 8)
      if (storedAt !== undefined) t.ok(whole.subarray(storedAt, storedAt + bytes.length).equals(bytes))
      for (const [from, to] of [
        [0, 10],
        [128, 600_000],
        [600_000, 600_001],
        [5, 700_000],
        [699_999, 700_000],
        [0, 0],
      ] as const) {
        const target = Buffer.alloc(to - from)
        await file.read(target, from)
        t.ok(target.equals(bytes.subarray(from, to)), `${method}: ${from}`)
      }
    })
  }
})

t.test('large entries that are damaged', async (t) => {
  const read = async (bytes: Buffer) =>
    (await open(bytes)).withEntry('a', async (file) => {
      await file.read(Buffer.alloc(file.size), 0)
    })
  const whole = zip([{ name: 'a', data: long, method: 8 }])
  await t.resolves(read(whole))
  const damaged = Buffer.from(whole)
  damaged.fill(0xff, 100, 120)
  await t.rejects(read(damaged), { code: 'ERR_INVALID_FILE', object: 'a', message: /its compressed data is damaged/ })
  const short = zip([{ name: 'a', data: long, method: 8, claims: { size: long.length + 1 } }])
  await t.rejects(read(short), { code: 'ERR_INVALID_FILE', message: /its compressed data is damaged/ })
  const impossible = zip([{ name: 'a', data, method: 8, claims: { size: 2 ** 31 } }])
  await t.rejects(read(impossible), { code: 'ERR_INVALID_FILE', message: /it claims 2147483648 bytes in/ })
  await t.rejects(
    (await open(whole)).withEntry('b', async () => {}),
    { code: 'ERR_INVALID_FILE', object: 'b' },
  )
})

t.test('archives that are not what they should be', async (t) => {
  const one = (entry: Partial<ZipEntry>) => zip([{ name: 'a', data, ...entry }])
  const cases: [string, Buffer, RegExp][] = [
    ['another format', Buffer.from('\x93NUMPY'), /no valid zip archive/],
    ['nothing', Buffer.alloc(0), /no valid zip archive/],
    ['a name that leads out', one({ name: '../a' }), /no valid zip archive \(invalid relative path/],
    ['an absolute name', one({ name: '/etc/passwd' }), /absolute path/],
    ['a backslash', one({ name: 'a\\b' }), /invalid characters/],
    [
      'a name that appears twice',
      zip([
        { name: 'a', data },
        { name: 'a', data },
      ]),
      /two entries have this name/,
    ],
    ['encryption', one({ claims: { flags: 0x801, compressedSize: data.length + 12 } }), /encrypted/],
    [
      'entries that overlap',
      zip(
        Array.from({ length: 50 }, (_, i) => ({
          name: `${i}`,
          data: long.subarray(0, 60),
          claims: { offset: 0, compressedSize: 200, size: 200 },
        })),
      ),
      /overlap/,
    ],
    ['a size beyond the archive', one({ claims: { compressedSize: 2 ** 31, size: 2 ** 31 } }), /overlap/],
    ['a size that is not what is stored', one({ claims: { size: 5 } }), /size mismatch/],
    ['a directory that is cut off', one({}).subarray(40), /no valid zip archive/],
  ]
  for (const [name, bytes, message] of cases) await t.rejects(open(bytes), { code: 'ERR_INVALID_FILE', path: 'a.npz', message }, name)
})

t.test('entries that are not what they should be', async (t) => {
  const damaged = zip([{ name: 'a', data: long, method: 8 }])
  damaged.fill(0xff, 40, 80)
  const one = (entry: Partial<ZipEntry>) => zip([{ name: 'a', data: long, method: 8, ...entry }])
  const cases: [string, Buffer, RegExp][] = [
    ['a bomb', one({ data: Buffer.alloc(1000), claims: { size: 2 ** 31 } }), /claims 2147483648 bytes in \d+ compressed ones/],
    ['more than is stated', one({ claims: { size: 100 } }), /not what the directory states/],
    ['less than is stated', one({ claims: { size: long.length + 1 } }), /not what the directory states/],
    ['another checksum', one({ claims: { crc32: 1 } }), /not what the directory states/],
    ['damage', damaged, /damaged|states/],
    ['compressed data that ends early', one({ claims: { compressedSize: 100, size: 100_000 } }), /damaged|states/],
    ['another method', zip([{ name: 'a', data, method: 12 }]), /method 12/],
    ['a place beyond the archive', zip([{ name: 'a', data, claims: { offset: 10_000 } }]), /no valid zip archive/],
    ['a place without a header', zip([{ name: 'a', data, claims: { offset: 1 } }]), /no valid zip archive/],
  ]
  for (const [name, bytes, message] of cases) {
    const archive = await open(bytes)
    await t.rejects(archive.entry('a'), { code: 'ERR_INVALID_FILE', path: 'a.npz', message }, name)
  }
})

t.test('changed archives are nothing but archives or FormatErrors', async () => {
  const seed = zip([
    { name: 'units.npy', data },
    { name: 'fs.npy', data: long.subarray(0, 500), method: 8 },
  ])
  const change = fc.record({ at: fc.nat(seed.length - 1), value: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(20), async (changes, cut) => {
      const bytes = Buffer.from(seed)
      for (const { at, value } of changes) bytes[at] = value
      try {
        const archive = await open(bytes.subarray(0, bytes.length - (cut > 10 ? cut - 10 : 0)))
        for (const name of archive.names) await bytesOf(archive, name)
      } catch (error) {
        if (!(error instanceof FormatError)) throw error
      }
    }),
    { numRuns: 5000 },
  )
})
