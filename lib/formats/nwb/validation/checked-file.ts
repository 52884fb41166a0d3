/**
 * An NWB file whose objects are checked one after the other: how they are looked up, and what is found.
 */
import type { AttributeValue, Hdf5Dataset, Hdf5Group } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../../engine/reading/hdf5-file.js'
import { FormatError } from '../../../errors.js'
import type { ValidationCode, ValidationFinding } from '../../../jobs/validation.js'
import { finding } from '../../../jobs/validation.js'

/** What is at a path. */
export type NwbObject = Hdf5Group | Hdf5Dataset

/** Attributes of every typed object. */
const OF_TYPED = ['namespace', 'neurodata_type', 'object_id']

export class CheckedFile {
  readonly findings: ValidationFinding[] = []
  readonly file: Hdf5File
  readonly signal: AbortSignal | undefined

  constructor(file: Hdf5File, signal: AbortSignal | undefined) {
    this.file = file
    this.signal = signal
  }

  report(code: Exclude<ValidationCode, 'READER_REFUSES'>, message: string, path: string): void {
    this.findings.push(finding(code, message, path))
  }

  /** Checks a part of the file: what cannot be read ends the part, and is found by reading everything. */
  async part(check: () => Promise<void>): Promise<void> {
    try {
      await check()
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      this.report('UNREADABLE', error.message, error.object ?? '/')
    }
  }

  /** What is at a path that the schema requires; undefined where it is missing, which is a finding. */
  async required(path: string, kind: NwbObject['kind']): Promise<NwbObject | undefined> {
    const object = await this.file.describe(path, this.signal)
    if (object?.kind === kind) return object
    this.report(
      'NWB_MISSING',
      object ? `The schema requires a ${kind} here.` : `The schema requires this ${kind}, which is not there.`,
      path,
    )
    return undefined
  }

  /** Checks the attributes that an object has to have. */
  attributes({ path, attributes }: NwbObject, names: readonly string[]): void {
    for (const name of names) {
      if (!attributes.has(name)) this.report('NWB_MISSING', `The schema requires the attribute ${name}, which is not there.`, path)
    }
  }

  /** The same for an object of a type of the schema. */
  typed(object: NwbObject, names: readonly string[] = []): void {
    this.attributes(object, [...OF_TYPED, ...names])
  }

  /** The texts of a dataset. */
  async texts(object: NwbObject): Promise<string[]> {
    return object.kind === 'dataset' && object.type.kind === 'text' ? this.file.texts(object, this.signal) : []
  }

  /** The paths in a group of objects of a kind. */
  async members(path: string, kind: NwbObject['kind']): Promise<NwbObject[]> {
    if ((await this.file.describe(path, this.signal))?.kind !== 'group') return []
    const children = (await this.file.children(path, this.signal)).filter((child) => child.kind === kind)
    const found: NwbObject[] = []
    for (const { name } of children) {
      const object = await this.file.describe(`${path === '/' ? '' : path}/${name}`, this.signal)
      if (object) found.push(object)
    }
    return found
  }
}

/** The type of the schema that an object is of. */
export function typeOf(object: NwbObject | undefined): AttributeValue | undefined {
  return object?.attributes.get('neurodata_type')
}
