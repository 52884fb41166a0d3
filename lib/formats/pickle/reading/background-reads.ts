/**
 * Reads of long data in the background, a few at a time.
 */
import type { RandomAccess } from '../../../files/random-access.js'

/** So that a thread of Node's pool of four is left for the window. */
const MOST_READS = 3

const PIECE_BYTES = 4 * 2 ** 20

interface Piece {
  readonly target: Uint8Array
  readonly position: number
}

export class BackgroundReads {
  readonly #file: RandomAccess
  readonly #signal: AbortSignal | undefined
  readonly #onRead: (bytes: number) => void
  readonly #most: number
  #pieces: Piece[] = []
  #next = 0
  #active = 0
  #failure: { error: unknown } | undefined
  #settled: (() => void) | undefined

  /**
   * @param threads - how many reads at most run at once
   * @param onRead - called after each read. What it throws is a failure
   */
  constructor(file: RandomAccess, threads: number | undefined, signal: AbortSignal | undefined, onRead: (bytes: number) => void) {
    this.#file = file
    this.#signal = signal
    this.#onRead = onRead
    this.#most = Math.min(threads ?? MOST_READS, MOST_READS)
  }

  /** Fills `target` from `position` on. */
  add(target: Uint8Array, position: number): void {
    for (let from = 0; from < target.length; from += PIECE_BYTES) {
      this.#pieces.push({ target: target.subarray(from, from + PIECE_BYTES), position: position + from })
    }
    this.#start()
  }

  /**
   * Resolves when all has been read, or rejects when nothing is being read any more.
   *
   * @throws the signal's reason, or what a read or `onRead` throws
   */
  async all(): Promise<void> {
    while (this.#active > 0) await new Promise<void>((resolve) => (this.#settled = resolve))
    if (this.#failure) throw this.#failure.error
    this.#signal?.throwIfAborted()
  }

  /** Begins no more reads, and resolves when none is left. */
  async stop(): Promise<void> {
    this.#pieces = []
    this.#next = 0
    await this.all().catch(() => {})
  }

  #start(): void {
    while (this.#active < this.#most && this.#next < this.#pieces.length && !this.#failure && !this.#signal?.aborted) {
      this.#active++
      void this.#run(this.#pieces[this.#next++] as Piece)
    }
    if (this.#next === this.#pieces.length) {
      this.#pieces = []
      this.#next = 0
    }
  }

  /** Never rejects. */
  async #run({ target, position }: Piece): Promise<void> {
    try {
      await this.#file.read(target, position)
      if (!this.#failure && !this.#signal?.aborted) this.#onRead(target.length)
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#active--
    this.#start()
    if (this.#active === 0) this.#settled?.()
  }
}
