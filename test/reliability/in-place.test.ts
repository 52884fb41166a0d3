/**
 * Spikes that are read from the file they were loaded from are read as they are, or not at all, and no file stays open: if any call fails,
 * where descriptors run out, and however threads and recordings end.
 */
import { mkdirSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { compileFaultyIo, faultsIn } from '../support/faulty-io.js'

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const linux = process.platform === 'linux' ? false : 'open files are listed, and system calls made to fail, on Linux only'

/** What the script has found in a folder of its own. */
async function found<T>(how: string, args: readonly string[] = [], before: readonly string[] = []): Promise<T> {
  const folder = `${dir}/${how}`
  mkdirSync(folder)
  const node = [process.execPath, '--no-warnings', '--expose-gc', `${here}in-place.mjs`, how, folder, ...args]
  const { stdout, ...ended } = await startProcess('env', [...before, ...node]).ended
  t.strictSame(ended, { code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

t.test('every system call fails once', { skip: linux }, async (t) => {
  const { environment, control } = faultsIn(`${dir}/inject`, compileFaultyIo(dir), { reads: true })
  type Counts = Record<'load' | 'read', number>
  const { problems, injected, refused } = await found<{ problems: string[]; injected: Counts; refused: Counts }>(
    'inject',
    [control],
    environment,
  )
  t.strictSame(problems, [])
  t.comment(JSON.stringify({ injected, refused }))
  t.ok(refused.load > 10 && refused.read > 10)
})

t.test('descriptors run out', { skip: linux }, async (t) => {
  const limited = ['sh', '-c', 'ulimit -n 160; exec "$0" "$@"']
  const { problems, loaded, refused } = await found<{ problems: string[]; loaded: number; refused: number }>('descriptors', [], limited)
  t.strictSame(problems, [])
  t.ok(loaded > 3 && refused > 0, `${loaded} were loaded, and ${refused} refused`)
})

t.test('worker threads that end', { skip: linux }, async (t) => {
  t.strictSame(await found('workers'), { left: [] })
})

t.test('recordings that are no longer referenced, or closed while they are read', { skip: linux }, async (t) => {
  t.strictSame(await found('dropped'), { dropped: 20, left: [] })
})
