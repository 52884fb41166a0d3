/**
 * Names and sets in the order in which Python sorts them.
 */
import { invalidType, invalidValue } from '../../errors.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { PyFloat } from '../pickle/values.js'

const MEMBERS = 'a set of only numbers, only texts or only booleans'

/**
 * The members of a set, ascending: numbers by value, texts by code point. Of those that are equal in Python, such as 1 and 1n, there is
 * one.
 *
 * @param name - what errors call the set
 * @throws TypeError for members of several kinds, or of another
 * @throws RangeError for NaN, which has no place in an order
 */
export function* orderedSet(set: ReadonlySet<unknown>, name: string): Steps<unknown[]> {
  const members: unknown[] = []
  let kind: string | undefined
  for (const member of set) {
    const own = kindOf(member)
    kind ??= own
    if (own === undefined || own !== kind) throw invalidType(MEMBERS, name, set)
    if (Number.isNaN(valueOf(member))) throw invalidValue('a set without NaN', name, set)
    members.push(member)
    if (isDue()) yield
  }
  return yield* sorted(members)
}

/** A merge sort of members of one kind that keeps one of equal ones. */
export function* sorted<T>(members: readonly T[]): Steps<T[]> {
  if (members.length <= 1) return [...members]
  const middle = members.length >> 1
  const first = yield* sorted(members.slice(0, middle))
  const second = yield* sorted(members.slice(middle))
  const merged: T[] = []
  for (let i = 0, j = 0; i < first.length || j < second.length; ) {
    const order = i === first.length ? 1 : j === second.length ? -1 : compare(first[i], second[j])
    merged.push((order <= 0 ? first[i] : second[j]) as T)
    if (order <= 0) i++
    if (order >= 0) j++
    if (isDue()) yield
  }
  return merged
}

function kindOf(member: unknown): 'number' | 'string' | 'boolean' | undefined {
  if (member instanceof PyFloat || typeof member === 'bigint') return 'number'
  return typeof member === 'number' || typeof member === 'string' || typeof member === 'boolean' ? (typeof member as 'number') : undefined
}

function valueOf(member: unknown): unknown {
  return member instanceof PyFloat ? member.value : member
}

/** The order of two members of one kind. That of texts in UTF-8 is the order of their code points. */
function compare(a: unknown, b: unknown): number {
  const [left, right] = [valueOf(a), valueOf(b)]
  if (typeof left === 'string') return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right as string))
  return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0
}
