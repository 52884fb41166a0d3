/**
 * Writes the samples of a stream or of a file: checks blocks, and hands them to native code as fast as the file takes them.
 */
import type { NativeBegunFile, NativeStreamedDataset } from '../engine/native-streams.js'
import type { Stream } from '../engine/plan/hdf5-tree.js'
import { runJob } from '../engine/run-job.js'
import { invalidType, invalidValue, valueError } from '../errors.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { dtypeOf, isNumericArray, itemBytesOf, lengthOf } from '../memory/typed-arrays.js'
import type { RawFile } from '../recording/raw-file.js'
import { nextTurn, SLICE_MS } from '../steps.js'

/** How many bytes of tiles may be on their way into the file, and the most tiles. */
const MOST_BYTES_UNDERWAY = 2 ** 24
const MOST_UNDERWAY = 8

/** The bytes of a small tile, which native code gathers from several chunks. */
const LEAST_TILE_BYTES = 2 ** 20

/** A stream of a plan: what its samples are, and the dataset that they become. */
export interface StreamTarget {
  /** What errors call it. */
  readonly name: string
  /** The numpy type string of the samples. */
  readonly dtype: string
  /** How many samples have to come; undefined where any number may. */
  readonly samples: number | undefined
  readonly settings: Stream
  readonly native: NativeStreamedDataset
}

/** How the samples are written. */
export interface WriterOptions {
  readonly signal: AbortSignal | undefined
  readonly threads: number
  /** Called after each tile with its bytes. */
  readonly onBytes: ((bytes: number) => void) | undefined
  /** Called when a tile cannot be written: nothing that comes later can be. */
  readonly onFailure: (failure: unknown) => void
}

export class SampleWriter {
  readonly #target: StreamTarget
  readonly #file: NativeBegunFile
  readonly #options: WriterOptions
  readonly #sampleBytes: number
  readonly #mostUnderway: number
  /** Of all threads, those for each tile underway; 0 means one a core. */
  readonly #threadsEach: number
  /** The jobs of tiles, in the order of time. */
  readonly #underway: Promise<void>[] = []
  #bytes = 0
  #flushed = 0
  #blocks = 0
  #sliceEnd = 0

  /** @param file - open */
  constructor(target: StreamTarget, file: NativeBegunFile, options: WriterOptions) {
    const { channels, samplesPerChunk } = target.settings
    this.#target = target
    this.#file = file
    this.#options = options
    this.#sampleBytes = channels * Number(target.dtype.slice(2))
    const tileBytes = Math.max(LEAST_TILE_BYTES, this.#sampleBytes * samplesPerChunk)
    const most = Math.min(Math.max(2, Math.floor(MOST_BYTES_UNDERWAY / tileBytes)), MOST_UNDERWAY)
    const { threads } = options
    this.#mostUnderway = threads === 0 ? most : Math.min(most, threads)
    this.#threadsEach = Math.floor(threads / this.#mostUnderway)
  }

  /** The samples of each channel that were written so far, whole ones. */
  get samples(): number {
    return Math.floor(this.#bytes / this.#sampleBytes)
  }

  /**
   * Takes a block; it may change once the promise is settled. Call it again only then.
   *
   * @throws TypeError, RangeError for a block that makes no sense, by its number; what the jobs of earlier tiles fail with
   */
  async write(block: unknown): Promise<void> {
    const name = `block ${this.#blocks++} of ${this.#target.name}`
    const { array, bytes } = this.#checked(block, name)
    for (let from = 0; from < bytes; ) {
      // Its owner had time to transfer or to shrink its buffer.
      if (lengthOf(array) * itemBytesOf(array) !== bytes)
        throw invalidValue('an array that stays as it is until it is written', name, array)
      const taken = this.#target.native.append(array, from)
      from += taken
      this.#bytes += taken
      if (this.#target.native.isFull) await this.#flush()
      await this.#breathe()
    }
    // Blocks may be empty, without end.
    await this.#breathe()
  }

  /** Takes all samples of a file, which native code reads. */
  async writeFile(file: RawFile): Promise<void> {
    for (let first = 0; first < file.shape[1]; ) {
      const taken = this.#target.native.take(file.native, first)
      first += taken
      this.#bytes += taken * this.#sampleBytes
      await this.#flush()
      await this.#breathe()
    }
  }

  /** Leaves the event loop free once in a while, however fast blocks come. */
  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return
    await nextTurn(this.#options.signal)
    this.#sliceEnd = performance.now() + SLICE_MS
  }

  /**
   * Writes what is left, and waits for all tiles.
   *
   * @throws RangeError for a last sample that is not whole, or fewer samples than have to come
   */
  async end(): Promise<void> {
    const { name, samples } = this.#target
    const over = this.#bytes % this.#sampleBytes
    if (over > 0) throw valueError(`Expected whole samples of ${this.#sampleBytes} bytes for ${name} but received ${over} bytes more.`)
    if (samples !== undefined && this.samples < samples) throw invalidValue(`${samples} samples`, name, this.samples)
    await this.#flush()
    await Promise.all(this.#underway)
  }

  /** Waits until no thread works on its tiles, whether they failed or not, and frees their memory. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underway)
    this.#target.native.free()
  }

  #checked(block: unknown, name: string): { array: NumericArray; bytes: number } {
    const { dtype, samples, settings } = this.#target
    const expected = `a typed array of ${settings.dtype}, or bytes`
    if (!isNumericArray(block)) throw invalidType(expected, name, block)
    const areBytes = dtypeOf(block) === '|u1'
    if (!areBytes && dtypeOf(block) !== dtype) throw invalidType(expected, name, block)
    const bytes = lengthOf(block) * itemBytesOf(block)
    if (!areBytes && bytes % this.#sampleBytes !== 0) {
      throw valueError(`Expected whole samples of ${settings.channels} channels for ${name} but received ${lengthOf(block)} numbers.`)
    }
    if (samples !== undefined && this.#bytes + bytes > samples * this.#sampleBytes) {
      throw invalidValue(`no more than ${samples} samples`, this.#target.name, Math.ceil((this.#bytes + bytes) / this.#sampleBytes))
    }
    return { array: block, bytes }
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes - this.#flushed
    if (bytes === 0) return
    this.#flushed = this.#bytes
    const { signal, onBytes, onFailure } = this.#options
    const written = runJob(() => this.#target.native.flush(this.#file, this.#threadsEach), signal)
    written.catch(onFailure)
    this.#underway.push(written)
    onBytes?.(bytes)
    if (this.#underway.length >= this.#mostUnderway) {
      await this.#underway[0]
      void this.#underway.shift()
    }
  }
}
