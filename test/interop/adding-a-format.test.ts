/**
 * docs/adding-a-format.md, done as it is written: in a copy of the sources, which is compiled and whose output scipy opens.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { s3Objects } from '../support/s3-store.js'
import { pythonEnvironment } from './python.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = readFileSync(join(root, 'docs/adding-a-format.md'), 'utf8')
const blocks = new Map([...guide.matchAll(/^```ts (\S+)\n(.*?)^```/gms)].map(([, name, code]) => [name!, code!]))
const copy = t.testdir()

/** Writes a file of the copy. */
function edit(path: string, change: (text: string) => string): void {
  writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')))
}

for (const path of ['lib', 'tsconfig.json', 'package.json']) cpSync(join(root, path), join(copy, path), { recursive: true })
for (const path of ['node_modules', 'build']) symlinkSync(join(root, path), join(copy, path))

t.test('the code of the guide compiles', async (t) => {
  const files = [...blocks].filter(([name]) => name.startsWith('lib/'))
  t.strictSame(
    files.map(([name]) => name),
    ['lib/formats/mat4/write.ts', 'lib/formats/mat4/read.ts', 'lib/formats/mat4/format.ts'],
  )
  for (const [name, code] of files) {
    mkdirSync(dirname(join(copy, name)), { recursive: true })
    writeFileSync(join(copy, name), code)
  }
  edit('lib/index.ts', (text) => text + blocks.get('index')!)
  edit('lib/formats/registry.ts', (text) => {
    const listed = text.replace(/^const LISTED.*\n/m, blocks.get('registry')!)
    t.not(listed, text, 'the line is in the registry')
    return `import { mat4 } from './mat4/format.js'\n${listed}`
  })
  const { code, stdout } = await startProcess(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', '.'], copy).ended
  t.equal(code, 0, stdout)
})

t.test('it is recognised, loaded and inspected', async (t) => {
  writeFileSync(
    join(copy, 'read.mjs'),
    `import { SpikeData, exportSpikeDataToMat4, inspect, loadSpikeData, loadSpikeDataFromMat4 } from './dist/index.js'
     await exportSpikeDataToMat4(new SpikeData([[1.5, 2], [], [0.25]]), 'read.mat')
     const loaded = [await loadSpikeData('read.mat'), await loadSpikeData('read.mat', { format: 'mat4' }), await loadSpikeDataFromMat4('read.mat')]
     console.log(JSON.stringify([loaded.map(({ train }) => train.map((times) => [...times])), await inspect('read.mat')]))`,
  )
  const { code, stdout, stderr } = await startProcess(process.execPath, ['read.mjs'], copy).ended
  t.equal(code, 0, stderr)
  const train = [[1.5, 2], [], [0.25]]
  const found = { path: 'read.mat', format: 'mat4', units: 3, spikes: 3, startTimeMs: 0, attributes: [], rawData: [], warnings: [] }
  t.strictSame(JSON.parse(stdout), [[train, train, train], found])
})

t.test('it is loaded from S3', async (t) => {
  const { download, requests } = await s3Objects(t, { 'read.mat': readFileSync(join(copy, 'read.mat')) })
  writeFileSync(
    join(copy, 'download.mjs'),
    `import { loadSpikeDataFromMat4 } from './dist/index.js'
     const { train } = await loadSpikeDataFromMat4('s3://bucket/read.mat', ${JSON.stringify(download)})
     console.log(JSON.stringify(train.map((times) => [...times])))`,
  )
  const { code, stdout, stderr } = await startProcess(process.execPath, ['download.mjs'], copy).ended
  t.equal(code, 0, stderr)
  t.strictSame(JSON.parse(stdout), [[1.5, 2], [], [0.25]])
  t.ok(requests.length > 0)
})

const { skip, python } = await pythonEnvironment('sorting')

t.test('scipy reads what it writes', { skip }, async (t) => {
  writeFileSync(
    join(copy, 'write.mjs'),
    `import { SpikeData, exportSpikeDataToMat4 } from './dist/index.js'
     import { VARIANTS } from './dist/formats/registry.js'
     const sd = new SpikeData([[1.5, 2], [], [0.25]], { length: 10 })
     await exportSpikeDataToMat4(sd, 'out.mat')
     await VARIANTS.find(({ name }) => name === 'mat4').write(sd, 'variant.mat')`,
  )
  const written = await startProcess(process.execPath, ['write.mjs'], copy).ended
  t.equal(written.code, 0, written.stderr)
  const check = `
import scipy.io
for path in "out.mat", "variant.mat":
    read = scipy.io.loadmat(path)
    assert read["spike_times"].tolist() == [[1.5, 2.0, 0.25]], read
    assert read["spike_times"].dtype == "float64", read["spike_times"].dtype
    assert read["spike_times_index"].tolist() == [[2, 2, 3]], read
`
  const { code, stderr } = await startProcess(python, ['-E', '-c', check], copy).ended
  t.equal(code, 0, stderr)
})
