/** The reader of metadata in workspaces: what `JSON.parse` reads, it reads the same; what it refuses is an error, too. */
import t from 'tap'
import { spikelabJson } from '../../lib/formats/workspace/reading/json.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'

const read = (text: string, pieces: readonly string[] = [text]) => atOnce(spikelabJson(pieces, true, (problem) => new SyntaxError(problem)))

/** Integers that are not exact are bigints here. */
function numbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(numbers)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([key, item]) => [key, numbers(item)])
}

t.test('any JSON, in any layout', async (t) => {
  const property = fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(3), (value, indent) => {
    const text = JSON.stringify(value, null, indent)
    t.strictSame(numbers(read(text)), numbers(JSON.parse(text)))
  })
  fc.assert(property)
})

t.test('a long text, cut into pieces anywhere', async (t) => {
  const value = {
    texts: Array.from({ length: 40 }, (_, i) => 'a"\\µ\n'.repeat(40 * i)),
    long: 'x'.repeat(100_000),
    numbers: Array.from({ length: 20_000 }, (_, i) => (i % 2 ? i / 7 : -i * 1e10)),
    nested: Array.from({ length: 200 }, (_, i) => ({ [`key ${i}`]: [null, true, { i }] })),
  }
  const text = `${' '.repeat(50_000)}${JSON.stringify(value)}${'\n'.repeat(50_000)}`
  const property = fc.property(fc.array(fc.nat(60_000), { minLength: 1 }), (lengths) => {
    const pieces: string[] = []
    for (let at = 0, i = 0; at < text.length; i++) {
      const end = at + (lengths[i % lengths.length] || 1000)
      pieces.push(text.slice(at, end))
      at = end
    }
    t.strictSame(read(text, pieces), value)
  })
  fc.assert(property, { numRuns: 20 })
  t.throws(() => read('', [' '.repeat(100_000), '1', ' '.repeat(100_000), '2']), { message: /it has "2" at character 200001/ })
  t.throws(() => read('', ['[', ' '.repeat(100_000)]), { message: /it ends at character 100001/ })
})

t.test('texts with any characters, escaped as Python has them and not', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const json = JSON.stringify(text)
    t.equal(read(json), text)
    t.equal(read(json.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)), text)
  })
  fc.assert(property)
})

t.test('what is cut off or changed is refused, unless JSON.parse takes it', async (t) => {
  const change = fc.tuple(
    fc.jsonValue({ maxDepth: 4 }),
    fc.nat(),
    fc.nat(),
    fc.constantFrom('', '"', '{', '}', ']', ',', ':', '0', '-', '.', 'e', '\\', '\n', 'é'),
  )
  const property = fc.property(change, ([value, at, count, character]) => {
    const text = JSON.stringify(value)
    const from = at % (text.length + 1)
    const changed = text.slice(0, from) + character + text.slice(from + (count % 4))
    let expected: unknown
    try {
      expected = JSON.parse(changed)
    } catch {
      t.throws(() => read(changed), { name: 'SyntaxError' }, changed)
      return
    }
    // -0 is an integer in Python.
    if (!/-0(?![.\d])/.test(changed)) t.strictSame(numbers(read(changed)), numbers(expected), changed)
  })
  fc.assert(property)
})

t.test('long texts, spaces and numbers', async (t) => {
  const long = 'é'.repeat(50_000)
  t.equal(read(`"${long}"`), long)
  t.equal(read(`"${'\\u00e9'.repeat(20_000)}"`), 'é'.repeat(20_000))
  t.equal(read(`${' '.repeat(50_000)}1${'\n'.repeat(50_000)}`), 1)
  t.equal(read(`${'1'.repeat(4300)}`), BigInt('1'.repeat(4300)))
  t.throws(() => read('1'.repeat(4301)), /4300/)
  t.equal(read(`0.${'1'.repeat(1000)}`), Number(`0.${'1'.repeat(20)}`))
})
