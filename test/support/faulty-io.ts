/**
 * Processes whose system calls fail: faulty_io.c is loaded before the C library.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../reliability/faults/faulty_io.c', import.meta.url))

/** The four numbers that control it: see there. */
export type FaultState = readonly [countdown: number, error: number, repeat: number, failed: number]

/** No call fails until the process says so. */
const NONE: FaultState = [-1, 0, 0, 0]

/** Compiles it into a folder, without warnings. Returns its path. */
export function compileFaultyIo(folder: string): string {
  const library = `${folder}/faulty_io.so`
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', library, SOURCE])
  return library
}

/** The environment in which calls on a folder can fail, as `env` takes it, and the file that controls them. */
export function faultsIn(
  folder: string,
  library: string,
  { reads = false, state = NONE }: { reads?: boolean; state?: FaultState } = {},
): { environment: string[]; control: string } {
  const control = `${folder}.control`
  writeFileSync(control, Buffer.from(Int32Array.from(state).buffer))
  const environment = [`LD_PRELOAD=${library}`, `FAULTY_FOLDER=${folder}`, `FAULTY_CONTROL=${control}`]
  return { control, environment: reads ? [...environment, 'FAULTY_READS=1'] : environment }
}
