/**
 * Raw data that stays in its file: whichever call fails, an export reports it, and leaves nothing.
 */
import { mkdirSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { compileFaultyIo, faultsIn } from '../support/faulty-io.js'

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const linux = process.platform === 'linux' ? false : 'system calls are made to fail on Linux only'

t.test('every system call fails once', { skip: linux }, async (t) => {
  const folder = `${dir}/every`
  mkdirSync(folder)
  const { environment, control } = faultsIn(folder, compileFaultyIo(dir), { reads: true })
  const { stdout, ...ended } = await startProcess('env', [...environment, process.execPath, `${here}raw-files.mjs`, folder, control]).ended
  t.strictSame(ended, { code: 0, signal: null, stderr: '' })
  const { problems, injected } = JSON.parse(stdout) as { problems: string[]; injected: Record<string, number> }
  t.strictSame(problems, [])
  t.comment(JSON.stringify(injected))
  for (const kind of ['open', 'read', 'stat', 'write', 'rename']) t.ok(injected[kind], `${kind} failed`)
})
