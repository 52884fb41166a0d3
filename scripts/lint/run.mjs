/**
 * Commands of the linters.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { root } from '../setup/shell.mjs'

/**
 * Runs a command in the checkout.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string[]>} what it printed if it failed, else nothing
 */
export function run(command, args) {
  return promisify(execFile)(command, args, { cwd: root, maxBuffer: 2 ** 26 }).then(
    () => [],
    ({ stdout, stderr, message }) => [`${stdout ?? ''}${stderr ?? ''}` || message],
  )
}

/**
 * Does something with each item, with at most `count` of them at a time.
 *
 * @template T
 * @param {Iterable<T>} items
 * @param {number} count
 * @param {(item: T) => Promise<void>} work
 */
export async function inParallel(items, count, work) {
  const queue = [...items].values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: count }, worker))
}
