/**
 * Plans on their way into native code: all values in one array of numbers and one text. Calls of Node-API for each field were a quarter
 * of the instructions of a small NWB export. native/binding/values.h reads what is written here.
 */

// What a value is, and what its node has besides: the first number of each node.

const UNDEFINED = 0
/** Any other value, such as a typed array: its number among those that are handed over as they are. */
const OTHER = 1
/** A float64. */
const NUMBER = 2
/** 0 or 1. */
const FLAG = 3
/** The number of its first UTF-16 code unit in all texts, and how many it has. */
const TEXT = 4
/** The number of fields, which follow, and the number of the node after them. */
const OBJECT = 5
/** The same of elements. */
const ARRAY = 6

/** The numbers of a node: its kind, the number of its field's name, and two that depend on the kind. */
const NODE_SIZE = 4

/** Room for 1024 nodes, which are more than most plans have. */
const USUAL_LENGTH = NODE_SIZE * 1024

/** Nodes, texts, and values of other kinds: the last arguments of native functions that take plans. */
export type Encoded = [nodes: Int32Array, texts: string, ...others: unknown[]]

/**
 * What encodes plans for native code.
 *
 * @param fieldNumber - the number by which native code knows the name of a field
 * @returns the encoder, whose nodes are those of the latest call only: a plain object or array is taken apart, anything else is handed over
 */
export function planEncoder(fieldNumber: (name: string) => number): (plans: readonly unknown[], from?: number, to?: number) => Encoded {
  const fields = new Map<string, number>()
  let nodes = new Int32Array(USUAL_LENGTH)
  let numbers = new Float64Array(nodes.buffer)
  let end = 0
  let texts: string[] = []
  let textEnd = 0
  let others: unknown[] = []

  return (plans, from = 0, to = plans.length) => {
    if (nodes.length > USUAL_LENGTH) setNodes(new Int32Array(USUAL_LENGTH))
    // Also after a call that threw, of which nothing may be left.
    texts = []
    others = []
    textEnd = 0
    end = NODE_SIZE
    for (let i = from; i < to; i++) add(plans[i], 0)
    write(0, ARRAY, 0, to - from, end / NODE_SIZE)
    const encoded: Encoded = [nodes, texts.join(''), ...others]
    // Nothing of a plan stays here.
    texts = []
    others = []
    return encoded
  }

  function add(value: unknown, field: number): void {
    const at = end
    end += NODE_SIZE
    if (end > nodes.length) grow()
    switch (typeof value) {
      case 'string':
        write(at, TEXT, field, textEnd, value.length)
        // A NUL between two texts keeps halves of surrogate pairs apart.
        texts.push(value, '\0')
        textEnd += value.length + 1
        return
      case 'number':
        nodes[at] = NUMBER
        nodes[at + 1] = field
        numbers[at / 2 + 1] = value
        return
      case 'boolean':
        return write(at, FLAG, field, Number(value), 0)
      case 'undefined':
        return write(at, UNDEFINED, field, 0, 0)
      case 'object':
        if (Array.isArray(value)) return addElements(at, field, value)
        if (value !== null && isPlain(value)) return addFields(at, field, value as Record<string, unknown>)
    }
    write(at, OTHER, field, others.length, 0)
    others.push(value)
  }

  function addElements(at: number, field: number, elements: readonly unknown[]): void {
    for (const element of elements) add(element, 0)
    write(at, ARRAY, field, elements.length, end / NODE_SIZE)
  }

  function addFields(at: number, field: number, object: Readonly<Record<string, unknown>>): void {
    let count = 0
    for (const name of Object.keys(object)) {
      add(object[name], numberOf(name))
      count++
    }
    write(at, OBJECT, field, count, end / NODE_SIZE)
  }

  function numberOf(name: string): number {
    let number = fields.get(name)
    if (number === undefined) {
      number = fieldNumber(name)
      fields.set(name, number)
    }
    return number
  }

  function write(at: number, kind: number, field: number, first: number, second: number): void {
    nodes[at] = kind
    nodes[at + 1] = field
    nodes[at + 2] = first
    nodes[at + 3] = second
  }

  function grow(): void {
    const larger = new Int32Array(2 * nodes.length)
    larger.set(nodes)
    setNodes(larger)
  }

  function setNodes(given: Int32Array<ArrayBuffer>): void {
    nodes = given
    numbers = new Float64Array(given.buffer)
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
