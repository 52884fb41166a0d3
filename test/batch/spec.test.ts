/**
 * Specs: what they stand for, and where it is said what is wrong with them.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { SpecError } from '../../lib/batch/spec/problems.js'
import { specSchema } from '../../lib/batch/spec/schema.js'
import { specFrom } from '../../lib/batch/spec/spec.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromNwb, SpikeData } from '../../lib/index.js'
import { batchFolder, SPEC } from '../support/batches.js'
import { jsonLines, spikeport } from '../support/spikeport-program.js'

const SESSIONS = 'experiments: {e: {sessions: [{source: a.nwb}]}}'
const OUTPUTS = 'outputs: [{to: nwb}]'

t.test('what is wrong is said with its line and column', async (t) => {
  const cases: [text: string, ...lines: string[]][] = [
    ['', '1:1: Expected a map for the spec but received nothing.'],
    ['- a', '1:1: Expected a map for the spec but received a list.'],
    ['a: [1', '1:6: Flow sequence in block collection must be sufficiently indented and end with a ].'],
    [`${OUTPUTS}\noutputs: []\n${SESSIONS}`, '2:1: Map keys must be unique.'],
    [OUTPUTS, "1:1: Expected 'experiments' in the spec."],
    [`${OUTPUTS}\nexperiments: {}`, "2:14: Expected at least one in 'experiments'."],
    [`${OUTPUTS}\n---\n${SESSIONS}`, '2:1: Expected one document.'],
    [
      `${OUTPUTS}\nexperiments: {e: {sessions: [{source_data: a}]}}`,
      "2:30: Expected 'source' in 'sessions[0]'.",
      "2:31: There is no 'source_data' in 'sessions[0]' (did you mean source?): ",
    ],
    [SESSIONS, "1:30: Expected 'outputs' here, in the experiment or at the top."],
    [`outputs: [{to: nbw}]\n${SESSIONS}`, `1:16: Expected one of hdf5, nwb, kilosort, phy, pickle, workspace for 'to' but received "nbw".`],
    [
      `outputs:\n  - to: nwb\n    options: {fsHz: '1', style: raster}\n${SESSIONS}`,
      `3:21: Expected a number for 'fsHz' but received "1".`,
      "3:26: There is no 'style' in 'options': profile, nwb, fsHz, ",
    ],
    [`${OUTPUTS}\nmetadta: {}\n${SESSIONS}`, "2:1: There is no 'metadta' in the spec (did you mean metadata?): output_folder, metadata, "],
    [`${OUTPUTS}\nmetadata: {NWBFile: {session_start_time: now}}\n${SESSIONS}`, '2:42: Expected an ISO 8601 date and time with a zone'],
    [
      `${OUTPUTS}\nexperiments:\n  e:\n    metadata: {Subject: {sex: male}}\n    sessions:\n    - source: [a.nwb]\n      metadata: {Subject: {age: 3}}`,
      "4:31: Expected 'M', 'F', ",
      '7:33: Expected an ISO 8601 duration',
    ],
    [`${OUTPUTS}\nexperiments: {e: {sessions: [{source: 3}]}}`, "2:39: Expected text for 'source' but received 3."],
    [
      `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]`,
      '1:1: Excessive alias count indicates a resource exhaustion attack.',
    ],
  ]
  for (const [text, ...lines] of cases) {
    try {
      specFrom(text, 'spec.yml')
      t.fail(`no error for ${text}`)
    } catch (error) {
      t.type(error, SpecError)
      const found = (error as Error).message.split('\n')
      t.equal(found.length, lines.length, found.join('\n'))
      for (const [i, line] of lines.entries()) t.ok(found[i]?.startsWith(`spec.yml:${line}`), `${found[i]} begins with ${line}`)
    }
  }
})

t.test('what cannot be planned', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  const cases: [change: (spec: string) => string, message: string][] = [
    [(spec) => spec.replace('sorting.pkl', 'sorting.nwb'), 'spec.yml:10:17: Nothing matches data/*/sorting.nwb.'],
    [
      (spec) => spec.replace('{folder}', '{foldr}'),
      "spec.yml:6:21: Expected {name}, {folder}, {experiment} or {format} in 'path' but received {foldr}.",
    ],
    [
      (spec) => spec.replace('phy/{folder}', 'phy'),
      `spec.yml:10:9: Expected a path of its own for each output, but ${dir}/data/m0/sorting.pkl and ${dir}/data/m1/sorting.pkl both go to ${dir}/out/phy: 'name' or 'path' can tell them apart.`,
    ],
    [
      (spec) =>
        `${spec.replace('data/*/sorting.pkl', 'data/m1/sorting.pkl')}      - {source: data/m0/sorting.pkl, outputs: [{to: pickle, path: '../data/m1/sorting'}]}\n`,
      'spec.yml:11:9: Expected another path for the output of DIR/data/m0/sorting.pkl, as DIR/data/m1/sorting.pkl is a source.',
    ],
    [(spec) => spec.replace('{to: nwb,', "{to: nwb, path: 'o/',"), "spec.yml:5:5: Expected a name at the end of 'path' but received o/."],
    [
      (spec) => spec.replace('data/*/sorting.pkl', '[data/m0/sorting.pkl, data/m0/sorting.pkl]'),
      'spec.yml:10:9: DIR/data/m0/sorting.pkl goes to DIR/out/sorting.nwb twice: it is listed twice, or so is an output.',
    ],
    [
      (spec) => spec.replace('data/*/sorting.pkl', 's3://bucket/sorting'),
      "spec.yml:10:9: Expected 'from' for s3://bucket/sorting, as its ending is that of no format.",
    ],
  ]
  for (const [change, message] of cases) {
    writeFileSync(`${dir}/spec.yml`, change(SPEC))
    const ended = await spikeport(['run', 'spec.yml', '-q'], dir)
    t.match(ended, { code: 2, stdout: '' })
    t.ok(ended.stderr.split('\n').includes(`error: ${message.replaceAll('DIR', dir)}`), ended.stderr)
    // A plan finds the same.
    t.match(await spikeport(['plan', 'spec.yml', '--shards', '2', '-q'], dir), { code: 2, stdout: '', stderr: ended.stderr })
  }
  for (const [bytes, message] of [
    [Buffer.from([0x65, 0xe9, 0x3a]), 'Expected a spec but odd.yml is no text in UTF-8.'],
    [Buffer.from('{"spikeportPlan":1}'), 'Expected a spec but odd.yml is a plan: spikeport work takes it.'],
  ] as const) {
    writeFileSync(`${dir}/odd.yml`, bytes)
    t.match(await spikeport(['run', 'odd.yml'], dir), { code: 2, stderr: new RegExp(`^error: ${message}\n`) })
  }
  t.match(await spikeport(['run', 'data'], dir), { code: 2, stderr: /^error: Expected a spec but data is a folder\.$/m })
  t.match(await spikeport(['run', 'spec.yml', '--results', ''], dir), { code: 2 })
  // A byte order mark is none of the text.
  writeFileSync(`${dir}/spec.yml`, `\ufeff${SPEC.replaceAll('\n', '\r\n')}`)
  t.equal((await spikeport(['run', 'spec.yml', '-q'], dir)).code, 0)
  t.match(await spikeport(['run', 'gone.yml'], dir), { code: 1, stderr: 'error: gone.yml: no such file or directory (ENOENT).\n' })
  for (const args of [
    ['-j', '0'],
    ['-j', '0.5'],
    ['--threads', '100000'],
  ]) {
    t.match(await spikeport(['run', 'spec.yml', ...args], dir), {
      code: 2,
      stderr: /^error: Expected a whole number from 1 to 1024 for --(jobs|threads) /m,
    })
  }
})

t.test('levels, names and paths', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  // Brackets in a name are no pattern where something has that name.
  mkdirSync(`${dir}/odd`)
  renameSync(`${dir}/data/m1`, `${dir}/odd/m[1] {x}`)
  writeFileSync(
    `${dir}/spec.yml`,
    `metadata:
  NWBFile: {session_start_time: '2026-03-01T14:05:00Z', lab: Doe, keywords: [a, b]}
  Subject: {species: Mus musculus}
base: &base {fsHz: 1000}
experiments:
  one:
    metadata: {NWBFile: {lab: Roe, keywords: [c]}, Subject: {subject_id: m1}}
    outputs: [{to: nwb, path: '{experiment}/{name}-{format}', options: {<<: *base, nwb: {lab: Poe}}}]
    sessions:
      - source: odd/m[1] {x}/sorting.pkl
        name: first
        metadata: {Subject: {sex: F}}
  two:
    outputs: [{to: hdf5}, {to: kilosort, path: '${dir}/ks/{folder}', options: {fsHz: 1000}}, {to: workspace, path: w}]
    sessions: [{source: [data/m0/*.pkl], source_options: {}}]
`
      .replace('base: &base {fsHz: 1000}\n', '')
      .replace('<<: *base, ', 'fsHz: 1000, '),
  )
  const planned = jsonLines(await spikeport(['run', 'spec.yml', '--dry-run', '--json', '-q'], dir))
  t.strictSame(
    planned.map(({ output, format }) => [output, format]),
    [
      [`${dir}/one/first-nwb.nwb`, 'nwb'],
      [`${dir}/sorting.h5`, 'hdf5'],
      [`${dir}/ks`, 'kilosort'],
      [`${dir}/w`, 'workspace'],
    ],
  )
  const ended = await spikeport(['run', 'spec.yml'], dir)
  t.equal(ended.code, 0, ended.stderr)
  for (const format of ['hdf5', 'kilosort', 'workspace']) t.match(ended.stderr, `is not kept in outputs of the format ${format}.`)
  const { metadata } = await loadSpikeDataFromNwb(`${dir}/one/first-nwb.nwb`)
  t.match(metadata, { lab: 'Poe', keywords: ['c'], species: 'Mus musculus', subject_id: 'm1', sex: 'F' })
})

t.test('what a batch has written is no source of it', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  writeFileSync(
    `${dir}/spec.yml`,
    "outputs: [{to: nwb, path: 'data/{folder}/{name}', options: {fsHz: 1000}}]\nexperiments: {e: {sessions: [{source: 'data/*/*'}]}}\n",
  )
  t.equal(jsonLines(await spikeport(['run', 'spec.yml', '--json', '-q'], dir)).length, 2)
  const again = jsonLines(await spikeport(['run', 'spec.yml', '--json', '-q'], dir))
  t.match(again, [
    { status: 'skipped', input: /sorting\.pkl$/ },
    { status: 'skipped', input: /sorting\.pkl$/ },
  ])
})

t.test('ten thousand sessions', async (t) => {
  const dir = t.testdir()
  const session = (i: number) => `    - source: raw/${i}.pkl\n      name: s${i}\n      metadata: {Subject: {subject_id: m${i}}}\n`
  const sessions = Array.from({ length: 10_000 }, (_, i) => session(i)).join('')
  writeFileSync(`${dir}/spec.yml`, `outputs: [{to: nwb, options: {fsHz: 1000}}]\nexperiments:\n  e:\n    sessions:\n${sessions}`)
  const startedAt = performance.now()
  const ended = await spikeport(['run', 'spec.yml', '--json', '-q'], dir)
  t.ok(performance.now() - startedAt < 20_000)
  const lines = jsonLines(ended)
  t.equal(lines.length, 10_000)
  t.ok(lines.every(({ status, error }) => status === 'failed' && (error as { code: string }).code === 'ENOENT'))
  t.equal(ended.code, 1)
})

t.test('the example in docs/batch.md', async (t) => {
  const text = readFileSync(new URL('../../docs/batch.md', import.meta.url), 'utf8')
  const example = /^```yaml\n(.*?)^```/ms.exec(text)?.[1] as string
  const { sessions } = specFrom(example, 'spec.yml')
  t.equal(sessions.length, 2)
  t.match(sessions[0], { name: 'm1-day1', metadata: { NWBFile: { lab: 'Doe Lab' }, Subject: { species: 'Mus musculus', sex: 'F' } } })
  const wrong = example.replace("'2026-03-01T14:05:00+01:00'", '2026-03-01')
  const said = text.match(/^ {4}error: (.*)$/m)?.[1] as string
  t.throws(() => specFrom(wrong, 'spec.yml'), { message: said })

  // It runs on such folders; an archive is the same as a folder.
  const dir = t.testdir()
  for (const folder of ['raw/m1/kilosort4', 'raw/m2/day1/kilosort4']) {
    await exportSpikeDataToKilosort(await SpikeData.create([[1, 2], [3]]), `${dir}/${folder}`, { fsHz: 30000, phy: true })
  }
  writeFileSync(`${dir}/spec.yml`, example.replace(', archive/m2-*.zip', ''))
  const ended = await spikeport(['run', 'spec.yml', '--json'], dir)
  t.equal(ended.code, 0, ended.stderr)
  t.strictSame(
    jsonLines(ended)
      .map(({ output, status }) => [String(output).slice(dir.length), status])
      .sort(),
    [
      ['/converted/day1/kilosort4.nwb', 'done'],
      ['/converted/m1-day1.nwb', 'done'],
      ['/converted/phy/reaching/day1/kilosort4', 'done'],
      ['/converted/phy/reaching/m1-day1', 'done'],
    ],
  )
})

t.test('the schema in the package', async (t) => {
  const schema = JSON.parse(readFileSync(new URL('../../dist/spec.schema.json', import.meta.url), 'utf8'))
  t.strictSame(schema, specSchema(), '`node scripts/spec-schema.mjs` writes it')
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
  t.ok(validate({ outputs: [{ to: 'nwb' }], experiments: { e: { sessions: [{ source: 'a' }] } } }))
  t.notOk(validate({ outputs: [{ to: 'nwb', options: { style: 'raster' } }], experiments: { e: { sessions: [{ source: 'a' }] } } }))
})
