/**
 * `spikeport convert` and `spikeport inspect`, as users call them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { VARIANTS } from '../../lib/formats/registry.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  NDArray,
  SpikeData,
} from '../../lib/index.js'
import { startProcess } from '../support/child.js'
import { s3Objects, s3Store } from '../support/s3-store.js'
import { jsonLines, PROGRAM, spikeport, startSpikeport } from '../support/spikeport-program.js'

const FS_HZ = 20000
const SESSION = {
  sessionDescription: 'A session.',
  sessionStartTime: '2026-03-01T14:05:00+01:00',
  experimenter: ['Doe, Jane'],
  subject: { subjectId: 'm1', species: 'Mus musculus', genotype: 'wild type' },
}

/** Times that every unit of time holds exactly. */
const sd = await SpikeData.create([[0.5, 1.5, 7], [2, 2.5], [3]], {
  length: 10,
  neuronAttributes: [2, 7, 9].map((unit_id, unit) => ({ unit_id, electrode: unit + 3, quality: unit === 1 ? 'mua' : 'good' })),
})
const TRAINS = [...sd.train].map((train) => Array.from(train))
const trainsOf = (loaded: SpikeData) => [...loaded.train].map((train) => Array.from(train))
const idsOf = (loaded: SpikeData) => loaded.neuronAttributes?.map(({ unit_id }) => unit_id)

/** What Phy leaves of a curator's work. */
const CURATED = 'cluster_id\tgroup\n0\tnoise\n'

/** A folder with a recording in an NWB file, which has most to say. */
async function folderWith(t: Tap): Promise<string> {
  const dir = t.testdir()
  await exportSpikeDataToNwb(sd, `${dir}/in.nwb`, { fsHz: FS_HZ, unitIds: [2, 7, 9], nwb: SESSION })
  return dir
}
type Tap = { testdir: () => string }

t.test('from every variant to every format', async (t) => {
  const dir = await folderWith(t)
  const outputs = ['hdf5', 'nwb', 'kilosort', 'phy', 'pickle', 'workspace']
  for (const [i, { name, write, format }] of VARIANTS.entries()) {
    const input = `${dir}/input${i}${format.output.kind === 'file' ? format.output.extension : ''}`
    await write(sd, input)
    // Each goes to two formats, and each format comes from several.
    for (const to of [outputs[i % 6], outputs[(i + 3) % 6]] as string[]) {
      const output = `${dir}/${i}-${to}`
      const args = ['convert', input, output, '--to', to, ...(to === 'kilosort' || to === 'phy' ? ['--fs-hz', '20000'] : [])]
      const needed = name === 'kilosort' ? ['--in-fs-hz', '30000'] : []
      const ended = await spikeport([...args, ...needed, '--json', '-q'])
      t.match(ended, { code: 0, stderr: '' }, `${name} to ${to}`)
      const [line] = jsonLines(ended)
      t.match(line, { status: 'done', input, output, format: to, units: 3, spikes: 6 })
      const paths = line?.['paths'] as string[]
      t.ok(paths.length > 0 && paths.every(existsSync))
      const loaded = await (to === 'kilosort' ? loadSpikeDataFromKilosort(output, { fsHz: FS_HZ }) : loadSpikeData(output))
      // A raster has no times, only counts.
      if (name === 'raster')
        t.strictSame(
          trainsOf(loaded).map(({ length }) => length),
          [3, 2, 1],
        )
      else t.strictSame(trainsOf(loaded), TRAINS, `trains from ${name} to ${to}`)
    }
  }
})

t.test('what a recording states goes with it', async (t) => {
  const dir = await folderWith(t)
  t.match(await spikeport(['convert', 'in.nwb', 'phy', '--to', 'phy', '-q'], dir), { code: 0, stderr: '' })
  t.notOk(readdirSync(`${dir}/phy`).includes('cluster_unit_id.tsv'), 'ids are not written twice')
  const phy = await loadSpikeDataFromKilosort(`${dir}/phy`)
  t.equal(phy.metadata['fs_Hz'], FS_HZ)
  t.strictSame(idsOf(phy), [2, 7, 9])

  t.match(await spikeport(['convert', 'in.nwb', 'copy.nwb', '-q'], dir), { code: 0, stderr: '' })
  const copy = await loadSpikeDataFromNwb(`${dir}/copy.nwb`)
  t.strictSame(idsOf(copy), [2, 7, 9])
  const session = {
    session_description: 'A session.',
    session_start_time: SESSION.sessionStartTime,
    experimenter: ['Doe, Jane'],
    subject_id: 'm1',
    subject_genotype: 'wild type',
  }
  t.match(copy.metadata, session)
  t.not(copy.metadata['identifier'], (await loadSpikeDataFromNwb(`${dir}/in.nwb`)).metadata['identifier'], 'another file')

  // What is given comes first, field by field.
  writeFileSync(`${dir}/session.json`, JSON.stringify({ sessionDescription: 'Another.', subject: { subjectId: 'm2' } }))
  const given = await spikeport(['convert', 'in.nwb', 'given.nwb', '-q', '--nwb', '@session.json', '--unit-ids', '[1,2,3]'], dir)
  t.match(given, { code: 0, stderr: '' })
  const changed = await loadSpikeDataFromNwb(`${dir}/given.nwb`)
  t.match(changed.metadata, { ...session, session_description: 'Another.', subject_id: 'm2' })
  t.strictSame(idsOf(changed), [1, 2, 3])

  const samples = ['--style', 'paired', '--times-unit', 'samples']
  t.match(await spikeport(['convert', 'in.nwb', 'samples.h5', '-q', ...samples], dir), { code: 0, stderr: '' })
  const read = await loadSpikeDataFromHdf5(`${dir}/samples.h5`, { timesUnit: 'samples', fsHz: FS_HZ })
  t.strictSame(trainsOf(read), TRAINS)
})

t.test('options of the input', async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToHdf5(sd, `${dir}/in.h5`, { spikeTimesUnit: 'samples', fsHz: FS_HZ, spikeTimesDataset: 'when' })
  const args = ['--in-spike-times-dataset', 'when', '--inSpikeTimesUnit', 'samples', '--in-fs-hz', '20000']
  t.match(await spikeport(['convert', 'in.h5', 'out.pkl', '-q', ...args], dir), { code: 0, stdout: 'out.pkl\n', stderr: '' })
  t.strictSame(trainsOf(await loadSpikeData(`${dir}/out.pkl`)), TRAINS)
  t.match(await spikeport(['convert', 'in.h5', 'lazy.pkl', '-q', '--in-lazy', ...args], dir), { code: 0, stderr: '' })
  t.ok(readFileSync(`${dir}/lazy.pkl`).equals(readFileSync(`${dir}/out.pkl`)), 'the same from the disk')
})

t.test('a workspace of several recordings', async (t) => {
  const dir = t.testdir()
  await exportToWorkspace({ day: { one: new SpikeData([[1]]), two: sd } }, `${dir}/many`)
  const undecided = await spikeport(['convert', 'many', 'out.pkl'], dir)
  t.match(undecided, { code: 1, stderr: /several recordings, of which namespace and key choose one: 'day\/one', 'day\/two'\.$/m })
  const chosen = ['--in-namespace', 'day', '--in-key', 'two']
  t.match(await spikeport(['convert', 'many', 'out.pkl', '-q', ...chosen], dir), { code: 0, stderr: '' })
  t.strictSame(trainsOf(await loadSpikeData(`${dir}/out.pkl`)), TRAINS)
  const half = await spikeport(['convert', 'many', 'half.pkl', '--in-key', 'two'], dir)
  t.match(half, { code: 2, stderr: /^error: Expected a string, as key is given, for --in-namespace\.$/m })
})

t.test('an output that is there already', async (t) => {
  const dir = await folderWith(t)
  const output = `${dir}/out.nwb`
  const convert = (...args: string[]) => spikeport(['convert', 'in.nwb', 'out.nwb', '--json', ...args], dir)
  t.strictSame(
    jsonLines(await convert('-e', 'skip')).map(({ status }) => status),
    ['done'],
    'nothing was there',
  )
  const before = readFileSync(output)

  const refused = await convert()
  t.match(refused, { code: 1, stderr: 'error: out.nwb is there already: --existing skip, overwrite or refresh says what to do.\n' })
  t.match(jsonLines(refused), [{ status: 'failed', error: { code: 'EEXIST' } }])
  const skipped = await convert('--existing', 'skip')
  t.match(skipped, { code: 0, stderr: 'Left out.nwb as it is: it is there.\n' })
  t.match(jsonLines(skipped), [{ status: 'skipped', reason: 'it is there' }])
  t.match(jsonLines(await convert('-e', 'refresh')), [{ status: 'skipped', reason: 'it is as new as in.nwb' }])
  t.ok(readFileSync(output).equals(before), 'it is the same')

  const old = new Date(Date.now() - 60_000)
  utimesSync(output, old, old)
  t.match(jsonLines(await convert('-e', 'refresh')), [{ status: 'done' }])
  t.notOk(readFileSync(output).equals(before), 'it has another identifier')
  t.match(jsonLines(await convert('-e', 'overwrite')), [{ status: 'done' }])
  const gone = await spikeport(['convert', 'gone.nwb', 'out.nwb', '-e', 'refresh'], dir)
  t.match(gone, { code: 1, stderr: /ENOENT/ }, 'an input that is not there is not older')

  mkdirSync(`${dir}/empty`)
  const toFolder = ['convert', 'in.nwb', 'empty', '--to', 'phy', '-q']
  t.match(await spikeport(toFolder, dir), { code: 0 }, 'there is nothing in an empty folder')
  writeFileSync(`${dir}/empty/cluster_info.tsv`, CURATED)
  t.match(await spikeport([...toFolder, '-e', 'overwrite'], dir), {
    code: 2,
    stderr: /in which no other program and no person has worked \(cluster_info\.tsv\), or --overwrite,/,
  })
  t.equal(readFileSync(`${dir}/empty/cluster_info.tsv`, 'utf8'), CURATED)
  t.match(await spikeport([...toFolder, '--overwrite'], dir), { code: 0 })
})

t.test('a folder as input and output', async (t) => {
  const dir = await folderWith(t)
  const call = (...args: string[]) => spikeport(['convert', ...args, '--json', '-q'], dir)
  t.match(jsonLines(await call('in.nwb', 'phy', '--to', 'phy')), [{ status: 'done' }])
  // Whose files these are, and where links lead, changes nothing.
  writeFileSync(`${dir}/phy/notes.txt`, 'mine')
  utimesSync(`${dir}/phy/notes.txt`, 1, 1)
  symlinkSync('/gone', `${dir}/phy/recording.dat`)
  t.match(await call('in.nwb', 'phy', '--to', 'phy'), { code: 1 }, 'it is there')
  t.match(jsonLines(await call('in.nwb', 'phy', '--to', 'phy', '-e', 'refresh')), [{ status: 'skipped' }])
  t.match(jsonLines(await call('phy', 'out.pkl')), [{ status: 'done' }])
  t.match(jsonLines(await call('phy', 'out.pkl', '-e', 'refresh')), [{ status: 'skipped' }])
  const later = new Date(Date.now() + 60_000)
  utimesSync(`${dir}/phy/spike_times.npy`, later, later)
  t.match(jsonLines(await call('phy', 'out.pkl', '-e', 'refresh')), [{ status: 'done' }])
  t.match(jsonLines(await call('out.pkl', 'ws', '--to', 'workspace')), [{ status: 'done', paths: ['ws.h5', 'ws.json'] }])
  t.match(jsonLines(await call('out.pkl', 'ws.h5', '--to', 'workspace')), [{ status: 'failed', error: { code: 'EEXIST' } }])
  t.match(jsonLines(await call(`file://${dir}/in.nwb`, 'copy.nwb')), [{ status: 'done', input: `${dir}/in.nwb` }])
})

t.test('what an output does not hold is said', async (t) => {
  const dir = t.testdir()
  const named = await SpikeData.create([[1], [2]], { neuronAttributes: [{ unit_id: 'a' }, { unit_id: 'b' }] })
  await exportToPickle(named, `${dir}/named.pkl`)
  const folder = await spikeport(['convert', 'named.pkl', 'folder', '--to', 'kilosort', '--fs-hz', '20000'], dir)
  t.match(folder, { code: 0, stderr: /^warning: Clusters are numbered 0, 1, …, .*\(SPIKEPORT_UNIT_IDS_LOST\)$/m })
  const raw = await SpikeData.create([[1]], { rawData: new NDArray(new Int16Array(20), [2, 10]), rawTime: 10 })
  await exportSpikeDataToNwb(raw, `${dir}/raw.nwb`, { rawData: { conversion: 1e-6 } })
  // The rate of a series is not that of the spikes.
  const series = { rawData: { conversion: 1e-6 }, fsHz: FS_HZ }
  await exportSpikeDataToNwb(raw, `${dir}/both.nwb`, series)
  t.match(await spikeport(['convert', 'both.nwb', 'both', '--to', 'phy', '-q'], dir), { code: 0 })
  t.equal((await loadSpikeDataFromKilosort(`${dir}/both`)).metadata['fs_Hz'], FS_HZ)
  const unknown = await spikeport(['convert', 'raw.nwb', 'unknown', '--to', 'phy'], dir)
  t.match(unknown, { code: 2, stderr: /^error: Expected a sampling frequency .*for --fs-hz\.$/m })
  t.match((await spikeport(['convert', 'raw.nwb', 'left.pkl'], dir)).stderr, /^warning: Raw data is left out \(\/acquisition\/\S+\): /m)
  t.match(await spikeport(['convert', 'raw.nwb', 'kept.pkl', '-q', '--in-raw-data', 'true'], dir), { code: 0 })
  t.strictSame((await loadSpikeData(`${dir}/kept.pkl`)).rawData?.shape, [2, 10])
})

t.test('nothing is done', async (t) => {
  const dir = await folderWith(t)
  const dry = await spikeport(['convert', 'in.nwb', 'out.pkl', '--dry-run', '--json'], dir)
  t.match(dry, { code: 0, stderr: 'Would convert in.nwb (nwb, 3 units, 6 spikes) to out.pkl (pickle).\n' })
  t.match(jsonLines(dry), [{ status: 'planned', output: 'out.pkl', found: { units: 3 } }])
  const cases: [args: string[], code: number, message: RegExp][] = [
    [['in.nwb', 'out.xyz'], 2, /^error: Expected --to for out\.xyz, as its ending is that of no format\.$/m],
    [
      ['in.nwb', 'out', '--to', 'pickel'],
      2,
      /^error: Expected one of hdf5, .* for --to but received 'pickel' \(did you mean pickle\?\)\.$/m,
    ],
    [['in.nwb', 'out.pkl', '--from', 'nwbx'], 2, /^error: Expected one of .* for --from but received 'nwbx' \(did you mean nwb\?\)\.$/m],
    [['in.nwb', 'out.pkl', '--style', 'raster'], 2, /^error: --style is no option of pickle, the format of out\.pkl\.$/m],
    [['in.nwb', 'out.h5', '--style', 'raster'], 2, /^error: Expected a width in ms above 0, .* for --raster-bin-size-ms\.$/m],
    [
      ['in.nwb', 'out.h5', '--in-fs-hz', '3', '--in-length-ms', '9'],
      2,
      /^error: Expected no value, as the format of in\.nwb is nwb, for --in-fs-hz but received 3\.$/m,
    ],
    [
      ['in.nwb', 'out.pkl', '--in-segment-index', '1', '--in-length-ms', '9'],
      2,
      /^error: No format has all of --in-length-ms, --in-segment-index\.$/m,
    ],
    [['in.nwb', 'out.h5', '--in-length-ms', '-1'], 2, /^error: Expected a finite length .* for --in-length-ms but received -1\.$/m],
    [
      ['in.nwb', 'out', '--to', 'phy', '--phy', 'false'],
      2,
      /^error: Expected another value for --phy with --to phy but received false\.$/m,
    ],
    [['in.nwb', 'out.pkl', '--region-name', 'x'], 2, /^error: Expected an S3 URL for IN or OUT, as there is --region-name\.$/m],
    [['in.nwb', 'http://host/out.nwb'], 2, /^error: Expected a path, a file: URL or s3:\/\/bucket\/key but received http:/],
    [['in.nwb', 'in.nwb', '-e', 'overwrite'], 2, /^error: Expected an output that is not the input, as in\.nwb is in\.nwb\.$/m],
    [['in.nwb', 'link.nwb', '-e', 'overwrite'], 2, /^error: Expected an output that is not the input, as link\.nwb is in\.nwb\.$/m],
    [['in.nwb', 's3://bucket/out.nwb'], 2, /^error: Expected --existing overwrite for s3:/],
    [['s3://bucket/in', 'out.nwb'], 2, /^error: Expected --from for s3:/],
    [['gone.nwb', 'out.pkl'], 1, /^error: \S*gone\.nwb: no such file or directory \(ENOENT\)\.$/m],
    [['in.nwb', 'in.nwb/out.pkl'], 1, /^error: in\.nwb cannot be made, as there is a file in its place\.$/m],
    [['damaged.nwb', 'out.pkl'], 1, /^error: Cannot read 'damaged\.nwb': /],
  ]
  writeFileSync(`${dir}/damaged.nwb`, readFileSync(`${dir}/in.nwb`).subarray(0, 5000))
  symlinkSync('in.nwb', `${dir}/link.nwb`)
  const before = readdirSync(dir)
  const bytes = readFileSync(`${dir}/in.nwb`)
  for (const [args, code, message] of cases) {
    t.match(await spikeport(['convert', ...args], dir), { code, signal: null, stdout: '', stderr: message }, args.join(' '))
  }
  t.strictSame(readdirSync(dir), before)
  t.ok(readFileSync(`${dir}/in.nwb`).equals(bytes))

  const failed = await spikeport(['convert', 'in.nwb', 'out.xyz', '--json'], dir)
  t.match(jsonLines(failed), [{ status: 'failed', arguments: ['convert', 'in.nwb', 'out.xyz', '--json'], error: { message: /--to/ } }])
})

t.test('a full disk may have room later', async (t) => {
  const dir = t.testdir({ small: {} })
  await exportToPickle(await SpikeData.create([Float64Array.from({ length: 1e5 }, (_, i) => i)]), `${dir}/in.pkl`)
  const mounted = await startProcess('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${dir}/small`]).ended
  if (mounted.code !== 0) return t.pass(`a small file system cannot be mounted: ${mounted.stderr.trim()}`, { skip: true })
  try {
    const full = await spikeport(['convert', 'in.pkl', 'small/out.nwb', '--json'], dir)
    t.match(full, { code: 75, stderr: /^error: .*no space left on device \(ENOSPC\)\.$/m })
    t.match(jsonLines(full), [{ status: 'failed', error: { code: 'ENOSPC' } }])
    t.strictSame(readdirSync(`${dir}/small`), [])
  } finally {
    await startProcess('umount', ['--lazy', `${dir}/small`]).ended
  }
})

t.test('signals stop it cleanly', async (t) => {
  const dir = t.testdir({ out: {} })
  // Compression at the highest level takes a while.
  const train = Float64Array.from({ length: 4e6 }, (_, i) => i + Math.sin(i) / 3)
  await exportSpikeDataToHdf5(await SpikeData.create([train]), `${dir}/in.h5`)
  const args = ['convert', 'in.h5', 'out/out.h5', '--compression', '{"level":9}']
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const { child, ended } = startSpikeport(args, dir)
    // It has begun once there is something of it.
    while (readdirSync(`${dir}/out`).length === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    const sentAt = performance.now()
    child.kill(signal)
    t.match(await ended, { code: null, signal, stdout: '', stderr: `error: Stopped by ${signal}.\n` })
    t.ok(performance.now() - sentAt < 1000, 'within a second')
    t.strictSame(readdirSync(`${dir}/out`), [], 'nothing is left')
  }
})

t.test('a terminal shows progress, a pipe does not', async (t) => {
  const dir = await folderWith(t)
  const call = `'${process.execPath}' '${PROGRAM}' convert in.nwb`
  const onTerminal = (command: string) => startProcess('script', ['-qec', `cd '${dir}' && ${command}`, '/dev/null']).ended
  const { code, stdout } = await onTerminal(`${call} out.pkl`)
  t.equal(code, 0)
  t.match(stdout, /\r\x1b\[JWriting +█+ +100 %/)
  t.match(stdout, /\r\x1b\[JWrote out\.pkl \(pickle\): 3 units, 6 spikes/, 'the line of progress is gone')
  t.match((await onTerminal(`env -u NO_COLOR TERM=xterm ${call} out.pkl || true`)).stdout, '\x1b[31merror:\x1b[0m')
  t.notMatch((await onTerminal(`env NO_COLOR=1 TERM=xterm ${call} out.pkl || true`)).stdout, '\x1b[31m')
  t.strictSame((await onTerminal(`${call} quiet.pkl -q`)).stdout, 'quiet.pkl\r\n')
  t.notMatch((await spikeport(['convert', 'in.nwb', 'pipe.pkl'], dir)).stderr, '\x1b')
})

t.test('inspect', async (t) => {
  const dir = await folderWith(t)
  const text = await spikeport(['inspect', 'in.nwb'], dir)
  t.equal(text.code, 0)
  const rows = ['format      nwb, 2.8.0', 'units       3', 'spikes      6', 'window      0 to 10 ms', 'sampling    20,000 Hz']
  t.strictSame(text.stdout.split('\n').slice(0, 6), ['in.nwb', ...rows.map((row) => `  ${row}`)])

  // One that fails does not keep the others from being seen.
  writeFileSync(`${dir}/notes.txt`, 'Hello\n')
  const all = await spikeport(['inspect', '--json', 'notes.txt', 'in.nwb', 'gone'], dir)
  t.match(all, { code: 1, stderr: /^error: Cannot read 'notes\.txt': [\s\S]*^error: \S*gone: no such file or directory \(ENOENT\)\.$/m })
  const [notes, nwb, gone] = jsonLines(all)
  t.match(notes, { path: 'notes.txt', error: { code: 'ERR_INVALID_FILE' } })
  t.match(nwb, { path: 'in.nwb', format: 'nwb', units: 3, spikes: 6, fsHz: FS_HZ })
  t.match(gone, { status: 'failed', path: 'gone', error: { code: 'ENOENT' } })
})

t.test('S3 on either side', async (t) => {
  const dir = t.testdir()
  await exportToPickle(sd, `${dir}/in.pkl`)
  // From the environment, never from the command line.
  const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  Object.assign(process.env, environment)
  t.teardown(() => Object.keys(environment).forEach((name) => Reflect.deleteProperty(process.env, name)))
  const at = (endpoint: string) => ['--s3-endpoint', endpoint, '--force-path-style', '--region-name', 'us-east-1']

  const { download } = await s3Objects(t, { 'a/in.pkl': readFileSync(`${dir}/in.pkl`) })
  const fromS3 = await spikeport(['convert', 's3://bucket/a/in.pkl', 'out.h5', '-q', ...at(download.s3Endpoint)], dir)
  t.match(fromS3, { code: 0, stdout: 'out.h5\n', stderr: '' })
  t.strictSame(trainsOf(await loadSpikeDataFromHdf5(`${dir}/out.h5`)), TRAINS)
  const gone = await spikeport(['convert', 's3://bucket/gone.pkl', 'gone.h5', '--json', ...at(download.s3Endpoint)], dir)
  t.match([gone.code, ...jsonLines(gone)], [1, { error: { code: 'ERR_S3_OBJECT_NOT_FOUND' } }])

  const uploaded = new Map<string, Buffer>()
  const { address } = await s3Store(t, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      uploaded.set(`${request.method} ${request.url?.split('?')[0]}`, Buffer.concat(chunks))
      response.setHeader('ETag', '"etag"').end()
    })
  })
  const toS3 = ['convert', 'in.pkl', 's3://bucket/out.pkl', '--protocol', '4', '-e', 'overwrite', '-q', ...at(address)]
  t.match(await spikeport(toS3, dir), { code: 0, stdout: 's3://bucket/out.pkl\n', stderr: '' })
  t.ok(uploaded.get('PUT /bucket/out.pkl')?.includes('spikelab'), 'the object is a pickle')

  // No server listens there: it may be back later.
  const down = await spikeport(['convert', 's3://bucket/in.pkl', 'down.h5', ...at('http://127.0.0.1:9')], dir)
  t.match(down, { code: 75, stdout: '', stderr: /^error: / })
})

t.test('what cannot be said', async (t) => {
  const dir = await folderWith(t)
  const call = `'${process.execPath}' '${PROGRAM}' convert in.nwb`
  const full = await startProcess('bash', ['-c', `${call} a.pkl > /dev/full`], dir).ended
  t.match(full, { code: 75, stderr: /^error: Results cannot be written: ENOSPC/m })
  t.match(await startProcess('bash', ['-c', `${call} b.pkl 2> /dev/full`], dir).ended, { code: 0, stdout: 'b.pkl\n' })
  // Nothing in a name moves the cursor.
  const { stderr } = await spikeport(['convert', 'in.nwb', 'a\x1b[31m.pkl'], dir)
  t.notMatch(stderr, '\x1b')
})

t.test('the reader of the results may stop', async (t) => {
  const dir = await folderWith(t)
  const many = Array.from({ length: 2000 }, () => 'in.nwb').join(' ')
  const call = `set -o pipefail; '${process.execPath}' '${PROGRAM}' inspect -q --json ${many} | head -n 1`
  const { code, stdout, stderr } = await startProcess('bash', ['-c', call], dir).ended
  t.match({ code, stderr }, { code: 141, stderr: '' }, 'as by SIGPIPE')
  t.match(JSON.parse(stdout), { path: 'in.nwb' })
})
