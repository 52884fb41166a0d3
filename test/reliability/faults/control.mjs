/**
 * What a process in which faulty_io is loaded tells it: which system call is to fail. Plain JavaScript, for processes of their own.
 */
import { openSync, readSync, writeSync } from 'node:fs'

/** The kinds of calls in the order of their numbers. */
const KINDS = [
  ...['', 'open', 'write', 'fallocate', 'fsync', 'rename', 'ftruncate', 'mkdir', 'fchmod', 'lock', 'dup', 'close', 'stat', 'access'],
  ...['readdir', 'unlink', 'read'],
]

/** @param {string} path - of the file that controls it; no call fails at first */
export function faultControl(path) {
  const file = openSync(path, 'r+')
  /** How many calls still succeed, and with what the next one fails; below 0 none fails. */
  const fail = (countdown, error = 0, repeat = false) => {
    writeSync(file, Buffer.from(Int32Array.of(countdown, error, Number(repeat), 0).buffer), 0, 16, 0)
  }
  /** The kind of the call that failed last; empty where none has. */
  const failedKind = () => {
    const state = new Int32Array(4)
    readSync(file, state, 0, 16, 0)
    return KINDS[/** @type {number} */ (state[3])]
  }
  fail(-1)
  return { fail, failedKind }
}
