/**
 * The small values of a pickle as opcodes of one protocol: numbers, text, names, globals, and the memo's indices.
 */
import { SegmentBuilder } from '../../engine/plan/segment-builder.js'
import { invalidValue } from '../../errors.js'
import { spend } from '../../steps.js'
import { PickleMemo } from './memo.js'
import { OPCODES } from './opcodes.js'
import { slicesOf, utf8Length, writeRawUnicodeEscape, writeUtf8 } from './text.js'

/** The protocols of Python's pickle: 0 is text, 2 came with Python 2.3, 4 with 3.4, 5 with 3.8. */
export type PickleProtocol = 0 | 1 | 2 | 3 | 4 | 5

/** The names that Python 2 had for modules; Python 3 expects them in pickles of protocols 0 to 2. */
const PYTHON2_MODULES: Readonly<Record<string, string>> = { builtins: '__builtin__', copyreg: 'copy_reg' }

/** Python refuses to read longer decimal numbers. */
const MAX_DIGITS = 4300

export class PickleOutput {
  readonly out = new SegmentBuilder()
  readonly memo = new PickleMemo()

  constructor(readonly protocol: PickleProtocol) {}

  /** The protocol number, which protocols 0 and 1 do not write. */
  header(): void {
    if (this.protocol < 2) return
    this.op(OPCODES.PROTO)
    this.out.uint8(this.protocol)
  }

  op(opcode: number): void {
    this.out.uint8(opcode)
  }

  none(): void {
    this.op(OPCODES.NONE)
  }

  boolean(value: boolean): void {
    if (this.protocol >= 2) this.op(value ? OPCODES.NEWTRUE : OPCODES.NEWFALSE)
    else this.#line(OPCODES.INT, value ? '01' : '00')
  }

  float(value: number): void {
    if (this.protocol === 0) return this.#line(OPCODES.FLOAT, Object.is(value, -0) ? '-0' : String(value))
    this.op(OPCODES.BINFLOAT)
    this.out.float64BigEndian(value)
  }

  /** A Python `int`, from a bigint or a whole number. */
  integer(value: number | bigint): void {
    const isInt32 = value >= -0x8000_0000 && value <= 0x7fff_ffff
    if (!isInt32) this.#long(BigInt(value))
    else if (this.protocol === 0) this.#line(OPCODES.INT, String(value))
    else this.#int32(Number(value))
  }

  /** Text in one go. Where it may be long, its head, slices and tail are written one by one. */
  text(text: string): void {
    this.textHead(utf8Length(text))
    for (const slice of slicesOf(text)) this.textSlice(slice)
    this.textTail()
  }

  /** @param bytes - the length of the text in UTF-8, which protocol 0 does not need */
  textHead(bytes: number): void {
    if (this.protocol === 0) {
      this.op(OPCODES.UNICODE)
    } else if (this.protocol >= 4 && bytes < 256) {
      this.op(OPCODES.SHORT_BINUNICODE)
      this.out.uint8(bytes)
    } else {
      this.op(OPCODES.BINUNICODE)
      this.out.uint32(bytes)
    }
  }

  textSlice(text: string): void {
    spend(text.length)
    if (this.protocol === 0) writeRawUnicodeEscape(this.out, text)
    else writeUtf8(this.out, text)
  }

  textTail(): void {
    if (this.protocol === 0) this.out.latin1('\n')
  }

  /** A class or function, by its names in Python 3. */
  global(module: string, name: string): void {
    const moduleThen = this.protocol < 3 ? (PYTHON2_MODULES[module] ?? module) : module
    this.#line(OPCODES.GLOBAL, `${moduleThen}\n${name}`)
  }

  /** A name that may appear again and again, such as the key of a dict: text the first time, then the memo's index. */
  name(name: string): void {
    const known = this.memo.getName(name)
    if (known !== undefined) return this.get(known)
    this.text(name)
    const index = this.memo.addName(name)
    if (index !== undefined) this.put(index)
  }

  /** An instance of a class, made without calling `__init__`, as `copyreg` has it. */
  newObject(module: string, name: string): void {
    if (this.protocol >= 2) {
      this.global(module, name)
      this.op(OPCODES.MARK)
      this.op(OPCODES.TUPLE)
      this.op(OPCODES.NEWOBJ)
    } else {
      this.global('copyreg', '_reconstructor')
      this.op(OPCODES.MARK)
      this.global(module, name)
      this.global('builtins', 'object')
      this.none()
      this.op(OPCODES.TUPLE)
      this.op(OPCODES.REDUCE)
    }
  }

  emptyList(): void {
    this.#empty(OPCODES.EMPTY_LIST, OPCODES.LIST)
  }

  emptyDict(): void {
    this.#empty(OPCODES.EMPTY_DICT, OPCODES.DICT)
  }

  /** Remembers the object on top of the stack. */
  put(index: number): void {
    this.#memo(index, OPCODES.PUT, OPCODES.BINPUT, OPCODES.LONG_BINPUT)
  }

  /** Puts a remembered object on top of the stack. */
  get(index: number): void {
    this.#memo(index, OPCODES.GET, OPCODES.BINGET, OPCODES.LONG_BINGET)
  }

  /** Puts a value into the memo without leaving it on the stack, and returns its index. */
  remember(write: () => void): number {
    write()
    const index = this.memo.reserve()
    this.put(index)
    this.op(OPCODES.POP)
    return index
  }

  #line(opcode: number, text: string): void {
    this.op(opcode)
    this.out.latin1(`${text}\n`)
  }

  #int32(value: number): void {
    if (value >= 0 && value < 0x100) {
      this.op(OPCODES.BININT1)
      this.out.uint8(value)
    } else if (value >= 0 && value < 0x1_0000) {
      this.op(OPCODES.BININT2)
      this.out.uint16(value)
    } else {
      this.op(OPCODES.BININT)
      this.out.int32(value)
    }
  }

  #long(value: bigint): void {
    if (this.protocol < 2) return this.#decimal(String(value))
    const bytes = twosComplement(value)
    this.op(bytes.length < 256 ? OPCODES.LONG1 : OPCODES.LONG4)
    if (bytes.length < 256) this.out.uint8(bytes.length)
    else this.out.int32(bytes.length)
    this.out.bytes(bytes)
  }

  #decimal(digits: string): void {
    if (digits.length > MAX_DIGITS) {
      throw invalidValue(`protocol 2 or later (an integer has more than ${MAX_DIGITS} digits)`, 'protocol', this.protocol)
    }
    this.#line(OPCODES.LONG, `${digits}L`)
  }

  #empty(opcode: number, opcodeAfterMark: number): void {
    if (this.protocol >= 1) return this.op(opcode)
    this.op(OPCODES.MARK)
    this.op(opcodeAfterMark)
  }

  #memo(index: number, line: number, short: number, long: number): void {
    if (this.protocol === 0) return this.#line(line, String(index))
    this.op(index < 256 ? short : long)
    if (index < 256) this.out.uint8(index)
    else this.out.uint32(index)
  }
}

/** The fewest little-endian bytes that hold an integer and its sign. */
function twosComplement(value: bigint): Uint8Array {
  const magnitude = (value < 0n ? ~value : value).toString(16)
  const topBitIsSet = magnitude.length % 2 === 0 && magnitude >= '8'
  const length = Math.ceil(magnitude.length / 2) + (topBitIsSet ? 1 : 0)
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0')
  return Buffer.from(hex, 'hex').reverse()
}
