/**
 * What the objects of an NWB file are made with. Each that has a type gets its id in the end, in object-ids.ts.
 */
import type { Hdf5Attribute, Hdf5Group, Hdf5TextDataset } from '../../engine/plan/hdf5-tree.js'
import { packedTexts } from '../../engine/plan/packed-texts.js'

/** Attributes by name; those that are undefined are not there. */
export type Attributes = Readonly<Record<string, Hdf5Attribute['value'] | undefined>>

/** The schema that a type is from. */
export type Namespace = 'core' | 'hdmf-common'

export function attributesFrom(attributes: Attributes): Hdf5Attribute[] {
  const present: Hdf5Attribute[] = []
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) present.push({ name, value })
  }
  return present
}

/** The attributes of an object that has a type, and others besides. */
export function typeAttributes(namespace: Namespace, type: string, others: Attributes = {}): Hdf5Attribute[] {
  return attributesFrom({ namespace, neurodata_type: type, ...others })
}

export function typedGroup(path: string, namespace: Namespace, type: string, others?: Attributes): Hdf5Group {
  return { object: 'group', path, attributes: typeAttributes(namespace, type, others) }
}

/** A text without an axis. */
export function textAt(path: string, text: string, attributes: Attributes = {}): Hdf5TextDataset {
  return { object: 'textDataset', path, texts: packedTexts([text]), shape: [], attributes: attributesFrom(attributes) }
}

/** A list of texts. */
export function textsAt(path: string, texts: readonly string[]): Hdf5TextDataset {
  return { object: 'textDataset', path, texts: packedTexts(texts), shape: [texts.length] }
}
