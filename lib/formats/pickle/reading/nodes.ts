/**
 * The values of a pickle while its opcodes run. None, booleans, short texts, `int` (a number or a bigint) and `float` (a number or a
 * PyFloat) are themselves already; everything else is one of these, and becomes a JavaScript value when all bytes are there.
 */
import type { Dtype } from '../../../files/numpy-dtype.js'

/** A list. */
export class ListNode {
  readonly items: unknown[] = []
  final: unknown[] | undefined
}

/** A tuple. */
export class TupleNode {
  final: object | undefined

  constructor(readonly items: unknown[]) {}
}

/** A dict, or an OrderedDict. */
export class DictNode {
  /** Keys and values in turn, in the order of the opcodes. */
  readonly entries: unknown[] = []
  final: Map<unknown, unknown> | Record<string, unknown> | undefined
  #hasOnlyTexts = true

  add(key: unknown, value: unknown): void {
    this.entries.push(key, value)
    if (typeof key !== 'string') this.#hasOnlyTexts &&= key instanceof TextNode || (key instanceof ScalarNode && key.dtype.kind === 'U')
  }

  /** Whether all keys are texts, so that an object can have them. */
  get hasOnlyTexts(): boolean {
    return this.#hasOnlyTexts
  }
}

/** A set or a frozenset. */
export class SetNode {
  final: Set<unknown> | undefined

  constructor(
    readonly items: unknown[],
    readonly isFrozen: boolean,
  ) {}
}

/** Text that was too long to become a string with its opcode. */
export class TextNode {
  final: string | undefined

  /** @param bytes - UTF-8, or one line of escapes, which may not have arrived yet */
  constructor(
    readonly bytes: Uint8Array,
    readonly encoding: TextEncoding,
    /** Where the opcode begins. */
    readonly offset: number,
  ) {}
}

export type TextEncoding = 'utf8' | 'rawUnicodeEscape'

/** Bytes that stay in the file until they are wanted. */
export class StoredBytes {
  constructor(readonly length: number) {}
}

/** Bytes or a bytearray. */
export class BytesNode {
  /** Whether memory that belongs to this node has been given away: another use needs a copy. */
  isTaken = false
  final: Uint8Array | undefined

  /**
   * @param source - the bytes, which may not have arrived yet, or text whose characters are bytes
   * @param position - where in the file the bytes are, as they are; undefined where that is not known
   */
  constructor(
    public source: Uint8Array | StoredBytes | TextNode,
    readonly position?: number,
  ) {}

  /** How many bytes there are, or more. */
  get most(): number {
    return this.source instanceof TextNode ? this.source.bytes.length : this.source.length
  }
}

/** The type of an array's elements. */
export class DtypeNode {
  constructor(public dtype: Dtype) {}
}

/** The state of an array. */
export interface ArrayState {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly isFortranOrder: boolean
  /** The axes of the data in the order of the array's, where they are in another. */
  readonly axisOrder?: readonly number[]
  /** The elements; for Python objects their list. */
  readonly data: BytesNode | ListNode
}

/** An ndarray. */
export class ArrayNode {
  /** Undefined before BUILD, and once there is a final value. */
  state: ArrayState | undefined
  final: unknown

  /** @param offset - where the opcode that made it begins */
  constructor(readonly offset: number) {}
}

/** An element of an array on its own, such as a `numpy.float64`. */
export class ScalarNode {
  final: unknown
  isSettled = false

  constructor(
    readonly dtype: Dtype,
    readonly data: BytesNode,
    readonly offset: number,
  ) {}
}

/** The names of SpikeLab's classes. */
export type ClassName = 'SpikeData' | 'RateData' | 'PairwiseCompMatrix' | 'PairwiseCompMatrixStack' | 'RateSliceStack' | 'SpikeSliceStack'

/** An instance of one of SpikeLab's classes. */
export class InstanceNode {
  state: DictNode | undefined

  constructor(
    readonly className: ClassName,
    readonly offset: number,
  ) {}
}

/** A time zone: its offset from UTC as text, such as `+01:00`. */
export class TimeZoneNode {
  constructor(readonly text: string) {}
}

/** A difference between two times. */
export class DurationNode {
  constructor(readonly microseconds: bigint) {}
}

/** A class or a function that a pickle may refer to. */
export class GlobalNode {
  /**
   * @param name - its module and name
   * @param call - calls it; undefined where a pickle may refer to it but not call it
   * @param className - which of SpikeLab's classes it is, if it is one
   */
  constructor(
    readonly name: string,
    readonly call: ((args: readonly unknown[], context: CallContext) => unknown) | undefined,
    readonly className?: ClassName,
  ) {}
}

/** What a call may use. */
export interface CallContext {
  /** Where the current opcode begins. */
  readonly offset: number
  /** Whether arrays are made of their bytes later, and long bytes stay in the file until then. */
  readonly isLazy: boolean
  /** Counts memory that a call allocates beyond what the file holds for it: of a file of some size there is a multiple. */
  charge(bytes: number): void
  /** An error of wrong arguments. */
  wrongArguments(name: string): Error
  /** An error at the current opcode. */
  failure(problem: string): Error
}
