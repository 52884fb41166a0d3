/**
 * The machine of a pickle: a stack, marks and a memo. Its opcodes make nothing but the nodes of nodes.ts, and call nothing but what
 * globals.ts lists. Every opcode takes bytes of the file, and makes a bounded number of objects: so memory and time are linear in
 * the file.
 */
import type { RandomAccess } from '../../../files/random-access.js'
import { spend } from '../../../steps.js'
import type { BackgroundReads } from './background-reads.js'
import type { PickleFailures } from './failures.js'
import type { Extent } from './input.js'
import { PickleInput } from './input.js'
import { Memo } from './memo.js'
import type { CallContext } from './nodes.js'

/** What calls may allocate beyond what the file holds for them: none in the pickles that Python writes, once each byte. */
const MEMORY_FACTOR = 16
const SPARE_MEMORY = 2 ** 20

/** How many bytes values of a file of some size may take beyond what it holds for them. */
export function memoryFor(fileSize: number): number {
  return MEMORY_FACTOR * fileSize + SPARE_MEMORY
}

export class PickleMachine implements CallContext {
  readonly isLazy: boolean
  readonly input: PickleInput
  readonly failures: PickleFailures
  readonly memo: Memo
  /** Values; the entries of {@link marks} are where parts of it begin. */
  readonly stack: unknown[] = []
  readonly marks: number[] = []
  /** Where the topmost part of the stack begins: opcodes do not reach below. */
  floor = 0
  /** Whether STOP has been reached. */
  isDone = false
  /** How many opcodes have run. */
  ran = 0
  #memoryLeft: number

  constructor(file: RandomAccess, reads: BackgroundReads, failures: PickleFailures, extent: Extent = 'all') {
    this.input = new PickleInput(file, reads, failures, extent)
    this.isLazy = extent === 'short'
    this.failures = failures
    this.memo = new Memo(file.size)
    this.#memoryLeft = memoryFor(file.size)
  }

  get offset(): number {
    return this.failures.offset
  }

  push(value: unknown): void {
    this.stack.push(value)
  }

  pop(): unknown {
    if (this.stack.length <= this.floor) throw this.failures.malformed('the stack is empty')
    return this.stack.pop()
  }

  /** The topmost value, which stays. */
  get top(): unknown {
    if (this.stack.length <= this.floor) throw this.failures.malformed('the stack is empty')
    return this.stack[this.stack.length - 1]
  }

  mark(): void {
    this.marks.push(this.stack.length)
    this.floor = this.stack.length
  }

  /** Takes the values since the last mark. */
  sinceMark(): unknown[] {
    const from = this.marks.pop()
    if (from === undefined) throw this.failures.malformed('there is no mark')
    this.floor = this.marks.at(-1) ?? 0
    const values = this.stack.splice(from)
    spend(values.length)
    return values
  }

  charge(bytes: number): void {
    this.#memoryLeft -= bytes
    // Not with `<`: a count beyond all numbers may come as NaN.
    if (!(this.#memoryLeft >= 0)) throw this.failures.at('its values take far more memory than the file has bytes')
    spend(bytes)
  }

  wrongArguments(name: string): Error {
    return this.failures.malformed(`${name} is not called as Python calls it`)
  }

  failure(problem: string): Error {
    return this.failures.at(problem)
  }
}
