/**
 * The ids of the objects in an NWB file: random ones, or the same for the same file.
 */
import { hash, randomUUID } from 'node:crypto'
import type { Hdf5Attribute, Hdf5Object } from '../../engine/plan/hdf5-tree.js'

/** The namespace of our UUIDs: 5ba27d20-0c1e-4b0f-9d7e-2f6c1a2f7f43. */
const NAMESPACE = Buffer.from('5ba27d200c1e4b0f9d7e2f6c1a2f7f43', 'hex')

/** Makes the id of the object at a path; the root's path is empty. */
export type ObjectIds = (path: string) => string

/**
 * Ids for the objects of a file: those of one identifier are always the same, random ones without an identifier.
 */
export function objectIds(identifier: string | undefined): ObjectIds {
  return identifier === undefined ? () => randomUUID() : (path) => nameBasedUuid(`${identifier}\0/${path}`)
}

/** The attributes of an object, with its id where it has a type. */
export function identified(attributes: readonly Hdf5Attribute[], path: string, idOf: ObjectIds): readonly Hdf5Attribute[] {
  const isTyped = attributes.some(({ name }) => name === 'neurodata_type')
  return isTyped ? [...attributes, { name: 'object_id', value: idOf(path) }] : attributes
}

/** The objects, with an id each that has a type. */
export function withObjectIds(objects: readonly Hdf5Object[], idOf: ObjectIds): Hdf5Object[] {
  return objects.map((object) => {
    if (!('attributes' in object) || !object.attributes) return object
    return { ...object, attributes: identified(object.attributes, object.path, idOf) }
  })
}

/** UUID version 5 of RFC 9562. */
function nameBasedUuid(name: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name)]), 'buffer')
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
