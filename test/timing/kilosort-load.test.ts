/**
 * Loading a KiloSort folder or an archive of one: no turn of the event loop is long, whatever is in it, and a signal stops it soon.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'
import { loadSpikeDataFromKilosort } from '../../lib/index.js'
import { slowdown } from '../support/event-loop.mjs'
import type { Files } from '../support/folder-files.js'
import { folderOf, zipOf } from '../support/folder-files.js'
import { checkTurns } from '../support/short-turns.js'

const ABORT_MS = 100
const SPIKES = 4_000_000

const dir = t.testdir()
const array = (dtype: string, data: NodeJS.TypedArray, shape: number[] = [data.length]) =>
  Buffer.concat([npyHeader(dtype, shape), Buffer.from(data.buffer, data.byteOffset, data.byteLength)])

/** Spikes in the order of time, of clusters `spread` apart. */
function spikes(count: number, clusters: number, spread = 1): Files {
  return {
    'spike_times.npy': array(
      '<i8',
      BigInt64Array.from({ length: count }, (_, i) => BigInt(3 * i)),
    ),
    'spike_clusters.npy': array(
      '<i4',
      Int32Array.from({ length: count }, (_, i) => ((i * 7919) % clusters) * spread),
    ),
  }
}

const long = spikes(SPIKES, 200)
const table = (name: string, count: number, cell: (id: number) => unknown) =>
  `cluster_id\t${name}\n${Array.from({ length: count }, (_, id) => `${id}\t${cell(id)}`).join('\n')}\n`

const UNITS = 100_000
const many: Files = {
  ...spikes(UNITS, UNITS),
  'cluster_group.tsv': table('group', UNITS, (id) => (id % 3 ? 'good' : 'noise')),
  'cluster_si_unit_ids.tsv': table('si_unit_id', 2 * UNITS, (id) => 3 * id),
  'cluster_snr.tsv': table('snr', UNITS, (id) => id / 7),
  'params.py': `sample_rate = 30000.0\npaths = [${"'path', ".repeat(30_000)}]\n`,
}

const TEMPLATES = 200
const templates: Files = {
  'templates.npy': array(
    '<f4',
    Float32Array.from({ length: TEMPLATES * 61 * 64 }, (_, i) => Math.sin(i)),
    [TEMPLATES, 61, 64],
  ),
  'spike_templates.npy': array(
    '<i8',
    BigInt64Array.from({ length: SPIKES }, (_, i) => BigInt((i * 7919) % TEMPLATES)),
  ),
  'channel_map.npy': array(
    '<i4',
    Int32Array.from({ length: 64 }, (_, i) => i),
  ),
  'amplitudes.npy': array('<f8', new Float64Array(SPIKES)),
}

writeFileSync(`${dir}/long.zip`, zipOf(long))
const CASES: Record<string, { path: string; options?: object }> = {
  'many spikes': { path: folderOf(`${dir}/long`, long) },
  'many spikes, of which some clusters are kept': {
    path: folderOf(`${dir}/labels`, { ...long, 'cluster_group.tsv': table('group', 200, (id) => (id % 2 ? 'good' : 'noise')) }),
    options: { clusterInfoTsv: 'cluster_group.tsv' },
  },
  'ids that are far apart': { path: folderOf(`${dir}/apart`, spikes(SPIKES / 4, 200, 10_000_000)) },
  'templates and amplitudes': { path: folderOf(`${dir}/templates`, { ...long, ...templates }), options: { amplitudes: true } },
  'many units': { path: folderOf(`${dir}/many`, many) },
  'an archive': { path: `${dir}/long.zip` },
}

for (const [name, { path, options = {} }] of Object.entries(CASES)) {
  const load = (signal?: AbortSignal) => loadSpikeDataFromKilosort(path, { fsHz: 30_000, onWarning: () => {}, ...options, signal })
  t.test(name, async (t) => {
    await checkTurns(t, () => load())

    const started = performance.now()
    await load()
    const duration = performance.now() - started
    const open = () => readdirSync('/proc/self/fd').length
    const files = open()
    for (let round = 0; round < 8; round++) {
      const controller = new AbortController()
      const reason = new Error('stop')
      const loading = load(controller.signal).catch((error: unknown) => error)
      await after((duration * round) / 8)
      const aborted = performance.now()
      controller.abort(reason)
      const outcome = await loading
      const took = performance.now() - aborted
      const limit = ABORT_MS * slowdown()
      t.ok(took <= limit, `stopped after ${took.toFixed(1)} ms, of ${limit.toFixed(1)}`)
      if (outcome !== reason) t.ok(round > 0, 'it was too late')
    }
    t.ok(open() <= files, 'no file is left open')
  })
}
