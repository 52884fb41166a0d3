/**
 * A long-lived process that answers requests: one line of JSON each way.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../scripts/setup/shell.mjs'

export class PeerProcess {
  #script
  #process
  #answers

  /**
   * @param {string} program Python, or Node
   * @param {string} script a file of bench/ that serves requests (see python/serve.py and h5wasm.mjs)
   */
  constructor(program, script) {
    this.#script = script
    // Python's: to leave no bytecode.
    const flags = script.endsWith('.py') ? ['-B'] : []
    this.#process = spawn(program, [...flags, join(root, 'bench', script)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  /** What the script's function of that name returns. */
  async ask(name, parameters = {}) {
    this.#process.stdin.write(`${JSON.stringify({ name, parameters })}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`bench/${this.#script} ended while it was asked to ${name}.`)
    return JSON.parse(value)
  }

  /** Lets the process end: it stops where its input does. */
  close() {
    this.#process.stdin.end()
  }
}

/** Names of options as Python has them. */
export function snakeCase(options) {
  const snake = (name) => (name === 'fsHz' ? 'fs_Hz' : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [snake(name), value]))
}
