/** Memory of many small arrays: what no array has set is 0, not what was there before. */
import t from 'tap'
import { InMemory } from '../../lib/files/random-access.js'
import { Slabs } from '../../lib/memory/slabs.js'

t.test('the rest of a buffer that arrays share is 0', (t) => {
  // Memory that was used before comes back to the allocator.
  let used: Buffer[] = []
  for (let i = 0; i < 500; i++) used.push(Buffer.allocUnsafeSlow(240 * 1024).fill(0xaa))
  used = []
  for (let i = 0; i < 200; i++) {
    const copy = new Slabs().copyOf(Uint8Array.of(1, 2, 3))
    t.strictSame([...copy], [1, 2, 3])
    const rest = new Uint8Array(copy.buffer, copy.byteOffset + copy.length)
    if (!rest.every((byte) => byte === 0)) {
      t.fail('the buffer has bytes that nothing has set')
      break
    }
    used.push(Buffer.from(copy.buffer))
  }
  t.end()
})

t.test('bytes in memory that are not there are an error', async (t) => {
  const target = new Uint8Array(4)
  await t.rejects(new InMemory(Uint8Array.of(1, 2, 3)).read(target, 0), { name: 'RangeError' })
  await new InMemory(Uint8Array.of(1, 2, 3, 4)).read(target, 0)
  t.strictSame([...target], [1, 2, 3, 4])
})
