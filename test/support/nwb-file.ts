/**
 * Reads NWB files as their tests see them: references as the paths they lead to, numbers and texts in plain arrays.
 */
import h5wasm, { Dataset, File, Group } from 'h5wasm/node'

export interface NwbObject {
  /** `group`, `boolean`, or what else a dataset holds, as h5wasm calls it. */
  kind: string
  attributes: Record<string, unknown>
  shape?: readonly number[] | null
  /** A scalar, or all elements in C order. */
  value?: unknown
  chunks?: readonly number[] | null
}

/** All objects by path; the root's is empty. */
export async function readNwb(path: string): Promise<Record<string, NwbObject>> {
  await h5wasm.ready
  const file = new File(path, 'r')
  try {
    const objects: Record<string, NwbObject> = { '': { kind: 'group', attributes: attributesOf(file, file) } }
    for (const name of file.paths()) {
      const object = file.get(name)
      if (object instanceof Dataset) {
        const { shape, dtype, value, metadata } = object
        const kind = metadata.enum_type ? 'boolean' : String(dtype)
        objects[name] = { kind, attributes: attributesOf(object, file), shape, value: plain(value, file), chunks: metadata.chunks }
      } else if (object instanceof Group) {
        objects[name] = { kind: 'group', attributes: attributesOf(object, file) }
      }
    }
    return objects
  } finally {
    file.close()
  }
}

function attributesOf(object: Group | Dataset, file: File): Record<string, unknown> {
  const attributes = Object.entries(object.attrs).map(([name, { value, shape }]) => {
    const values = plain(value, file)
    return [name, Array.isArray(values) && shape?.length === 0 ? values[0] : values]
  })
  return Object.fromEntries(attributes)
}

function plain(value: unknown, file: File): unknown {
  if (Array.isArray(value)) return value.map((element) => plain(element, file))
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>)
  if (typeof value === 'object' && value !== null && 'ref_data' in value) {
    return `-> ${(file.dereference(value as never) as unknown as Group).path}`
  }
  return value
}
