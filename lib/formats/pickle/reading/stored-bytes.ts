/**
 * Reads the long bytes of a pickle that were left in the file, those that some of its nodes need.
 */
import type { RandomAccess } from '../../../files/random-access.js'
import { readInPieces } from '../../../files/random-access.js'
import { unsetBytes } from '../../../memory/allocation.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { inFileOrder } from './file-order.js'
import { ArrayNode, BytesNode, DictNode, InstanceNode, ListNode, ScalarNode, SetNode, StoredBytes, TupleNode } from './nodes.js'

/** Gives nodes, and all that they hold, their bytes. In the order of the file: one that is deflated is inflated once. */
export async function readStoredBytes(file: RandomAccess, nodes: readonly unknown[], signal: AbortSignal | undefined): Promise<void> {
  for (const node of await inSlices(storedIn(nodes), signal)) {
    const bytes = unsetBytes(node.most)
    await readInPieces(file, bytes, node.position as number, signal)
    node.source = bytes
  }
}

/** The nodes whose bytes are in the file, by their position. */
function* storedIn(nodes: readonly unknown[]): Steps<readonly BytesNode[]> {
  const found: BytesNode[] = []
  const seen = new GrowingMap<unknown, true>()
  const waiting: unknown[] = [...nodes]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (isDue()) yield
    if (typeof node !== 'object' || node === null || seen.get(node)) continue
    seen.set(node, true)
    if (node instanceof BytesNode && node.source instanceof StoredBytes) found.push(node)
    for (const held of heldBy(node)) {
      waiting.push(held)
      if (isDue()) yield
    }
  }
  return yield* inFileOrder(found, ({ position }) => position as number)
}

function heldBy(node: object): readonly unknown[] {
  if (node instanceof ListNode || node instanceof TupleNode || node instanceof SetNode) return node.items
  if (node instanceof DictNode) return node.entries
  if (node instanceof ArrayNode) return node.state ? [node.state.data] : []
  if (node instanceof ScalarNode) return [node.data]
  return node instanceof InstanceNode && node.state ? [node.state] : []
}
