/**
 * `spikeport ls`: lists the objects of HDF5 files.
 */
import type { Hdf5Dataset, Hdf5Group } from '../engine/reading/hdf5-description.js'
import type { Hdf5Child, Hdf5File } from '../engine/reading/hdf5-file.js'
import { withHdf5File } from '../engine/reading/hdf5-file.js'
import { FormatError } from '../errors.js'
import { absolutePath } from '../storage/paths.js'
import type { CommandCall } from './command.js'
import { forEachInput } from './inputs.js'

/** Objects that are described at once. */
const AT_ONCE = 256

/** The width of the columns for paths and types. */
const WIDTHS = [56, 8] as const

/** What is at a path: undefined for a link that leads nowhere, the error of what is damaged. */
type Found = Hdf5Group | Hdf5Dataset | FormatError | undefined

/** What a line says of an object. */
interface Listed {
  readonly path: string
  readonly kind: Hdf5Child['kind']
  /** Of a group that is there under another path, too: the first of them. */
  readonly sameAs?: string
  /** Of a dataset: numpy's type string, or what else it holds. */
  readonly type?: string
  readonly shape?: readonly number[]
  readonly layout?: Hdf5Dataset['layout']
  readonly chunk?: readonly number[]
  readonly filters?: Hdf5Dataset['filters']
  /** Of a dataset: all elements, without compression. */
  readonly bytes?: number
  readonly attributes?: readonly string[]
  /** Why it cannot be read. */
  readonly problem?: string
}

/** Lists one file after the other, also behind one that fails, and returns the exit status. */
export async function listObjects(call: CommandCall): Promise<number> {
  const { terminal, signal } = call
  return forEachInput(call, async (path) => {
    await withHdf5File(absolutePath(path), path, signal, async (file) => {
      if (!terminal.isJson) terminal.result(path)
      for await (const object of objectsIn(file, signal)) {
        if (terminal.isJson) terminal.json({ file: path, ...object })
        else terminal.result(lineOf(object))
      }
    })
  })
}

/** All objects, each group before what is in it, by the bytes of their names. A group with several paths is opened once. */
async function* objectsIn(file: Hdf5File, signal: AbortSignal): AsyncGenerator<Listed> {
  const [root] = await described(file, ['/'], signal)
  yield listed('/', 'group', root)
  if (!root || root instanceof FormatError) return
  const groups = new Map([[root.address, '/']])
  const open = [membersOf(file, '/', signal)]
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const { value: member, done } = await last.next()
    if (done) {
      open.pop()
      continue
    }
    const [path, { kind, address }, object] = member
    const sameAs = kind === 'group' ? groups.get(address) : undefined
    yield { ...listed(path, kind, object), ...(sameAs !== undefined && { sameAs }) }
    if (kind !== 'group' || sameAs !== undefined || object instanceof FormatError) continue
    groups.set(address, path)
    open.push(membersOf(file, path, signal))
  }
}

/** What is in a group: the path of each, and what is there. */
async function* membersOf(file: Hdf5File, group: string, signal: AbortSignal): AsyncGenerator<[path: string, Hdf5Child, Found]> {
  const children = await file.children(group, signal)
  for (let from = 0; from < children.length; from += AT_ONCE) {
    const some = children.slice(from, from + AT_ONCE)
    const paths = some.map(({ name }) => (group === '/' ? `/${name}` : `${group}/${name}`))
    const found = await described(file, paths, signal)
    for (const [i, child] of some.entries()) yield [paths[i] as string, child, found[i]]
  }
}

/** What is at some paths; of one that is damaged, the error. */
async function described(file: Hdf5File, paths: readonly string[], signal: AbortSignal): Promise<Found[]> {
  try {
    return await file.describeAll(paths, signal)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const each: Found[] = []
    for (const path of paths) {
      each.push(
        await file.describe(path, signal).catch((reason: unknown) => {
          if (reason instanceof FormatError) return reason
          throw reason
        }),
      )
    }
    return each
  }
}

function listed(path: string, kind: Hdf5Child['kind'], object: Found): Listed {
  if (object === undefined) return { path, kind }
  if (object instanceof FormatError) return { path, kind, problem: object.message }
  const attributes = [...object.attributes.keys()]
  if (object.kind !== 'dataset') return { path, kind, attributes }
  const { type, shape, layout, chunk, filters, bytes, problem } = object
  return {
    path,
    kind,
    type: type.dtype ?? type.kind,
    shape,
    layout,
    ...(layout === 'chunked' && { chunk, filters }),
    bytes,
    attributes,
    ...(problem !== undefined && { problem }),
  }
}

function lineOf({ path, kind, sameAs, type, shape, layout, chunk, filters = [], problem }: Listed): string {
  const axes = (sizes: readonly number[]) => sizes.join(' × ')
  const chunks = chunk && `chunks of ${axes(chunk)}`
  const what = type ?? (kind === 'nothing' ? 'link that leads nowhere' : kind)
  const cells = [
    path.padEnd(WIDTHS[0]),
    ...(kind === 'nothing' && problem !== undefined ? [] : [what.padEnd(WIDTHS[1])]),
    ...(shape ? [shape.length === 0 ? 'scalar' : axes(shape)] : []),
    ...(layout ? [[chunks ?? layout, ...filters].join(', ')] : []),
    ...(sameAs === undefined ? [] : [`the same as ${sameAs}`]),
    ...(problem === undefined ? [] : [problem]),
  ]
  return `  ${cells.join('  ').trimEnd()}`
}
