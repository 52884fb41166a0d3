/**
 * The classes and functions that a pickle may refer to. There is no way from a name in a file to anything but these: the names are looked
 * up here, nothing is imported and no code of a file runs.
 */
import { PyFloat } from '../values.js'
import type { PickleFailures } from './failures.js'
import type { CallContext, ClassName } from './nodes.js'
import { BytesNode, DictNode, GlobalNode, InstanceNode, ListNode, SetNode, TextNode, TupleNode } from './nodes.js'
import { frombuffer, newDtype, reconstruct, scalar } from './numpy-calls.js'
import { joinedPath } from './paths.js'
import { isLatin1 } from './text.js'
import { newDate, newDateTime, newDuration, newTime, newTimeZone } from './times.js'

const MODULES: Readonly<Record<ClassName, string>> = {
  SpikeData: 'spikedata',
  RateData: 'ratedata',
  PairwiseCompMatrix: 'pairwise',
  PairwiseCompMatrixStack: 'pairwise',
  RateSliceStack: 'rateslicestack',
  SpikeSliceStack: 'spikeslicestack',
}

/** The package of SpikeLab's classes, and what it was called before. */
const PACKAGES = ['spikelab.spikedata', 'spikedata']

/** What the modules of Python 2 are called in Python 3: pickles of protocols 0 to 2 have the old names. */
const RENAMED: Readonly<Record<string, string>> = { __builtin__: 'builtins', copy_reg: 'copyreg' }

/** A package of the same field whose classes are others under the same names. */
const OTHER_PACKAGE = 'braingeneers'

/** The most characters of a name that is looked up. */
const LONGEST_NAME = 200

export const OBJECT = new GlobalNode('builtins.object', undefined)
export const NDARRAY = new GlobalNode('numpy.ndarray', undefined)

const GLOBALS: ReadonlyMap<string, GlobalNode> = new Map([
  ...Object.entries(MODULES).flatMap(([className, module]) =>
    PACKAGES.map((path) => entry(`${path}.${module}`, className, newInstance(className as ClassName), className as ClassName)),
  ),
  ['builtins.object', OBJECT],
  ['numpy.ndarray', NDARRAY],
  // A file in memory is an array when it is loaded.
  ...['numpy', 'numpy.core.memmap', 'numpy._core.memmap'].map((module): [string, GlobalNode] => [`${module}.memmap`, NDARRAY]),
  entry('numpy', 'dtype', newDtype),
  ...['numpy.core', 'numpy._core'].flatMap((core) => [
    entry(`${core}.multiarray`, '_reconstruct', reconstruct(NDARRAY)),
    entry(`${core}.multiarray`, 'scalar', scalar),
    entry(`${core}.numeric`, '_frombuffer', frombuffer),
  ]),
  entry('copyreg', '_reconstructor', reconstructor),
  entry('_codecs', 'encode', encode),
  entry('builtins', 'set', newSet(false)),
  entry('builtins', 'frozenset', newSet(true)),
  entry('builtins', 'bytes', newBytes),
  entry('builtins', 'bytearray', newBytes),
  entry('builtins', 'complex', newComplex),
  entry('collections', 'OrderedDict', newOrderedDict),
  entry('datetime', 'date', newDate),
  entry('datetime', 'time', newTime),
  entry('datetime', 'datetime', newDateTime),
  entry('datetime', 'timedelta', newDuration),
  entry('datetime', 'timezone', newTimeZone),
  // Python 3.13 has moved them.
  ...['pathlib', 'pathlib._local'].flatMap((module) => [
    ...['Path', 'PosixPath', 'PurePath', 'PurePosixPath'].map((name) => entry(module, name, joinedPath('/'))),
    ...['WindowsPath', 'PureWindowsPath'].map((name) => entry(module, name, joinedPath('\\'))),
  ]),
])

function entry(module: string, name: string, call: GlobalNode['call'], className?: ClassName): [string, GlobalNode] {
  const full = `${module}.${name}`
  return [full, new GlobalNode(full, call, className)]
}

/**
 * What a name in a pickle stands for.
 *
 * @throws FormatError for any name that is not listed here
 */
export function globalNamed(module: string, name: string, failures: PickleFailures): GlobalNode {
  if (module.length + name.length <= LONGEST_NAME) {
    const found = GLOBALS.get(`${RENAMED[module] ?? module}.${name}`)
    if (found) return found
  }
  const full = `${module.slice(0, LONGEST_NAME)}.${name.slice(0, LONGEST_NAME)}`
  if (module === OTHER_PACKAGE || module.startsWith(`${OTHER_PACKAGE}.`)) {
    throw failures.at(`it has the class ${full} of the package ${OTHER_PACKAGE}: convert it to SpikeLab's in Python`)
  }
  throw failures.at(`it refers to ${full}, which is not among the names that are allowed in a pickle`)
}

function newInstance(className: ClassName): GlobalNode['call'] {
  return (args, context) => {
    if (args.length > 0) throw context.wrongArguments(className)
    return new InstanceNode(className, context.offset)
  }
}

/** How protocols 0 and 1 make an instance. */
function reconstructor(args: readonly unknown[], context: CallContext): unknown {
  const [cls, base, state] = args
  const isPlain = args.length === 3 && base === OBJECT && state === null
  if (!isPlain || !(cls instanceof GlobalNode) || cls.className === undefined) throw context.wrongArguments('copyreg._reconstructor')
  return new InstanceNode(cls.className, context.offset)
}

/** How protocols 0 to 2 have bytes. */
function encode(args: readonly unknown[], context: CallContext): BytesNode {
  const [text, encoding] = args
  if (args.length !== 2 || (encoding !== 'latin1' && encoding !== 'latin-1')) throw context.wrongArguments('_codecs.encode')
  return bytesOfText(text, '_codecs.encode', context)
}

/** Bytes for text whose characters are bytes. */
function bytesOfText(text: unknown, name: string, context: CallContext): BytesNode {
  if (text instanceof TextNode) {
    context.charge(text.bytes.length)
    return new BytesNode(text)
  }
  if (typeof text !== 'string' || !isLatin1(text)) throw context.wrongArguments(name)
  context.charge(text.length)
  return new BytesNode(Uint8Array.from(Buffer.from(text, 'latin1')))
}

function newBytes(args: readonly unknown[], context: CallContext): BytesNode {
  const [first, encoding] = args
  if (args.length === 0) return new BytesNode(new Uint8Array(0))
  if (args.length === 1 && first instanceof BytesNode) return first
  if (args.length === 2 && (encoding === 'latin-1' || encoding === 'latin1')) return bytesOfText(first, 'bytearray', context)
  throw context.wrongArguments('bytearray')
}

function newSet(isFrozen: boolean): GlobalNode['call'] {
  return (args, context) => {
    const [members] = args
    if (args.length === 0) return new SetNode([], isFrozen)
    if (args.length !== 1 || !(members instanceof ListNode || members instanceof TupleNode)) throw context.wrongArguments('set')
    context.charge(8 * members.items.length)
    // Shared with the list, which nothing else refers to in any pickle that Python writes.
    return new SetNode(members.items, isFrozen)
  }
}

/** A complex number is an object with its two parts. */
function newComplex(args: readonly unknown[], context: CallContext): unknown {
  const [real, imag] = args.map((part) => (part instanceof PyFloat ? part.value : part))
  if (args.length !== 2 || typeof real !== 'number' || typeof imag !== 'number') throw context.wrongArguments('complex')
  const node = new DictNode()
  node.add('real', real)
  node.add('imag', imag)
  return node
}

function newOrderedDict(args: readonly unknown[], context: CallContext): DictNode {
  if (args.length > 0) throw context.wrongArguments('OrderedDict')
  return new DictNode()
}
