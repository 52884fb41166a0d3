/**
 * A spec as YAML: its values, and the line and column of each.
 */
import type { Document, Node, Pair } from 'yaml'
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Place, Problem } from './problems.js'
import { SpecError } from './problems.js'

export class SpecDocument {
  /** What the YAML means: maps as plain objects. */
  readonly value: unknown
  readonly #path: string
  readonly #document: Document.Parsed
  readonly #lines = new LineCounter()

  /**
   * @param path - the file that the text is from, for errors
   * @throws SpecError for text that is not YAML, or means more than it says
   */
  constructor(text: string, path: string) {
    this.#path = path
    // Merge keys, as specs of NeuroConv have them.
    this.#document = parseDocument(text, { lineCounter: this.#lines, merge: true, prettyErrors: false })
    const problems = this.#document.errors.map(({ code, message, pos }) =>
      this.#at(pos[0], code === 'MULTIPLE_DOCS' ? 'Expected one document.' : `${message}.`.replace(/\.\.$/, '.')),
    )
    if (problems.length > 0) throw new SpecError(problems)
    try {
      this.value = this.#document.toJS()
    } catch (error) {
      // Aliases of aliases, of which a few lines make more values than memory holds.
      throw new SpecError([this.#at(0, `${(error as Error).message}.`)])
    }
  }

  /** Where a value is, such as `spec.yml:12:5`. */
  placeOf(place: Place, ofKey = false): string {
    return `${this.#path}:${this.#position(this.#offsetOf(place, ofKey))}`
  }

  /** In the order in which they stand in the file, each once. */
  error(problems: readonly Problem[]): SpecError {
    const placed = problems.map(({ place, ofKey, message }) => ({ offset: this.#offsetOf(place, ofKey), message }))
    const lines = placed.sort((a, b) => a.offset - b.offset).map(({ offset, message }) => this.#at(offset, message))
    return new SpecError([...new Set(lines)])
  }

  #at(offset: number, message: string): string {
    return `${this.#path}:${this.#position(offset)}: ${message}`
  }

  #position(offset: number): string {
    const { line, col } = this.#lines.linePos(offset)
    return `${Math.max(line, 1)}:${Math.max(col, 1)}`
  }

  /** Where the value at a place begins, or what is nearest around it: a value that is merged from elsewhere has no place here. */
  #offsetOf(place: Place, ofKey = false): number {
    let node: unknown = this.#document.contents
    let offset = offsetOf(node) ?? 0
    for (const [i, key] of place.entries()) {
      const pair = isMap(node)
        ? (node.items.find(({ key: each }) => isScalar(each) && String(each.value) === String(key)) as Pair)
        : undefined
      node = pair
        ? pair.value
        : isNode(node) && 'get' in node
          ? (node as { get: (key: unknown, keep: true) => unknown }).get(key, true)
          : undefined
      if (node === undefined && !pair) break
      offset = (ofKey && i === place.length - 1 ? offsetOf(pair?.key) : undefined) ?? offsetOf(node) ?? offsetOf(pair?.key) ?? offset
    }
    return offset
  }
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined
}
