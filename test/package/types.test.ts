/**
 * The types that npm gets, in every way a program can ask for them.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startProcess } from '../support/child.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = t.testdir()
mkdirSync(`${dir}/node_modules`)
symlinkSync(root, `${dir}/node_modules/spikeport`)

const USE = `
const sd = new SpikeData([[1, 2], Float64Array.of(3)])
const report: Promise<ExportReport> = exportSpikeDataToHdf5(sd, 'x.h5', { style: 'ragged', signal: AbortSignal.timeout(1) })
export const bytes: Promise<number> = report.then(({ bytesWritten }) => bytesWritten)
// @ts-expect-error: there is no such style
void exportSpikeDataToHdf5(sd, 'x.h5', { style: 'sparse' })
`
const SOURCES = {
  'module.mts': `import { SpikeData, exportSpikeDataToHdf5, type ExportReport } from 'spikeport'\n${USE}`,
  'required.cts': `import spikeport = require('spikeport')\nimport { SpikeData, exportSpikeDataToHdf5, type ExportReport } from 'spikeport'\n${USE}
    export const units: number = new spikeport.SpikeData([[1]]).N`,
  'imported.cts': `export async function units(): Promise<number> {
    const { SpikeData } = await import('spikeport')
    return new SpikeData([[1]]).N
  }`,
}
for (const [name, source] of Object.entries(SOURCES)) writeFileSync(`${dir}/${name}`, source)

// CommonJS that requires an ES module is what `node16` does not know yet; there, import() is the way.
const MODES = [
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['module.mts', 'required.cts', 'imported.cts'] },
  { module: 'node20', moduleResolution: 'node16', files: ['module.mts', 'required.cts', 'imported.cts'] },
  { module: 'node16', moduleResolution: 'node16', files: ['module.mts', 'imported.cts'] },
  { module: 'preserve', moduleResolution: 'bundler', files: ['module.mts', 'required.cts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['module.mts'] },
]

for (const { files, ...mode } of MODES) {
  t.test(`${mode.module}, resolved as ${mode.moduleResolution}`, async (t) => {
    // Without @types/node: what stands for Node's own names is the browser's.
    const compilerOptions = {
      ...mode,
      noEmit: true,
      strict: true,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      skipDefaultLibCheck: true,
      types: [],
    }
    const project = `${dir}/${mode.module}.json`
    writeFileSync(project, JSON.stringify({ compilerOptions, files }))
    const { code, stdout } = await startProcess(process.execPath, ['node_modules/typescript/bin/tsc', '--project', project], root).ended
    t.equal(code, 0, stdout)
  })
}
