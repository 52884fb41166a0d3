/**
 * What numpy's arrays, types and scalars are made of in a pickle: the calls of numpy 1 and 2, and the states that BUILD gives them.
 */
import type { Dtype } from '../../../files/numpy-dtype.js'
import { isNumeric, numbersOn, parseDtype } from '../../../files/numpy-dtype.js'
import { sizeOf } from '../../../memory/ndarray.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { ArrayState, CallContext, GlobalNode } from './nodes.js'
import { ArrayNode, BytesNode, DtypeNode, ListNode, ScalarNode, TupleNode } from './nodes.js'

/** numpy 2 has no more. */
const MOST_AXES = 64

/** `_reconstruct(ndarray, (0,), b'b')`: an array that BUILD gives a state. */
export function reconstruct(ndarray: GlobalNode): GlobalNode['call'] {
  return (args, context) => {
    if (args.length !== 3 || args[0] !== ndarray) throw context.wrongArguments('numpy._reconstruct')
    return new ArrayNode(context.offset)
  }
}

/** `dtype('f8', False, True)`, which BUILD gives a byte order; or `dtype('<f8')`. */
export function newDtype(args: readonly unknown[], context: CallContext): DtypeNode {
  const [descr] = args
  if (typeof descr !== 'string' || args.length > 3) throw context.wrongArguments('numpy.dtype')
  const dtype = parseDtype(descr)
  if (!dtype) throw context.failure(`elements of numpy's type ${descr.slice(0, 40)} are not supported`)
  return new DtypeNode(dtype)
}

/** `(version, byte order, subarray, names, fields, size, alignment, flags[, metadata])` */
export function buildDtype(node: DtypeNode, state: unknown, context: CallContext): void {
  const items = state instanceof TupleNode ? state.items : []
  const [version, order, subarray, names, fields] = items
  const isKnown = (version === 3 || version === 4) && items.length >= 8 && typeof order === 'string' && '<>|='.includes(order)
  if (!isKnown) throw context.wrongArguments('numpy.dtype')
  if (subarray !== null || names !== null || fields !== null) throw context.failure("numpy's records are not supported")
  const { dtype } = node
  node.dtype = { ...dtype, isBigEndian: order === '>' }
  if (dtype.kind === 'M' && items.length === 9) node.dtype = withUnit(node.dtype, items[8], context)
}

/** The metadata of dates: `({}, (b'ns', 1, 1, 1))`. */
function withUnit(dtype: Dtype, metadata: unknown, context: CallContext): Dtype {
  const unit = metadata instanceof TupleNode ? metadata.items[1] : undefined
  const [name, count] = unit instanceof TupleNode ? unit.items : []
  const text = name instanceof BytesNode && name.source instanceof Uint8Array ? Buffer.from(name.source).toString('latin1') : name
  if (typeof text !== 'string' || typeof count !== 'number' || count < 1) throw context.wrongArguments('numpy.dtype')
  if (text === 'generic') return dtype
  const parsed = parseDtype(`M8[${count}${text}]`)
  if (!parsed) throw context.wrongArguments('numpy.dtype')
  return { ...parsed, isBigEndian: dtype.isBigEndian }
}

/** `scalar(dtype, bytes)`; for Python objects `scalar(dtype, object)`. */
export function scalar(args: readonly unknown[], context: CallContext): unknown {
  const [type, data] = args
  if (args.length !== 2 || !(type instanceof DtypeNode)) throw context.wrongArguments('numpy.scalar')
  if (type.dtype.kind === 'O') return data
  if (!(data instanceof BytesNode)) throw context.wrongArguments('numpy.scalar')
  context.charge(data.most)
  return new ScalarNode(type.dtype, data, context.offset)
}

/** `_frombuffer(bytes, dtype, shape, 'C' | 'F' | 'K'[, axes])`, which protocol 5 has. */
export function frombuffer(args: readonly unknown[], context: CallContext): ArrayNode {
  const [data, type, axes, order, axisOrder] = args
  const shape = shapeFrom(axes)
  const isKnown = data instanceof BytesNode && type instanceof DtypeNode && type.dtype.kind !== 'O' && args.length <= 5
  if (!isKnown || !shape || typeof order !== 'string' || !/^[CFK]$/.test(order)) throw context.wrongArguments('numpy._frombuffer')
  const state = arrayState({ dtype: type.dtype, shape, isFortranOrder: order === 'F', data }, context)
  const isTransposed = order === 'K' && axisOrder !== undefined && axisOrder !== null
  const node = new ArrayNode(context.offset)
  setState(node, isTransposed ? transposed(state, shapeFrom(axisOrder), context) : state, context)
  return node
}

/** The state of an array whose data has its axes in another order: `data.reshape(shape).transpose(order)`. */
function transposed(state: ArrayState, order: number[] | undefined, context: CallContext): ArrayState {
  const { shape } = state
  const isPermutation = order?.length === shape.length && new Set(order).size === order.length && order.every((axis) => axis < shape.length)
  if (!order || !isPermutation) throw context.wrongArguments('numpy._frombuffer')
  return { ...state, shape: order.map((axis) => shape[axis] as number), axisOrder: order }
}

/** The state of an array: `(1, shape, dtype, is Fortran order, bytes or list)`. */
export function buildArray(node: ArrayNode, state: unknown, context: CallContext): void {
  const items = state instanceof TupleNode ? state.items : []
  const [version, axes, type, isFortranOrder, data] = items
  const shape = shapeFrom(axes)
  const isKnown = items.length === 5 && version === 1 && shape && type instanceof DtypeNode && typeof isFortranOrder === 'boolean'
  if (!isKnown || node.state || node.final !== undefined) throw context.wrongArguments('the state of an array')
  const { dtype } = type
  if (!(dtype.kind === 'O' ? data instanceof ListNode : data instanceof BytesNode)) throw context.wrongArguments('the state of an array')
  setState(node, arrayState({ dtype, shape, isFortranOrder, data: data as BytesNode | ListNode }, context), context)
}

/** Keeps the state of an array, or the array itself where it needs no conversion: its bytes may still arrive. */
function setState(node: ArrayNode, state: ArrayState, { isLazy }: CallContext): void {
  if (!isLazy) node.final = plainArray(state)
  if (node.final === undefined) node.state = state
}

/** An array of numbers of one axis that is as JavaScript has it; undefined for anything else, and for data of another length. */
function plainArray({ dtype, shape, data }: ArrayState): NumericArray | undefined {
  if (!(data instanceof BytesNode) || data.isTaken || !(data.source instanceof Uint8Array)) return undefined
  if (shape.length !== 1 || !isNumeric(dtype) || dtype.kind === 'c') return undefined
  if (data.source.length !== (shape[0] as number) * dtype.itemBytes) return undefined
  const array = numbersOn(data.source, dtype)
  data.isTaken = array !== undefined
  return array
}

/** Checks what is known of the data already, and counts what the array will take. */
function arrayState(state: ArrayState, context: CallContext): ArrayState {
  const { dtype, shape, data } = state
  const count = sizeOf(shape)
  if (data instanceof BytesNode) {
    context.charge(data.most)
    // Elements that become objects of their own, and texts of no characters, which take no bytes.
    if (!isNumeric(dtype)) context.charge(8 * count)
  } else {
    context.charge(8 * data.items.length)
    if (data.items.length !== count) throw context.failure(`an array of shape (${shape}) has ${data.items.length} objects`)
  }
  return state
}

function shapeFrom(axes: unknown): number[] | undefined {
  const items = axes instanceof TupleNode ? axes.items : undefined
  if (!items || items.length > MOST_AXES) return undefined
  return items.every((axis) => Number.isSafeInteger(axis) && (axis as number) >= 0) ? (items as number[]) : undefined
}
