/**
 * Python `bytes` in a pickle. Protocols 0 to 2 have none, only text: there they are `_codecs.encode(text, 'latin1')`.
 */
import type { NumberEncoding, Transcoding } from '../../engine/plan/byte-segments.js'
import { spend } from '../../steps.js'
import { OPCODES } from './opcodes.js'
import type { PickleOutput } from './output.js'

export class PickleBytes {
  /** How bytes that native code writes become the text of protocols 0 to 2. */
  readonly transcoding: { transcoding?: Transcoding }
  readonly #length: NumberEncoding
  #encode = -1
  #latin1 = -1

  constructor(readonly output: PickleOutput) {
    const { protocol } = output
    this.transcoding = protocol >= 3 ? {} : { transcoding: protocol === 0 ? 'rawUnicodeEscape' : 'utf8' }
    this.#length = protocol >= 4 ? 'u64' : 'u32'
  }

  /** Puts what the other methods refer to into the memo. Call it once, before them. */
  prepare(): void {
    if (this.output.protocol >= 3) return
    this.#encode = this.output.remember(() => this.output.global('_codecs', 'encode'))
    this.#latin1 = this.output.remember(() => this.output.text('latin1'))
  }

  /** Bytes that are at hand. */
  value(bytes: Uint8Array): void {
    const { output } = this
    if (output.protocol >= 3) {
      const isShort = bytes.length < 256
      output.op(isShort ? OPCODES.SHORT_BINBYTES : OPCODES.BINBYTES)
      if (isShort) output.out.uint8(bytes.length)
      else output.out.uint32(bytes.length)
      output.out.bytes(bytes)
      spend(bytes.length)
    } else {
      this.#beginText()
      // A copy: a view would ask the buffer, which may be a caller's, for its size.
      output.text(Buffer.from(bytes).toString('latin1'))
      this.#endText()
    }
  }

  /** What precedes the length of bytes that native code writes. */
  begin(): void {
    const { output } = this
    if (output.protocol >= 4) return output.op(OPCODES.BINBYTES8)
    if (output.protocol === 3) return output.op(OPCODES.BINBYTES)
    this.#beginText()
    output.op(output.protocol === 0 ? OPCODES.UNICODE : OPCODES.BINUNICODE)
  }

  /** The length of such bytes, as a part of either kind. In protocol 0 there is none: a line ends at its newline. */
  length<T>(part: T): (T & { encoding: NumberEncoding })[] {
    return this.output.protocol === 0 ? [] : [{ ...part, encoding: this.#length }]
  }

  /** What follows such bytes. */
  end(): void {
    if (this.output.protocol >= 3) return
    this.output.textTail()
    this.#endText()
  }

  #beginText(): void {
    this.output.get(this.#encode)
    this.output.op(OPCODES.MARK)
  }

  #endText(): void {
    this.output.get(this.#latin1)
    this.output.op(OPCODES.TUPLE)
    this.output.op(OPCODES.REDUCE)
  }
}
