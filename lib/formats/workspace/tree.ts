/**
 * The tree of a workspace while it is made: the groups and datasets of the HDF5 file, and what they do not hold.
 */
import type { Hdf5Attribute, Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidValue } from '../../errors.js'
import type { RecordingsInUse } from '../../model/spike-data.js'
import type { ListData } from './lists.js'
import { Losses } from './losses.js'

/** Each takes about a kilobyte of memory. An object that appears many times is written as often: it ends here. */
const MOST_OBJECTS = 2 ** 18

export class Tree {
  readonly objects: Hdf5Object[] = []
  readonly losses = new Losses()

  /**
   * @param createdAt - the time of all items, in s since 1970
   * @param inUse - takes the recordings whose spikes are written
   */
  constructor(
    readonly createdAt: number,
    readonly inUse: RecordingsInUse,
  ) {}

  /** @throws RangeError for more objects than a workspace may have */
  add(object: Hdf5Object): void {
    if (this.objects.length === MOST_OBJECTS) throw invalidValue(`at most ${MOST_OBJECTS} groups and datasets in all`, 'items', object.path)
    this.objects.push(object)
  }

  addGroup(path: string, attributes: readonly Hdf5Attribute[] = []): void {
    this.add({ object: 'group', path, attributes })
  }

  addNumbers(
    path: string,
    source: Source,
    { attributes = [], areBooleans = false }: { attributes?: readonly Hdf5Attribute[]; areBooleans?: boolean } = {},
  ): void {
    this.add({ object: 'dataset', path, source, storage: { layout: 'contiguous' }, attributes, isBoolean: areBooleans })
  }

  /** Adds a list as a dataset. */
  addList(path: string, list: ListData, attributesOfTexts: readonly Hdf5Attribute[] = []): void {
    const { shape } = list
    if (list.data === 'texts') this.add({ object: 'textDataset', path, texts: list.texts, shape, attributes: attributesOfTexts })
    else this.addNumbers(path, { kind: 'array', data: list.numbers, shape }, { areBooleans: list.areBooleans })
  }
}

export function int64(name: string, value: number | bigint): Hdf5Attribute {
  const integer = BigInt(value)
  // As numpy has it for Python's integers.
  const numbers = BigInt.asIntN(64, integer) === integer ? BigInt64Array.of(integer) : BigUint64Array.of(integer)
  return { name, value: { numbers, shape: [] } }
}

export function boolean(name: string, value: boolean): Hdf5Attribute {
  return { name, value: { numbers: Int8Array.of(Number(value)), shape: [], areBooleans: true } }
}
