/**
 * Paths as `file:` URLs: every exporter writes to where Node's own functions would.
 */
import { existsSync, readdirSync } from 'node:fs'
import { URL as NodeUrl, pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { exportSpikeDataToHdf5, exportToPickle, SpikeData } from '../../lib/index.js'
import { exportPath } from '../../lib/options/export-path.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { EXPORTS } from '../support/exporters.js'

const dir = t.testdir()
const sd = new SpikeData([[1]])

t.test('every exporter', async (t) => {
  for (const [name, write] of EXPORTS) {
    const path = `${dir}/${name} µ #%?`
    const { paths } = await write(sd, pathToFileURL(path) as never)
    t.ok(
      paths.every((written) => existsSync(written)),
      name,
    )
    t.ok(paths.length > 0 && paths.every((written) => typeof written === 'string' && written.startsWith(path)), paths.join())
  }
  const { path } = await exportToPickle(sd, pathToFileURL(`${dir}/a b.pkl`))
  t.equal(path, `${dir}/a b.pkl`)
})

t.test('URLs of any realm, with what a path has no place for', async (t) => {
  const urls = [
    new NodeUrl('file:///a%20b/c'),
    new URL('file:///a%20b/c?query#fragment'),
    new URL('file://localhost/a%20b/c'),
    Object.setPrototypeOf({ href: 'file:///a%20b/c' }, runInNewContext('({ get [Symbol.toStringTag]() { return "URL" } })')),
  ]
  for (const url of urls) t.equal(exportPath(url, 'path'), '/a b/c')
  t.equal(exportPath('file:///a%20b', 'path'), 'file:///a%20b', 'text is a path')
  t.equal(exportPath(new URL('s3://bucket/a%20b?c'), 'path'), 's3://bucket/a b?c', 'an S3 URL')
})

t.test('what is refused, before anything is written', async (t) => {
  const before = readdirSync(dir)
  const others = ['https://example.org/x.h5', 'data:,x', 'http://bucket.s3.amazonaws.com/key']
  for (const href of others) {
    const message = `Expected a path or a file: URL for path but received '${href}'.`
    await t.rejects(exportSpikeDataToHdf5(sd, new URL(href)), { ...VALUE_ERROR, message })
  }
  for (const href of ['file://host/x', 'file:///a%2Fb', 'file:///%', 'file:///%ff']) {
    const message = `Expected a file: URL of an absolute path, without a host and without encoded slashes, for path but received '${href}'.`
    await t.rejects(exportSpikeDataToHdf5(sd, new URL(href)), { ...VALUE_ERROR, message })
  }
  await t.rejects(exportSpikeDataToHdf5(sd, new URL('file:///a%00b')), { ...VALUE_ERROR, message: /NUL characters for path/ })
  await t.rejects(exportSpikeDataToHdf5(sd, pathToFileURL(`${dir}/`)), { ...VALUE_ERROR, message: /the path of a file for path/ })
  await t.rejects(exportSpikeDataToHdf5(sd, new URL('s3://bucket/key')), { ...VALUE_ERROR, message: /for s3Upload/ })
  const proxy = new Proxy(new URL('file:///x'), {})
  for (const path of [5, null, {}, [], { href: 'file:///x' }, proxy, Object.create(URL.prototype)]) {
    await t.rejects(exportSpikeDataToHdf5(sd, path as never), TYPE_ERROR)
  }
  t.strictSame(readdirSync(dir), before)
})
