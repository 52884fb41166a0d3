/**
 * The registry lists every format, as its folder, the public functions and the README have them.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import t from 'tap'
import { FORMATS, VARIANTS } from '../../lib/formats/registry.js'
import * as spikeport from '../../lib/index.js'

const root = new URL('../../', import.meta.url)

t.test('every folder in lib/formats is a format', async (t) => {
  const folders = readdirSync(new URL('lib/formats', root), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  t.strictSame(FORMATS.map(({ name }) => name).toSorted(), folders.map(({ name }) => name).toSorted())
})

t.test('every public export function is that of a format', async (t) => {
  const functions = Object.entries(spikeport).filter(([name]) => name.startsWith('export'))
  t.ok(functions.length > 0)
  t.strictSame(new Set(FORMATS.map(({ write }) => write)), new Set(functions.map(([, value]) => value)))
  for (const [name, value] of functions) t.equal((value as () => void).name, name)
})

t.test('the table in the README has a row for each format, and names its variants', async (t) => {
  const readme = readFileSync(new URL('README.md', root), 'utf8')
  const rows = new Map(
    [...readme.matchAll(/^\| `(export\w+)\(\w+, (\w+), options\)` \|(.*)\|$/gm)].map(([, name, ...rest]) => [name, rest]),
  )
  t.strictSame(
    [...rows.keys()],
    FORMATS.map(({ write }) => write.name),
  )
  for (const { write, output, variants } of FORMATS) {
    const [path, row] = rows.get(write.name) as string[]
    t.equal(path, output.kind === 'folder' ? 'folder' : 'path')
    for (const { options } of variants) {
      for (const [name, value] of Object.entries(options)) if (typeof value === 'string') t.match(row, value, `${write.name}: ${name}`)
    }
  }
})

t.test('names are those of one variant each', async (t) => {
  t.equal(new Set(VARIANTS.map(({ name }) => name)).size, VARIANTS.length)
  t.strictSame(new Set(VARIANTS.map(({ format }) => format)), new Set(FORMATS))
})

for (const { name, format, write, title, python } of VARIANTS) {
  t.test(`${name} writes what the registry lists`, async (t) => {
    const path = `${t.testdir()}/out`
    const sd = new spikeport.SpikeData([[1], [2, 3]], { length: 100, neuronAttributes: [{ electrode: 0 }, { electrode: 1 }] })
    const { paths, spikeCount } = await write(sd, path, { threads: 1 })
    t.equal(spikeCount, 3)
    const { output } = format
    if (output.kind === 'files')
      t.strictSame(
        paths,
        output.extensions.map((extension) => path + extension),
      )
    else t.equal(statSync(path).isDirectory(), output.kind === 'folder')
    if (output.kind === 'file') t.strictSame(paths, [path])
    t.ok(title)
    t.match(python(path).join('\n'), path)
  })
}

for (const { name, canUpload, from, write, variants } of FORMATS) {
  t.test(`${name}: S3`, async (t) => {
    const sd = new spikeport.SpikeData([[1]])
    const refused = canUpload ? /Expected an S3 URL/ : /Expected the name of an option/
    await t.rejects(write(from?.(sd) ?? sd, `${t.testdir()}/out`, { ...variants[0]?.options, s3Upload: true } as object), {
      message: refused,
    })
  })
}
