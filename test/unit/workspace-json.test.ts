/** The reader of metadata in workspaces: what `JSON.parse` reads, it reads the same; what it refuses is an error, too. */
import t from 'tap'
import { parsedJson } from '../../lib/formats/workspace/reading/json.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'

const read = (text: string) => atOnce(parsedJson(text, true, (problem) => new SyntaxError(problem)))

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
