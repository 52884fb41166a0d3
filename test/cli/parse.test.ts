/**
 * How the arguments of a command are read.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { parse, typedName } from '../../lib/cli/parse.js'

const OPTIONS = {
  style: { value: ['ragged', 'raster'], text: '' },
  rasterBinSizeMs: { value: 'number', text: '' },
  createdAt: { value: 'date', text: '' },
  name: { value: 'text', text: '', short: 'n' },
  metadata: { value: 'json', text: '' },
  quiet: { value: 'flag', text: '', short: 'q' },
} as const

const valuesOf = async (...argv: string[]) => Object.fromEntries((await parse(argv, OPTIONS)).values)

t.test('values', async (t) => {
  const file = `${t.testdir()}/metadata.json`
  writeFileSync(file, '{"a":[1]}')
  const cases: [argv: string[], values: object][] = [
    [['--style', 'raster'], { style: 'raster' }],
    [['--style=raster'], { style: 'raster' }],
    [['--raster-bin-size-ms', '2.5'], { rasterBinSizeMs: 2.5 }],
    [['--rasterBinSizeMs=-1e3'], { rasterBinSizeMs: -1000 }],
    [['--raster-bin-size-ms', '-5'], { rasterBinSizeMs: -5 }],
    [['--created-at', '2026-03-01T00:00:00Z'], { createdAt: new Date('2026-03-01') }],
    [['--name', 'a b'], { name: 'a b' }],
    [['-n', 'x'], { name: 'x' }],
    [['--name='], { name: '' }],
    [['--name=-x'], { name: '-x' }],
    [['--metadata', '{"b":null}'], { metadata: { b: null } }],
    [['--metadata', `@${file}`], { metadata: { a: [1] } }],
    [['-q'], { quiet: true }],
    [['--quiet', '--no-quiet'], { quiet: false }],
    [['--name', 'first', '--name', 'last'], { name: 'last' }],
    [[], {}],
  ]
  for (const [argv, values] of cases) t.strictSame(await valuesOf(...argv), values, argv.join(' '))
})

t.test('what is no option is a path', async (t) => {
  const { positionals, values } = await parse(['in put', '-q', '--', '--out', '-'], OPTIONS)
  t.strictSame(positionals, ['in put', '--out', '-'])
  t.strictSame([...values], [['quiet', true]])
})

t.test('one sentence for what is wrong', async (t) => {
  const cases: [argv: string[], message: string | RegExp][] = [
    [['--stile', 'raster'], 'There is no option --stile (did you mean --style?).'],
    [['--wholly-unlike'], 'There is no option --wholly-unlike.'],
    [['-x'], 'There is no option -x.'],
    [['--style', 'rastr'], "Expected one of ragged, raster for --style but received 'rastr' (did you mean raster?)."],
    [['--style'], 'Expected one of ragged, raster for --style.'],
    [['--style', '--quiet'], 'Expected one of ragged, raster for --style.'],
    [['--raster-bin-size-ms', '2ms'], "Expected a number for --raster-bin-size-ms but received '2ms'."],
    [['--raster-bin-size-ms', ''], "Expected a number for --raster-bin-size-ms but received ''."],
    [['--raster-bin-size-ms', 'Infinity'], "Expected a number for --raster-bin-size-ms but received 'Infinity'."],
    [['--created-at', 'soon'], "Expected a date such as 2026-03-01T14:05:00Z for --created-at but received 'soon'."],
    [['--metadata', '{'], /^Expected JSON, or @ and a file of it for --metadata but received '\{' \(.+\)\.$/],
    [['--metadata', '@/not/there.json'], /^Expected JSON, .* received @\/not\/there\.json \(ENOENT.+\)\.$/],
    [['--quiet=yes'], "Expected no value for --quiet but received 'yes'."],
  ]
  for (const [argv, message] of cases) await t.rejects(parse(argv, OPTIONS), { name: 'UsageError', message }, argv.join(' '))
})

t.test('typed names', async (t) => {
  t.equal(typedName('rasterBinSizeMs'), 'raster-bin-size-ms')
  t.equal(typedName('phy'), 'phy')
})
