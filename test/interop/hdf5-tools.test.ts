/**
 * Files that spikeport writes without the HDF5 library, in the library's own command line tools.
 */
import { execFile, spawnSync } from 'node:child_process'
import { copyFile, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import type { Hdf5Content } from '../support/hdf5-plans.js'
import { array, contents, group, references, softLink, texts, units, writeHdf5, writeHdf5ByLibrary } from '../support/hdf5-plans.js'
import { fc } from '../support/property.js'

/** Of trees whose references h5repack keeps, which it does not in every file of the library either. */
const SEED = 20_250_111

const trains = Array.from({ length: 700 }, (_, unit) => Array.from({ length: unit % 9 }, (_, i) => unit + i))

const PLANS: [string, Hdf5Content][] = [
  ...fc
    .sample(contents, { seed: SEED, numRuns: 12 })
    .map((content, i): [string, Hdf5Content] => [`random tree ${i}`, fewReferences(content)]),
  [
    'a table',
    {
      attributes: [{ name: 'table', value: { reference: 'table' } }],
      objects: [
        group('table', [{ name: 'colnames', value: ['location', 'group'] }]),
        texts(
          'table/location',
          Array.from({ length: 9000 }, (_, i) => `location ${i}`),
        ),
        references('table/group', 'group', 20),
        group('group'),
        softLink('group/table', '/table'),
        { ...array('table/good', Int8Array.of(1, 0, 1)), isBoolean: true },
      ],
    },
  ],
  [
    '700 units',
    { attributes: [{ name: 'length_ms', value: 5 }], objects: [units('a/units', trains), array('a/large', new Float32Array(20_000))] },
  ],
]

/** For each reference, h5dump prints all of the dataset that it is to; it never ends when that is full of references to itself. */
function fewReferences({ attributes, objects }: Hdf5Content): Hdf5Content {
  const few = objects.map((object) =>
    object.object === 'referenceDataset' ? { ...object, targets: ['of all'], choices: new Int32Array(object.choices.length % 5) } : object,
  )
  return { attributes, objects: few }
}

const execute = promisify(execFile)

/** What a tool prints. It fails when the tool does, or complains. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await execute(name, args, { maxBuffer: 2 ** 28 })
  if (stderr !== '') throw new Error(stderr)
  return stdout
}

/** What the tools print, without where the objects are that references are to. */
function withoutAddresses(printed: string): string {
  return printed.replaceAll(/(GROUP|DATASET) \d+ "/g, '$1 "').replaceAll(/(GROUP|DATASET)-\d+/g, '$1')
}

/** The bytes of global heaps, which h5stat does not count. */
function heapBytes(file: Buffer): number {
  let bytes = 0
  for (let at = file.indexOf('GCOL'); at !== -1; at = file.indexOf('GCOL', at + 1)) {
    if (at % 8 === 0 && file.readUInt32LE(at + 4) === 1) bytes += Number(file.readBigUInt64LE(at + 8))
  }
  return bytes
}

const skip = spawnSync('h5repack', ['--version']).status !== 0 && "the HDF5 library's command line tools are not installed"

t.test('the tools read them, copy them and report no difference', { skip }, async (t) => {
  const folder = t.testdir()
  for (const [number, [name, content]] of PLANS.entries()) {
    const file = `${folder}/${number}.h5`
    const twin = `${folder}/${number}-by-library.h5`
    const copy = `${folder}/${number}-copy.h5`
    const repacked = `${folder}/${number}-repacked.h5`
    const repackedTwin = `${folder}/${number}-repacked-by-library.h5`
    await writeHdf5(content, file)
    await writeHdf5ByLibrary(content, twin)

    for (const args of [['h5dump'], ['h5dump', '--header'], ['h5ls', '--recursive']]) {
      const printed = async (path: string) => withoutAddresses(await tool(...(args as [string]), path)).replaceAll(path, 'file')
      t.equal(await printed(file), await printed(twin), `${name}: ${args.join(' ')}`)
    }
    // It fails on a difference, and lists datasets without elements. Of one file it makes nothing at all.
    const compared = (other: string) => tool('h5diff', '--compare', other, twin)
    await copyFile(twin, copy)
    await tool('h5repack', file, repacked)
    await tool('h5repack', twin, repackedTwin)
    t.equal(await compared(file), await compared(copy), `${name}: h5diff`)
    const compareRepacked = await tool('h5diff', '--compare', repacked, repackedTwin)
    t.equal(compareRepacked, await compared(copy), `${name}: h5diff after h5repack`)
    const statistics = await tool('h5stat', file)
    t.match(statistics, /# of unique datasets: \d+/, `${name}: h5stat`)
    const unaccounted = Number(/Unaccounted space: (\d+) bytes/.exec(statistics)?.[1]) - heapBytes(await readFile(file))
    t.ok(unaccounted >= 0 && unaccounted < 10_000, `${name}: all but the padding is accounted for`)
  }
})
