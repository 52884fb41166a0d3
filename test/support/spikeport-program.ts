/**
 * The program `spikeport`, as its users start it.
 */
import { fileURLToPath } from 'node:url'
import type { Ended } from './child.js'
import { startProcess } from './child.js'

export const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Starts it in a folder. */
export function startSpikeport(args: readonly string[], cwd?: string) {
  return startProcess(process.execPath, [PROGRAM, ...args], cwd)
}

export async function spikeport(args: readonly string[], cwd?: string): Promise<Ended> {
  return startSpikeport(args, cwd).ended
}

/** The lines of JSON of a call with `--json`. */
export function jsonLines({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
