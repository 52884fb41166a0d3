/**
 * Phy folders and archives with bytes changed, cut off or added: the loader returns a recording or one of its own errors, and takes no memory
 * that the files do not justify.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToKilosort, loadSpikeDataFromKilosort, SpikeData } from '../../lib/index.js'
import type { Files } from '../support/folder-files.js'
import { folderOf, npy, zipOf } from '../support/folder-files.js'
import { fc } from '../support/property.js'

const dir = t.testdir()
const phy = `${dir}/phy`
const neuronAttributes = [3, 3, 7].map((electrode, unit) => ({ electrode, location: [unit, 20 * electrode], snr: unit / 4, area: 'CA1' }))
await exportSpikeDataToKilosort(new SpikeData([[1, 5, 9], [], [2, 2.5]], { neuronAttributes }), phy, { fsHz: 30_000, phy: true })
rmSync(`${phy}/cluster_electrode.tsv`)
const files: Record<string, Buffer> = Object.fromEntries(readdirSync(phy).map((name) => [name, readFileSync(`${phy}/${name}`)]))

let count = 0

/** Loads files, and returns the code of the error, if there is one. */
async function codeOf(given: Files | Buffer): Promise<string | undefined> {
  const path = `${dir}/${count++}`
  if (Buffer.isBuffer(given)) writeFileSync(path, given)
  else folderOf(path, given)
  try {
    const sd = await loadSpikeDataFromKilosort(path, {
      amplitudes: true,
      clusterInfoTsv: 'cluster_group.tsv',
      includeNoise: true,
      onWarning: () => {},
    })
    if (sd.spikeCount > 1000 || sd.N > 1000) throw new Error(`${sd.N} units, ${sd.spikeCount} spikes`)
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined) throw error
    return code
  } finally {
    rmSync(path, { recursive: true })
  }
}

/** A file's format, or a rate that is missing from what is left of `params.py`. */
const ALLOWED = new Set([undefined, 'ERR_INVALID_FILE', 'ERR_INVALID_ARG_VALUE'])

async function requireOwn(given: Files | Buffer): Promise<void> {
  const code = await codeOf(given)
  if (!ALLOWED.has(code)) throw new Error(code)
}

const change = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), byte: fc.nat(255) })
const changes = fc.array(change, { minLength: 1, maxLength: 5 })

function changed(bytes: Buffer, list: readonly { at: number; byte: number }[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const { at, byte } of list) if (copy.length > 0) copy[Math.floor(at * copy.length)] = byte
  return copy
}

t.test('as they are', async (t) => {
  t.equal(await codeOf(files), undefined)
  t.equal(await codeOf(zipOf(files)), undefined)
})

t.test('bytes changed in a file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(files)), changes, async (name, list) => {
      await requireOwn({ ...files, [name]: changed(files[name] as Buffer, list) })
    }),
  )
})

t.test('a file cut off, or with more at its end', async () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(files)), part, fc.uint8Array({ maxLength: 40 }), async (name, part, more) => {
      const bytes = files[name] as Buffer
      await requireOwn({ ...files, [name]: Buffer.concat([bytes.subarray(0, Math.ceil(part * bytes.length)), more]) })
    }),
  )
})

t.test('bytes changed in an archive', async () => {
  for (const stored of [false, true]) {
    const archive = zipOf(files, { stored })
    await fc.assert(fc.asyncProperty(changes, async (list) => requireOwn(changed(archive, list))))
  }
})

t.test('headers that claim what is not there', async (t) => {
  const before = process.memoryUsage().rss
  for (const name of Object.keys(files).filter((name) => name.endsWith('.npy'))) {
    for (const shape of [[2 ** 40], [2 ** 20, 2 ** 20, 2 ** 20], [0, 2 ** 40], [2 ** 53], [2 ** 32, 0, 4], [2 ** 40, 4, 0]]) {
      t.ok(ALLOWED.has(await codeOf({ ...files, [name]: npy('<f8', [], shape) })), `${name}: ${shape}`)
      t.ok(ALLOWED.has(await codeOf(zipOf({ ...files, [name]: npy('<f4', [], shape) }))), `${name} in an archive: ${shape}`)
    }
  }
  t.ok(process.memoryUsage().rss - before < 2 ** 28)
})

t.test('rows that are shorter than the header, and a first line without an end', async (t) => {
  const names = Array.from({ length: 1000 }, (_, i) => `c${i}`).join('\t')
  const before = process.memoryUsage().rss
  t.equal(await codeOf({ ...files, 'cluster_x.tsv': Buffer.from(`cluster_id\t${names}\n${'1\n'.repeat(100_000)}`) }), undefined)
  t.ok(process.memoryUsage().rss - before < 2 ** 28)
  t.equal(await codeOf({ ...files, 'cluster_x.tsv': Buffer.alloc(2 ** 24, 'x') }), undefined)
})
