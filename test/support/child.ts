/**
 * Processes of their own, which use the package as its users do.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a program, by way of env: without what the test runner puts into every process that node starts. */
export function startProcess(command: string, args: readonly string[], cwd = root) {
  const child = spawn('env', ['-u', 'NODE_OPTIONS', command, ...args], { cwd })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, stdout, stderr }))
  return { child, ended }
}

/** Starts node on a script, an ES module unless `args` specify otherwise; `spikeport` can be imported in it. */
export function startNode(script: string, { args = [] as string[] } = {}) {
  return startProcess(process.execPath, ['--input-type=module', ...args, '--eval', script])
}

export async function runNode(script: string, options?: Parameters<typeof startNode>[1]): Promise<Ended> {
  return startNode(script, options).ended
}

/**
 * For `env`: a Node whose resident memory is what is in use. The engine's own heap otherwise grows in steps of 8 MB a thread whenever it
 * sees fit, and the C library keeps up to 30 MB of what was freed, in arenas of the threads.
 */
export const STEADY_NODE = [
  ...['MALLOC_ARENA_MAX=1', 'MALLOC_TRIM_THRESHOLD_=65536', 'MALLOC_MMAP_THRESHOLD_=65536'],
  ...[process.execPath, '--expose-gc', '--max-semi-space-size=1'],
]

/** Runs scripts of a folder, in processes whose memory can be measured: what each prints as JSON. It must end well. */
export const scriptOf =
  (folder: URL) =>
  async <T>(name: string, ...args: readonly string[]): Promise<T> => {
    const { stdout, ...ended } = await startProcess('env', [...STEADY_NODE, fileURLToPath(new URL(name, folder)), ...args]).ended
    t.strictSame(ended, { code: 0, signal: null, stderr: '' }, name)
    return JSON.parse(stdout)
  }

/** What turns Node's permission model on. */
export const PERMISSION_MODEL = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'

/** Code of a script: a recording with `spikesEach` spikes in each unit. */
export const recordingScript = (name: string, units: number, spikesEach: number) => `
  const ${name} = new SpikeData(Array.from({ length: ${units} }, () => Float64Array.from({ length: ${spikesEach} }, (_, i) => i / 7)))
`
