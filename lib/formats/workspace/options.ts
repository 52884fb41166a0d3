/**
 * The options of a workspace besides those of every export.
 */
import { randomUUID } from 'node:crypto'
import { types } from 'node:util'
import { invalidType, invalidValue } from '../../errors.js'
import type { Missing } from '../../options/checks.js'
import { isMissing, requiredString } from '../../options/checks.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { valuePath } from '../pickle/pickler.js'
import type { Notes } from './items.js'
import { entriesOf } from './python-json.js'

/** What a workspace has besides its items. */
export interface WorkspaceFile {
  /** What people call the workspace. Default none. */
  name?: string | Missing
  /** Notes on items, by namespace and key. */
  notes?: Readonly<Record<string, Readonly<Record<string, string>>>> | Missing
  /** The workspace's id. Default a random UUID; with `createdAt`, a given one makes the bytes of both files reproducible. */
  workspaceId?: string | Missing
  /** When the workspace and all items were created. Default the time of the call. */
  createdAt?: Date | Missing
}

/** The options, checked. */
export interface Heading {
  name: string | null
  workspaceId: string
  /** In s since 1970. */
  createdAt: number
  /** Not yet checked: there may be many. */
  notes: unknown
}

/**
 * @throws TypeError, RangeError for an option of a wrong type or value
 */
export function headingFrom({ name, notes, workspaceId, createdAt }: WorkspaceFile): Heading {
  return {
    name: isMissing(name) ? null : requiredString(name, 'name'),
    workspaceId: isMissing(workspaceId) ? randomUUID() : requiredString(workspaceId, 'workspaceId'),
    createdAt: (isMissing(createdAt) ? Date.now() : timeOf(createdAt)) / 1000,
    notes,
  }
}

/** The time of a Date of any realm, in ms since 1970. */
function timeOf(date: unknown): number {
  if (!types.isDate(date)) throw invalidType('a Date', 'createdAt', date)
  const time = Date.prototype.getTime.call(date)
  if (Number.isNaN(time)) throw invalidValue('a valid date', 'createdAt', date)
  return time
}

/**
 * Notes by namespace and key.
 *
 * @throws TypeError, RangeError for anything but texts in plain objects in a plain object
 */
export function* notesFrom(notes: unknown): Steps<Notes> {
  const byNamespace = new Map<string, Map<string, string>>()
  if (isMissing(notes)) return byNamespace
  for (const [namespace, keyed] of entriesOf(plainObject(notes, ['notes']))) {
    const keys = ['notes', namespace]
    const byKey = new Map<string, string>()
    if (!isMissing(keyed)) {
      for (const [key, note] of entriesOf(plainObject(keyed, keys))) {
        if (isDue()) yield
        if (!isMissing(note)) byKey.set(key, requiredString(note, valuePath([...keys, key])))
      }
    }
    byNamespace.set(namespace, byKey)
    if (isDue()) yield
  }
  return byNamespace
}

function plainObject(value: unknown, keys: readonly unknown[]): Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) throw invalidType('a plain object', valuePath(keys), value)
  return value
}
