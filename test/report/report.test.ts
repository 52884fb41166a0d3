/**
 * `spikeport report` as a command: where its file goes, and how it ends.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle, SpikeData } from '../../lib/index.js'
import { checkTurns } from '../support/short-turns.js'
import { jsonLines, spikeport } from '../support/spikeport-program.js'

const dir = t.testdir()
const trains = [[0.5, 1.5, 7], [2, 2.5], [3]]
const sd = await SpikeData.create(trains, { length: 10, neuronAttributes: trains.map((_, unit) => ({ unit_id: unit, quality: 'good' })) })
await exportToPickle(sd, `${dir}/in.pkl`)

/** A built module: the page's program is only there. */
const built = (name: string) => import(new URL(`../../dist/${name}`, import.meta.url).href)

/** What the page is given. */
function infoIn(path: string): Record<string, unknown> {
  return JSON.parse(/<script type="application\/json" id="info">(.*?)<\/script>/s.exec(readFileSync(path, 'utf8'))![1]!)
}

t.test('where it goes', async (t) => {
  mkdirSync(`${dir}/elsewhere`)
  t.match(await spikeport(['report', '../in.pkl'], `${dir}/elsewhere`), {
    code: 0,
    stdout: 'in.html\n',
    stderr: /^Wrote in\.html: 3 units, 6 spikes, /,
  })
  t.strictSame(readdirSync(`${dir}/elsewhere`), ['in.html'], 'in the current folder, and no other file')
  const ended = await spikeport(['report', 'in.pkl', '-o', 'new/folder/out.html', '--title', 'T', '--json', '-q'], dir)
  t.match(jsonLines(ended), [
    { status: 'done', input: 'in.pkl', output: 'new/folder/out.html', paths: ['new/folder/out.html'], units: 3, spikes: 6 },
  ])
  t.match(infoIn(`${dir}/new/folder/out.html`), {
    title: 'T',
    source: 'in.pkl',
    format: 'pickle',
    units: 3,
    refractoryMs: 2,
    columns: ['unit_id', 'quality'],
  })

  const before = readFileSync(`${dir}/elsewhere/in.html`)
  const refused = await spikeport(['report', 'in.pkl', '-o', 'elsewhere/in.html'], dir)
  t.match(refused, {
    code: 1,
    stderr: /^error: elsewhere\/in\.html is there already: --existing skip, overwrite or refresh says what to do\.$/m,
  })
  t.match(await spikeport(['report', 'in.pkl', '-o', 'elsewhere/in.html', '-e', 'skip'], dir), { code: 0, stderr: /^Left / })
  t.ok(readFileSync(`${dir}/elsewhere/in.html`).equals(before))
  t.match(await spikeport(['report', 'in.pkl', '-o', 'elsewhere/in.html', '-e', 'overwrite', '--refractory-ms', '3'], dir), { code: 0 })
  t.match(infoIn(`${dir}/elsewhere/in.html`), { refractoryMs: 3 })
})

t.test('the same recording is the same file', async (t) => {
  const options = { neuronAttributes: sd.neuronAttributes, length: 10 }
  await exportSpikeDataToNwb(sd, `${dir}/in.nwb`, { fsHz: 20_000 })
  for (const [name, args] of [
    ['lazy.html', ['--in-lazy']],
    ['memory.html', ['--no-in-lazy']],
    ['again.html', []],
  ] as const) {
    t.match(await spikeport(['report', 'in.nwb', '-q', '-o', name, ...args], dir), { code: 0, stderr: '' })
  }
  t.ok(readFileSync(`${dir}/lazy.html`).equals(readFileSync(`${dir}/memory.html`)))
  t.ok(readFileSync(`${dir}/again.html`).equals(readFileSync(`${dir}/memory.html`)))
  await exportSpikeDataToHdf5(new SpikeData(trains, options), `${dir}/s.h5`, { spikeTimesUnit: 'samples', fsHz: 20_000 })
  const samples = ['--in-spike-times-unit', 'samples', '--in-fs-hz', '20000']
  t.match(await spikeport(['report', 's.h5', '-q', ...samples], dir), { code: 0, stdout: 's.html\n', stderr: '' })
})

t.test('never over what it reads, and not from what is none', async (t) => {
  copyFileSync(`${dir}/in.pkl`, `${dir}/mine.html`)
  const over = await spikeport(['report', 'mine.html', '-e', 'overwrite'], dir)
  t.match(over, { code: 2, stderr: /^error: Expected an output that is not the input, as mine\.html is mine\.html\.$/m })
  t.ok(readFileSync(`${dir}/mine.html`).equals(readFileSync(`${dir}/in.pkl`)))
  writeFileSync(`${dir}/damaged.pkl`, readFileSync(`${dir}/in.pkl`).subarray(0, 200))
  const damaged = await spikeport(['report', 'damaged.pkl'], dir)
  t.match(damaged, { code: 1, stdout: '' })
  t.match(damaged.stderr, /^error: [^\n]*\.\n$/)
  t.match(await spikeport(['report', 'none.nwb'], dir), { code: 1, stdout: '', stderr: /^error: \S*none\.nwb: no such file/ })
  t.notOk(existsSync(`${dir}/damaged.html`) || existsSync(`${dir}/none.html`))
})

t.test('calls that make no sense', async (t) => {
  const cases: [args: string[], message: string][] = [
    [['-o', 'report.pdf'], 'Expected a path that ends in .html or .htm for --output but received report.pdf.'],
    [['-o', 's3://bucket/report.html'], 'Expected a path that ends in .html or .htm for --output but received s3://bucket/report.html.'],
    [['-o', 'a.html', '--refractory-ms', '-1'], 'Expected a finite time in ms of 0 or more for --refractory-ms but received -1.'],
    [['-o', 'a.html', '--in-fs-hz', '3', '--in-namespace', 'x'], 'No format has all of --in-fs-hz, --in-namespace.'],
  ]
  for (const [args, message] of cases) {
    t.match(await spikeport(['report', 'in.pkl', ...args], dir), {
      code: 2,
      stderr: `error: ${message}\nspikeport --help says how it is called.\n`,
    })
  }
})

t.test('attributes of every kind', async (t) => {
  const kinds = [
    { a: 1.5, b: 'x\u0000\u001b[31m', c: [1, 2], d: Float32Array.of(1, 2, 3, 4, 5), e: null, f: true, g: 10n, h: NaN, i: { deep: 1 } },
    { a: -0, b: '', c: [], z: 'late' },
  ]
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`more ${i}`, i]))
  await exportToPickle(new SpikeData([[1], [2]], { neuronAttributes: [kinds[0]!, { ...kinds[1], ...many }] }), `${dir}/kinds.pkl`)
  t.match(await spikeport(['report', 'kinds.pkl', '-q'], dir), { code: 0, stderr: '' })
  const info = infoIn(`${dir}/kinds.html`)
  t.equal((info['columns'] as string[]).length, 40)
  t.equal(info['columnsLeftOut'], 30)
  const [, rows] = /<script type="application\/jsonl" id="rows">(.*?)<\/script>/s.exec(readFileSync(`${dir}/kinds.html`, 'utf8'))!
  const [first, second] = rows!
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row))
  t.strictSame(first.slice(0, 10), [1.5, 'x\\x00\\x1b[31m', '1, 2', 'array of 5', null, 'true', 10, 'NaN', 'object', null])
  t.strictSame(second.slice(0, 10), [0, '', '', null, null, null, null, null, null, 'late'])
})

t.test('the event loop is not blocked', async (t) => {
  const { SpikeData: Built } = await built('index.js')
  const { writeReport } = await built('report/write-report.js')
  const { writePlot } = await built('report/write-plot.js')
  const source = { title: 'T', source: 'S', format: 'F', version: 'V' }
  // Many units: each is done in less than a slice.
  const few = Array.from({ length: 10_000 }, (_, unit) => Float64Array.from({ length: 150 }, (_, i) => i * 97 + unit / 10))
  const neuronAttributes = few.map((_, unit) => ({ text: 'x'.repeat(80), unit, location: [unit, unit] }))
  const times = await Built.create(few, { neuronAttributes })
  await checkTurns(t, () => writeReport(times, `${dir}/times.html`, source, {}, {}), 'a report of all spikes')
  const dense = Float64Array.from({ length: 6e6 }, (_, i) => i / 10)
  const bins = await Built.create([dense])
  await checkTurns(t, () => writeReport(bins, `${dir}/bins.html`, source, {}, {}), 'a report of bins')
  await checkTurns(t, () => writePlot(bins, `${dir}/bins.png`, { dpi: 600 }, {}), 'a PNG')
  await checkTurns(t, () => writePlot(times, `${dir}/times.svg`, {}, {}), 'an SVG')
})

t.test('stopped', async (t) => {
  const { SpikeData: Built } = await built('index.js')
  const { writeReport } = await built('report/write-report.js')
  const large = await Built.create([Float64Array.from({ length: 4e6 }, (_, i) => i / 10)])
  const stop = new AbortController()
  const reason = new Error('enough')
  const options = { signal: stop.signal, onProgress: () => stop.abort(reason) }
  const source = { title: 'T', source: 'S', format: 'F', version: 'V' }
  await t.rejects(writeReport(large, `${dir}/stopped.html`, source, options, { signal: stop.signal }), reason)
  t.notOk(existsSync(`${dir}/stopped.html`))
})
