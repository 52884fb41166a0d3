/**
 * Paths of Python's pathlib, which become text.
 */
import type { CallContext, GlobalNode } from './nodes.js'

/** Joins the parts of a path as Python does: a part that begins with a separator already has one. */
export function joinedPath(separator: '/' | '\\'): GlobalNode['call'] {
  return (parts, context: CallContext) => {
    let length = 0
    for (const part of parts) {
      if (typeof part !== 'string') throw context.wrongArguments('pathlib.Path')
      length += part.length + 1
    }
    context.charge(2 * length)
    const [root = '.', ...names] = parts as string[]
    return names.length === 0 || root.endsWith(separator) ? root + names.join(separator) : [root, ...names].join(separator)
  }
}
