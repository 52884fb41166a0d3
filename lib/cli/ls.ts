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
  const groups = new Map<number, string>()
  // The children of each open group that are still to come.
  const open: { path: string; children: Hdf5Child[] }[] = []
  const enter = async (path: string, address: number) => {
    groups.set(address, path)
    open.push({ path, children: (await file.children(path, signal)).reverse() })
  }
  const [root] = await described(file, ['/'], signal)
  yield listed('/', 'group', root)
  if (root && 'address' in root) await enter('/', root.address)
  while (open.length > 0) {
    const { path, children } = open[open.length - 1] as (typeof open)[number]
    const some = children.splice(-AT_ONCE).reverse()
    if (some.length === 0) {
      open.pop()
      continue
    }
    const firstGroup = some.findIndex(({ kind }) => kind === 'group')
    // Those after a group come after what is in it.
    const now = firstGroup < 0 ? some : some.slice(0, firstGroup + 1)
    children.push(...some.slice(now.length).reverse())
    const paths = now.map(({ name }) => (path === '/' ? `/${name}` : `${path}/${name}`))
    const found = await described(file, paths, signal)
    for (const [i, { kind, address }] of now.entries()) {
      const at = paths[i] as string
      const sameAs = kind === 'group' ? groups.get(address) : undefined
      yield { ...listed(at, kind, found[i]), ...(sameAs !== undefined && { sameAs }) }
      if (kind === 'group' && sameAs === undefined && !(found[i] instanceof FormatError)) await enter(at, address)
    }
  }
}

/** What is at some paths; of one that is damaged, the error. */
async function described(file: Hdf5File, paths: readonly string[], signal: AbortSignal) {
  try {
    return await file.describeAll(paths, signal)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const each: (Hdf5Group | Hdf5Dataset | undefined | FormatError)[] = []
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

function listed(path: string, kind: Hdf5Child['kind'], object: Hdf5Group | Hdf5Dataset | undefined | FormatError): Listed {
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
