/**
 * The readers that are TypeScript, given what the fuzz targets have saved, and that with changes: each may refuse it with the error that it
 * documents, and must do so soon.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as readers from '../fuzz/readers.mjs'
import { slowdown } from '../support/event-loop.mjs'
import { root } from '../support/native-build.js'
import { fc } from '../support/property.js'

/** Inputs are short: one that takes this long on a machine left alone is wrong. */
const MOST_MS = 1000

/** One change of bytes: those from a place on give way to others. The place is a part of the length. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(12),
  added: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    // What lengths are made of, and what gives text its structure.
    fc
      .constantFrom('\0\0\0\0', '\xff\xff\xff\xff', '\xff\xff\xff\x7f', '\t', '\n', '"', "'", '(', ')', '[', '9'.repeat(20))
      .map((text) => Buffer.from(text, 'latin1')),
  ),
})

function changed(bytes: Buffer, { at, removed, added }: { at: number; removed: number; added: Uint8Array }): Buffer {
  const start = Math.floor(at * bytes.length)
  return Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)])
}

for (const [name, read] of Object.entries(readers)) {
  const folder = join(root, 'test/fuzz/saved', name)
  const saved = readdirSync(folder).map((file) => readFileSync(join(folder, file)))
  const readSoon = async (bytes: Buffer) => {
    const started = performance.now()
    await read(bytes)
    const took = performance.now() - started
    if (took > MOST_MS * slowdown()) throw new Error(`${bytes.length} bytes took ${took.toFixed(0)} ms`)
  }

  t.test(name, async (t) => {
    for (const bytes of saved) await readSoon(bytes)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...saved),
        fc.constantFrom(...saved),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (a, b, changes) => {
          const mixed = changes.length % 2 === 0 ? Buffer.concat([a, b]) : a
          return readSoon(changes.reduce(changed, mixed))
        },
      ),
      { numRuns: 500 },
    )
    t.pass(`${saved.length} inputs, and others made of them`)
  })
}
