/**
 * What is read of `params.py` and of tables.
 */
import t from 'tap'
import { InMemory } from '../../lib/files/random-access.js'
import { paramsFrom } from '../../lib/formats/kilosort/reading/params.js'
import type { Table } from '../../lib/formats/kilosort/reading/table.js'
import { columnValues, readTable, TableProblem } from '../../lib/formats/kilosort/reading/table.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'

const params = (text: string) => Object.fromEntries(atOnce(paramsFrom(text)))
const table = (content: string | Uint8Array, isCsv = false): Promise<Table> =>
  readTable(new InMemory(Buffer.from(content)), isCsv, undefined)

t.test('literals', async (t) => {
  const values: [source: string, value: unknown][] = [
    ["'a'", 'a'],
    ['"it\'s"', "it's"],
    ["''", ''],
    [String.raw`r'C:\data\new.bin'`, String.raw`C:\data\new.bin`],
    [String.raw`'C:\\data\x41\u00e9\U0001F600\101\d\n'`, 'C:\\dataA\u00e9\u{1f600}A\\d\n'],
    ["u'x'", 'x'],
    ['30000', 30000],
    ['30000.', 30000],
    ['.5', 0.5],
    ['-3e4', -30000],
    ['+1_000', 1000],
    ['0x10', 16],
    ['-0x1F', -31],
    ['0x20000000000001', 9007199254740993n],
    ['-0x20000000000001', -9007199254740993n],
    ['9007199254740993', 9007199254740993n],
    ['True', true],
    ['False  # not filtered', false],
    ['None;', null],
    ["['a.dat', r'b.dat']", ['a.dat', 'b.dat']],
    ['(1, 2.5,)', [1, 2.5]],
    ['(1)', 1],
    ['(1,)', [1]],
    ['[]', []],
    ['[\n  1,  # one\n  [2],\n]', [1, [2]]],
  ]
  for (const [source, value] of values) t.strictSame(params(`x = ${source}\ny=1\n`), { x: value, y: 1 }, source)
})

t.test('anything else is left out', async (t) => {
  const sources = [
    ...[
      '1 + 2',
      "'a' 'b'",
      "b'a'",
      "f'{1}'",
      'open("/etc/passwd")',
      '__import__("os")',
      '[1 2]',
      '[1',
      "'a",
      '{1: 2}',
      'x.y',
      '1if 2',
      '1.2.3',
    ],
    ...["'''a\ny = 2\n'''", '"""\ny = 2\n"""', 'lambda: 0', '[f(1)]', '0o17', '1j', `${'['.repeat(30)}${']'.repeat(30)}`, '-', ''],
  ]
  for (const source of sources) {
    const found = params(`x = ${source}\n`)
    t.strictSame(found, {}, source)
  }
  t.strictSame(params('x = 1\nx = f(1)\n'), {}, 'the last assignment counts')
  t.strictSame(params('if a:\n  x = 1\ny == 2\nz += 3\nimport os\na.b = 4\nw = 5'), { w: 5 })
  t.strictSame(params("x = f('\ty = 1', [\ny = 2\n])\nz = 1\r\nv = 2\rw = 3"), { z: 1, v: 2, w: 3 })
  t.strictSame(params('\ufeffx = 1 \\\n\n\n# comment\n\n  \ny = 2'), { y: 2 })
})

t.test('texts that would be slow for a careless reader', async (t) => {
  const count = 2 ** 17
  for (const text of [
    `x = '${"\\'".repeat(count)}`,
    "\\'".repeat(count),
    "'''\\".repeat(count / 4),
    `x = ${'1'.repeat(2 * count)}x`,
    `x = ${'['.repeat(2 * count)}`,
    `x = [${'1,'.repeat(count)}`,
    '"'.repeat(2 * count),
  ]) {
    const start = performance.now()
    t.strictSame(params(text), {})
    t.ok(performance.now() - start < 2000, `${text.slice(0, 9)} took ${performance.now() - start} ms`)
  }
})

t.test('params.py of any text', async () => {
  const pieces = fc.constantFrom(
    'x',
    ' ',
    '=',
    "'",
    '"',
    '\\',
    '\n',
    '[',
    ']',
    '(',
    ')',
    ',',
    '#',
    '1',
    '.',
    'e',
    'r',
    'True',
    '"""',
    "'''",
    ';',
    '\r',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (list) => {
      for (const name of atOnce(paramsFrom(list.join(''))).keys()) if (!/^\w+$/.test(name)) throw new Error(name)
    }),
  )
})

t.test('tables', async (t) => {
  t.strictSame(await table('a\tb\n1\t2\n'), { columns: ['a', 'b'], rows: [['1', '2']] })
  t.strictSame(await table('\ufeffa\tb\r\n1\r\n\r\n\t3'), {
    columns: ['a', 'b'],
    rows: [
      ['1', ''],
      ['', '3'],
    ],
  })
  t.strictSame(await table('a,b\r1,"x ""y"", z"\r2,"1\n2"\r', true), {
    columns: ['a', 'b'],
    rows: [
      ['1', 'x "y", z'],
      ['2', '1\n2'],
    ],
  })
  t.strictSame(await table('a\tb,c\n1\t2\n', true), { columns: ['a', 'b,c'], rows: [['1', '2']] })
  t.strictSame(await table('a\n""\nx"y\n"z"w"\n'), { columns: ['a'], rows: [[''], ['x"y'], ['zw"']] })
  for (const bad of ['', '\n\n', 'a\n1\t2\n', 'a\n"1', Buffer.of(0xc3), '\t'.repeat(1001)])
    t.ok((await table(bad).catch((error: unknown) => error)) instanceof TableProblem)
  await t.rejects(readTable({ size: 2 ** 40, read: async () => {} }, false, undefined), { message: /more than 67108864/ })
})

t.test('tables in blocks of any length are the same', async (t) => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i},"é ""${i}""\r\n",${'x'.repeat(i % 7)}`)
  const { rows: found } = await table(`a,b,c\r\n${rows.join('\r\n')}\r\n`, true)
  t.equal(found.length, rows.length)
  t.strictSame(
    found.filter((row, i) => row[0] !== `${i}` || row[1] !== `é "${i}"\r\n` || row[2] !== 'x'.repeat(i % 7)),
    [],
  )
})

t.test('tables as the csv module writes them come back', async () => {
  const cell = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', '\t', '\n', ',', 'é', ' ') })
  const rows = fc.array(fc.tuple(cell, cell), { maxLength: 5 })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const { rows: found } = await table(['a\tb', ...given.map((row) => row.map(quoted).join('\t'))].join('\n'))
      if (JSON.stringify(found) !== JSON.stringify(given)) throw new Error(JSON.stringify(found))
    }),
  )
})

t.test('values of columns', async (t) => {
  const values = (cells: string[]) => atOnce(columnValues({ columns: ['a'], rows: cells.map((cell) => [cell]) }, 0))
  t.strictSame(values(['1', '-2.5', '', '1e3', ' 7 ', '+.5', '5.']), [1, -2.5, undefined, 1000, 7, 0.5, 5])
  t.strictSame(values(['inf', '-Infinity', 'NaN', '1']), [Infinity, -Infinity, undefined, 1])
  t.strictSame(values(['9007199254740993', '-9007199254740993', '1']), [9007199254740993n, -9007199254740993n, 1])
  t.strictSame(values(['True', 'False', 'None']), [true, false, undefined])
  t.strictSame(values(['True', '1']), ['True', '1'])
  t.strictSame(values(['1', 'x', 'N/A', '0x10']), ['1', 'x', undefined, '0x10'])
  t.strictSame(values(['', 'nan']), [undefined, undefined])
})
