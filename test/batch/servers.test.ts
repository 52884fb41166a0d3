/**
 * The services of examples/ over HTTP: an upload becomes a result, a client that goes stops its conversion, and nothing is left of either.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { Test } from 'tap'
import t from 'tap'
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, loadSpikeData, loadSpikeDataFromNwb, SpikeData } from '../../lib/index.js'
import { eventsOf, SERVICES } from '../support/example-services.js'
import { zipOf } from '../support/folder-files.js'
import { largeRecording, until } from '../support/queues.js'

const TRAINS = [[1, 2.5], [2]]
/** Of uploads, in bytes. */
const LIMIT = 32 * 2 ** 20

/** Bytes of an archive of a Phy folder. */
async function phyZip(t: Test): Promise<Buffer> {
  const dir = t.testdir()
  await exportSpikeDataToKilosort(await SpikeData.create(TRAINS, { length: 10 }), `${dir}/phy`, { fsHz: 20_000, phy: true })
  const names = readdirSync(`${dir}/phy`)
  return zipOf(Object.fromEntries(names.map((name) => [name, readFileSync(`${dir}/phy/${name}`)])))
}

for (const [name, { skip, start }] of Object.entries(SERVICES)) {
  t.test(name, { skip }, async (t) => {
    const service = await start(t, LIMIT)
    const post = async (body: FormData | Buffer | string, query = '', type = 'application/octet-stream') => {
      const headers: Record<string, string> = body instanceof FormData ? {} : { 'content-type': type }
      return fetch(`${service.url}/conversions${query}`, { method: 'POST', body, headers })
    }
    const idOf = async (answer: Response) => {
      t.equal(answer.status, 202)
      return ((await answer.json()) as { id: string }).id
    }

    t.test('an upload becomes a result', async (t) => {
      const form = new FormData()
      // A name that leads out of the folder, and into a header.
      form.append('file', new Blob([await phyZip(t)]), '../../../etc/cron.d/x\r\nx: y.zip')
      const id = await idOf(await post(form))
      const events = await eventsOf(await fetch(`${service.url}/conversions/${id}/progress`))
      t.match(events.at(-1), { state: 'done' })
      const result = await fetch(`${service.url}/conversions/${id}/result`)
      t.equal(result.headers.get('content-disposition'), 'attachment; filename="recording.nwb"')
      const dir = t.testdir()
      writeFileSync(`${dir}/a.nwb`, Buffer.from(await result.arrayBuffer()))
      const sd = await loadSpikeDataFromNwb(`${dir}/a.nwb`)
      t.strictSame(
        [...sd.train].map((train) => Array.from(train)),
        TRAINS,
      )
      await until('nothing is left', () => service.leftOver().length === 0)
      t.equal((await fetch(`${service.url}/conversions/${id}/result`)).status, 404, 'it is sent once')
    })

    t.test('a raw body, to each format', async (t) => {
      const dir = t.testdir()
      await exportSpikeDataToNwb(await SpikeData.create(TRAINS, { length: 10 }), `${dir}/a.nwb`, {})
      for (const to of ['nwb', 'hdf5', 'pickle']) {
        const id = await idOf(await post(readFileSync(`${dir}/a.nwb`), `?to=${to}`))
        await eventsOf(await fetch(`${service.url}/conversions/${id}/progress`))
        const result = await fetch(`${service.url}/conversions/${id}/result`)
        writeFileSync(`${dir}/${to}`, Buffer.from(await result.arrayBuffer()))
        const sd = await loadSpikeData(`${dir}/${to}`)
        t.strictSame(
          [...sd.train].map((train) => Array.from(train)),
          TRAINS,
          to,
        )
      }
    })

    t.test('a client that goes stops its conversion', async (t) => {
      const { dir } = await largeRecording(t)
      const id = await idOf(await post(readFileSync(`${dir}/large.pkl`), '?to=hdf5'))
      const client = new AbortController()
      const progress = await fetch(`${service.url}/conversions/${id}/progress`, { signal: client.signal })
      t.equal(progress.headers.get('content-type'), 'text/event-stream')
      await progress.body!.getReader().read()
      client.abort()
      await until('nothing is left', () => service.leftOver().length === 0)
      t.equal((await fetch(`${service.url}/conversions/${id}/result`)).status, 404)
    })

    t.test('a conversion is stopped on request', async (t) => {
      const { dir } = await largeRecording(t)
      const id = await idOf(await post(readFileSync(`${dir}/large.pkl`), '?to=hdf5'))
      t.equal((await fetch(`${service.url}/conversions/${id}/result`)).status, 409, 'there is no result yet')
      t.equal((await fetch(`${service.url}/conversions/${id}`, { method: 'DELETE' })).status, 204)
      t.strictSame(service.leftOver(), [])
    })

    t.test('an upload that stops half-way leaves nothing', async (t) => {
      for (const type of ['application/octet-stream', 'multipart/form-data; boundary=x']) {
        const upload = request(`${service.url}/conversions`, { method: 'POST', headers: { 'content-type': type } })
        upload.on('error', () => {})
        const head = type.startsWith('multipart') ? '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n' : ''
        upload.write(head + 'x'.repeat(100_000))
        await until('it has begun', () => service.leftOver().length > 0)
        upload.destroy()
        await until('nothing is left', () => service.leftOver().length === 0)
      }
      t.strictSame(service.leftOver(), [])
    })

    t.test('uploads that are refused', async (t) => {
      const damaged = (await phyZip(t)).subarray(0, 400)
      const empty = new FormData()
      const refused: [answer: Response, status: number, message: RegExp][] = [
        [await post('no recording'), 422, /^Cannot read 'upload': [^/]*\.$/],
        [await post(''), 422, /^Cannot read 'upload': [^/]*\.$/],
        [await post(damaged), 422, /^Cannot read 'upload': [^/]*\.$/],
        [await post('x', '?to=toString'), 400, /^Expected one of nwb, hdf5, pickle for 'to'\.$/],
        [await post(empty), 400, /^Expected a file in the body\.$/],
        [await fetch(`${service.url}/conversions`, { method: 'POST' }), 400, /^Expected a file in the body\.$/],
        [await post(Buffer.alloc(LIMIT + 1)), 413, /large|at most/],
        [await post(await formWith(Buffer.alloc(LIMIT + 1))), 413, /large|at most/],
        [await fetch(`${service.url}/conversions/..%2f..%2fetc/result`), 404, /^There is no such conversion\.$/],
      ]
      for (const [i, [answer, status, message]] of refused.entries()) {
        t.equal(answer.status, status, `answer ${i}`)
        t.match(((await answer.json()) as { message: string }).message, message)
      }
      t.strictSame(service.leftOver(), [])
    })

    t.test('what only the conversion finds', async (t) => {
      const dir = t.testdir()
      mkdirSync(`${dir}/k`)
      // Times in samples, of which nothing says how many are a second.
      await exportSpikeDataToKilosort(await SpikeData.create(TRAINS, { length: 10 }), `${dir}/k`, { fsHz: 20_000 })
      const names = readdirSync(`${dir}/k`)
      const id = await idOf(await post(zipOf(Object.fromEntries(names.map((name) => [name, readFileSync(`${dir}/k/${name}`)])))))
      const events = await eventsOf(await fetch(`${service.url}/conversions/${id}/progress`))
      t.match(events.at(-1), { state: 'failed', message: /fsHz/ })
      t.notMatch(events.at(-1)!['message'], service.folder)
      t.equal((await fetch(`${service.url}/conversions/${id}/result`)).status, 422)
      await until('nothing is left', () => service.leftOver().length === 0)
    })
  })
}

async function formWith(bytes: Buffer): Promise<FormData> {
  const form = new FormData()
  form.append('file', new Blob([bytes]), 'a')
  return form
}
