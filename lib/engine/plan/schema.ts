/**
 * How the vocabulary of plans is written down: what each field may hold, as plain data, from which its TypeScript type follows.
 *
 * A new field is added to the vocabulary (sources.ts, byte-segments.ts, hdf5-tree.ts or plan.ts) and to its reader in native/binding/.
 * test/engine/vocabulary.test.ts walks the vocabulary and fails until the two agree.
 */
import type { NumericArray } from '../../memory/typed-arrays.js'

/** Types with a name of their own. */
interface NamedTypes {
  flag: boolean
  /** Finite. */
  number: number
  /** Finite and above 0. */
  positive: number
  /** Any number, NaN and the infinities included. */
  float64: number
  text: string
  /** A path, or a name in a file: not empty, and without NUL, where native code would end it. */
  name: string
  /** A typed array of any numbers. */
  numbers: NumericArray
  Uint8Array: Uint8Array
  Int32Array: Int32Array
  BigInt64Array: BigInt64Array
  Float32Array: Float32Array
  Float64Array: Float64Array
  /** The trains of a recording in native code. */
  trains: TrainsHandle
  /** Segments that were handed over in steps. */
  segments: ListHandle
  /** The same for objects of an HDF5 file. */
  objects: ListHandle
  /** Arrays that were handed over in steps. */
  arrays: ListHandle
  /** What a stream has written to its file. */
  streamedDataset: StreamHandle
  /** Samples that stay in their file. */
  samples: SamplesHandle
  /** A file that streams were written to before its plan. */
  begunFile: BegunHandle
  progress: (bytesWritten: number, bytesTotal: number) => void
}

/** NativeSpikeTrains of native.ts, as far as a plan is concerned: native code recognises its own objects. */
export interface TrainsHandle {
  readonly unitCount: number
  readonly spikeCount: number
}

/** NativeList or NativeArrays of native.ts. */
export interface ListHandle {
  append: unknown
}

/** NativeStreamedDataset of native.ts. */
export interface StreamHandle {
  readonly isFull: boolean
}

/** NativeSamples of native-samples.ts. */
export interface SamplesHandle {
  open: unknown
}

/** NativeBegunFile of native.ts. */
export interface BegunHandle {
  discard: unknown
}

/** What a field may hold. */
export type Type =
  | keyof NamedTypes
  /** Whole numbers, both limits included. */
  | { readonly least: number; readonly most: number }
  | { readonly words: readonly string[] }
  | { readonly list: Type }
  | { readonly fields: Fields }
  /** Objects of several kinds: `tag` is the field that names the kind. */
  | { readonly tag: string; readonly kinds: Kinds }
  | { readonly either: readonly Type[] }

/** The fields of an object. Those that are optional may be missing or undefined. */
export type Fields = Readonly<Record<string, Type | { readonly optional: Type }>>

export type Kinds = Readonly<Record<string, Fields>>

/** Whole numbers from 0 to 2^53. */
export const COUNT = whole(0, 2 ** 53)

export function whole<const T extends number>(least: T, most: number) {
  return { least, most } as const
}

export function words<const T extends readonly string[]>(...texts: T) {
  return { words: texts } as const
}

export function optional<const T extends Type>(type: T) {
  return { optional: type } as const
}

export function list<const T extends Type>(elements: T) {
  return { list: elements } as const
}

export function fields<const T extends Fields>(of: T) {
  return { fields: of } as const
}

export function kinds<const Tag extends string, const T extends Kinds>(tag: Tag, of: T) {
  return { tag, kinds: of } as const
}

export function either<const T extends readonly Type[]>(...types: T) {
  return { either: types } as const
}

/** The TypeScript type of what is described. */
export type TypeOf<T> = T extends keyof NamedTypes
  ? NamedTypes[T]
  : T extends { least: number }
    ? number
    : T extends { words: readonly (infer Word)[] }
      ? Word
      : T extends { list: infer Element }
        ? readonly TypeOf<Element>[]
        : T extends { fields: infer Of }
          ? ObjectOf<Of>
          : T extends { tag: infer Tag extends string; kinds: infer Of }
            ? { [Kind in keyof Of]: Simple<Record<Tag, Kind> & ObjectOf<Of[Kind]>> }[keyof Of]
            : T extends { either: readonly (infer One)[] }
              ? TypeOf<One>
              : never

type ObjectOf<F> = Simple<Required<F, RequiredKeys<F>> & Optional<F, Exclude<keyof F, RequiredKeys<F>>>>

// Mapped over keys of F as they are, so that editors show the comments on the fields.
type Required<F, Keys extends keyof F> = { -readonly [Key in Keys]: TypeOf<F[Key]> }
type Optional<F, Keys extends keyof F> = { -readonly [Key in Keys]?: F[Key] extends { optional: infer Of } ? TypeOf<Of> : never }
type RequiredKeys<F> = { [Key in keyof F]: F[Key] extends { optional: unknown } ? never : Key }[keyof F]

/** One object type instead of an intersection. */
type Simple<T> = { [Key in keyof T]: T[Key] }
