/**
 * The manifests of `spikeport k8s`, by the schemas of the Kubernetes API.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { batchFolder } from '../support/batches.js'
import { spikeport } from '../support/spikeport-program.js'
import { check, pythonEnvironment } from './python.js'

/** The first that tries each index of a job again, and today's. */
const VERSIONS = ['1.29', '1.37']

const environment = await pythonEnvironment('kubernetes')

t.test('manifests', { skip: environment.skip }, async (t) => {
  const dir = await batchFolder(t, { count: 3 })
  const plan = await spikeport(['plan', 'spec.yml', '--shards', '3', '-q'], dir)
  writeFileSync(`${dir}/plan.jsonl`, plan.stdout)
  const call = ['k8s', 'plan.jsonl', '--image', 'lab/spikeport:0.1.0', '--claim', 'recordings']
  const { code, stdout: manifest, stderr } = await spikeport(call, dir)
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.match(manifest, /^ {2}completions: 3$/m)
  t.match(manifest, `mountPath: ${dir}`)
  const limited = await spikeport(
    [...call, '--limit', '2', '--cpus', '4', '--mem', '8Gi', '--mount', dir.slice(0, dir.lastIndexOf('/'))],
    dir,
  )
  t.match(limited, { code: 0, stderr: '' })
  t.match(limited.stdout, /parallelism: 2\n/)
  const changed = manifest.replace('backoffLimitPerIndex', 'backoffLimitPerIndx')
  t.not(changed, manifest)
  await check(
    t,
    environment,
    'check_kubernetes.py',
    VERSIONS.flatMap((version) => [
      { name: `as it is, ${version}`, version, manifest, wrong: false },
      { name: `with a limit, ${version}`, version, manifest: limited.stdout, wrong: false },
      { name: `with a fault, ${version}`, version, manifest: changed, wrong: true },
    ]),
  )
})
