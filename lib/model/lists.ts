/**
 * Lists of callers.
 */

/** The first so many entries as a list of its own. The list is not asked how long it is: a proxy may say something else each time. */
export function copyOf<T>(list: readonly T[], count: number): T[] {
  const copy = new Array<T>(count)
  for (let i = 0; i < count; i++) copy[i] = list[i] as T
  return copy
}
