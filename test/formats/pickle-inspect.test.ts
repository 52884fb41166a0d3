/**
 * Inspecting pickles that were not written by the exporter: trains that are one object, and structure without end.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { inspect, loadSpikeData } from '../../lib/index.js'
import { checkTurns } from '../support/short-turns.js'

/** One turn of an inspection, and the memory that the most structure takes. */
const MOST_MEMORY = 2 ** 28

const path = `${t.testdir()}/object.pkl`

/** A recording whose trains are what these opcodes leave on the stack. */
function write(...trains: readonly (string | Buffer)[]): void {
  const text = (name: string) => `X${String.fromCharCode(name.length)}\0\0\0${name}`
  const parts = [
    '\x80\x02cspikelab.spikedata.spikedata\nSpikeData\n)\x81}(',
    text('N'),
    'K\x64',
    text('length'),
    'M\xe8\x03',
    text('train'),
    '](',
    ...trains,
    'eub.',
  ]
  writeFileSync(path, Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))))
}

/** A list of times that has the first place in the memo. */
function listOf(count: number): Buffer {
  const times = Buffer.alloc(9 * count)
  for (let i = 0; i < count; i++) {
    times[9 * i] = 'G'.charCodeAt(0)
    times.writeDoubleBE(i + 0.5, 9 * i + 1)
  }
  return Buffer.concat([Buffer.from(']q\0('), times, Buffer.from('e')])
}

t.test('a train that all units share has its bytes once', async (t) => {
  write(listOf(1000), 'h\0'.repeat(99))
  const { N, spikeCount } = await loadSpikeData(path)
  t.strictSame([N, spikeCount], [100, 100_000])
  t.match(await inspect(path), { units: N, spikes: spikeCount, warnings: [] })
})

t.test('structure without end takes little memory, and does not hold the thread', async (t) => {
  for (const [name, opcode] of Object.entries({ lists: ']', dicts: '}', marks: '(', 'kept lists': ']\x94', tuples: '(t' })) {
    writeFileSync(path, Buffer.concat([Buffer.from('\x80\x04', 'latin1'), Buffer.alloc(2 ** 23, Buffer.from(opcode, 'latin1'))]))
    const before = process.memoryUsage.rss()
    t.match(await inspect(path), { format: 'pickle', warnings: [{ message: /more structure than is looked at/ }] }, name)
    t.ok(process.memoryUsage.rss() - before < MOST_MEMORY, `${name}: memory`)
    await checkTurns(t, () => inspect(path), name)
  }
})
