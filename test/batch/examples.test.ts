/**
 * The examples that are no servers of their own: the route for Next.js, the batch for SLURM, the image.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import t from 'tap'
import { POST } from '../../examples/nextjs/app/api/convert/route.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromNwb, SpikeData } from '../../lib/index.js'
import { startProcess } from '../support/child.js'
import { zipOf } from '../support/folder-files.js'
import { until } from '../support/queues.js'
import { PROGRAM } from '../support/spikeport-program.js'

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url))
const TRAINS = [[1, 2.5], [2]]

async function writePhy(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await exportSpikeDataToKilosort(await SpikeData.create(TRAINS, { length: 10 }), folder, { fsHz: 20_000, phy: true })
}

async function trainsIn(path: string): Promise<number[][]> {
  return [...(await loadSpikeDataFromNwb(path)).train].map((train) => Array.from(train))
}

t.test('the route for Next.js', async (t) => {
  const dir = t.testdir({ tmp: {} })
  const { TMPDIR: before } = process.env
  process.env['TMPDIR'] = `${dir}/tmp`
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  t.equal(tmpdir(), `${dir}/tmp`)
  const leftOver = () => readdirSync(`${dir}/tmp`)
  const post = (body: Buffer | string | undefined, signal?: AbortSignal) =>
    POST(new Request('http://localhost/api/convert', { method: 'POST', ...(body !== undefined && { body }), ...(signal && { signal }) }))

  await writePhy(`${dir}/phy`)
  const zip = zipOf(Object.fromEntries(readdirSync(`${dir}/phy`).map((name) => [name, readFileSync(`${dir}/phy/${name}`)])))
  const answer = await post(zip)
  t.equal(answer.status, 200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  t.equal(answer.headers.get('content-length'), String(bytes.length))
  writeFileSync(`${dir}/a.nwb`, bytes)
  t.strictSame(await trainsIn(`${dir}/a.nwb`), TRAINS)
  await until('nothing is left', () => leftOver().length === 0)

  for (const [body, status, message] of [
    ['no recording', 422, /^Cannot read 'upload': [^/]*\.$/],
    [zip.subarray(0, 300), 422, /^Cannot read 'upload': [^/]*\.$/],
    [undefined, 400, /^Expected a recording in the body\.$/],
  ] as const) {
    const refused = await post(body)
    t.equal(refused.status, status)
    t.match(((await refused.json()) as { message: string }).message, message)
  }
  t.strictSame(leftOver(), [])

  t.test('a client that goes while it sends leaves nothing', async (t) => {
    const client = new AbortController()
    // It never ends.
    const body = new ReadableStream({ start: (controller) => controller.enqueue(zip.subarray(0, 300)) })
    const init = { method: 'POST', body, signal: client.signal, duplex: 'half' }
    const going = POST(new Request('http://localhost/api/convert', init as RequestInit))
    await until('the upload has begun', () => leftOver().length > 0)
    client.abort()
    t.equal((await going).status, 499)
    t.strictSame(leftOver(), [])
  })

  t.test('a client that does not take the result leaves nothing', async () => {
    const unread = await post(zip)
    await unread.body!.cancel()
    await until('nothing is left', () => leftOver().length === 0)
  })
})

t.test('the batch for SLURM', async (t) => {
  const dir = t.testdir({ bin: {} })
  cpSync(`${EXAMPLES}/slurm`, dir, { recursive: true })
  for (let i = 0; i < 3; i++) await writePhy(`${dir}/data/m${i}/phy`)
  // In place of the cluster: it says how it is called, and each task is run here.
  writeFileSync(`${dir}/bin/sbatch`, '#!/bin/sh\necho "$@" >> sbatch.txt\necho 7\n', { mode: 0o755 })
  writeFileSync(`${dir}/bin/spikeport`, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 })
  const call = (...args: string[]) => startProcess('env', [`PATH=${dir}/bin:${process.env['PATH']}`, ...args], dir).ended

  const submitted = await call('bash', 'submit.sh', '2', '--time', '1:00:00')
  t.match(submitted, { code: 0, stdout: '7\n' })
  t.match(readFileSync(`${dir}/sbatch.txt`, 'utf8'), /^--parsable convert\.sh\n--parsable --job-name=spikeport-merge /)
  t.match(readFileSync(`${dir}/convert.sh`, 'utf8'), /^#SBATCH --array=0-1\n(?:#SBATCH .*\n)*#SBATCH --time=1:00:00$/m)
  for (const task of [0, 1]) t.match(await call(`SLURM_ARRAY_TASK_ID=${task}`, 'bash', 'convert.sh'), { code: 0 })
  t.match(await call('spikeport', 'status', 'plan.jsonl'), { code: 0 })
  for (let i = 0; i < 3; i++) t.strictSame(await trainsIn(`${dir}/nwb/m${i}/phy.nwb`), TRAINS)
})

t.test('the image', async (t) => {
  const text = readFileSync(`${EXAMPLES}/docker/Dockerfile`, 'utf8')
  t.strictSame(validate(text), [])
  const file = DockerfileParser.parse(text)
  const froms = file.getFROMs()
  t.equal(froms.length, 2)
  for (const from of froms) t.match(from.getImage(), /^node:\d+\.\d+\.\d+-bookworm-slim$/, 'a release, and a small one')
  // What is in the last stage.
  const last = file.getInstructions().filter((each) => each.getRange().start.line > froms.at(-1)!.getRange().start.line)
  const names = last.map((each) => each.getKeyword())
  t.strictSame(names, ['COPY', 'ENV', 'USER', 'WORKDIR', 'ENTRYPOINT', 'CMD'])
  t.match(last.find((each) => each.getKeyword() === 'USER')!.getArgumentsContent(), /^[1-9]\d*:[1-9]\d*$/, 'a number: clusters ask for one')
  const [copy] = file.getCOPYs().slice(-1)
  t.equal(copy!.getFromFlag()!.getValue(), froms[0]!.getBuildStage(), 'from the stage that installs')
  const { bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.ok('spikeport' in bin && existsSync(PROGRAM))
})
