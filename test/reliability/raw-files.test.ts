/**
 * Raw data that stays in its file: whichever call fails, an export reports it, and leaves nothing.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const faulty = `${dir}/faulty_io.so`
const linux = process.platform === 'linux' ? false : 'system calls are made to fail on Linux only'

t.test('every system call fails once', { skip: linux }, async (t) => {
  const compiled = spawnSync('cc', ['-O1', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', faulty, `${here}faulty_io.c`])
  t.equal(compiled.status, 0)
  const folder = `${dir}/every`
  const control = `${folder}.control`
  mkdirSync(folder)
  writeFileSync(control, Buffer.from(Int32Array.of(-1, 0, 0, 0).buffer))
  const environment = [`LD_PRELOAD=${faulty}`, `FAULTY_FOLDER=${folder}`, `FAULTY_CONTROL=${control}`, 'FAULTY_READS=1']
  const { stdout, ...ended } = await startProcess('env', [...environment, process.execPath, `${here}raw-files.mjs`, folder, control]).ended
  t.strictSame(ended, { code: 0, signal: null, stderr: '' })
  const { problems, injected } = JSON.parse(stdout) as { problems: string[]; injected: Record<string, number> }
  t.strictSame(problems, [])
  t.comment(JSON.stringify(injected))
  for (const kind of ['open', 'read', 'stat', 'write', 'rename']) t.ok(injected[kind], `${kind} failed`)
})
