/**
 * A process that loads HDF5 files with h5wasm, the reader that Node has otherwise, as its documentation shows. It answers requests as the
 * Python peers do: one line of JSON each way, until standard input ends.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { File, ready } from 'h5wasm/node'
import { root } from '../scripts/setup/shell.mjs'
import { longestTurn } from '../test/support/event-loop.mjs'
import { measure } from './measure.mjs'

await ready

/** How spikes are read from an open file: all times in ms, unit by unit, and where each unit ends. */
const STYLES = {
  ragged: (file) => ragged(file, ''),
  nwb: (file) => ragged(file, 'units/'),
  paired(file) {
    const units = valueOf(file, 'idces')
    const times = valueOf(file, 'times')
    const next = [0]
    for (const unit of units) next[Number(unit) + 1] = (next[Number(unit) + 1] ?? 0) + 1
    for (let unit = 1; unit < next.length; unit++) next[unit] = (next[unit] ?? 0) + next[unit - 1]
    const ends = BigInt64Array.from(next.slice(1), BigInt)
    const sorted = new Float64Array(times.length)
    for (const [i, unit] of units.entries()) sorted[next[Number(unit)]++] = times[i]
    return { times: sorted, ends }
  },
  group(file) {
    const names = file
      .get('units')
      .keys()
      .sort((a, b) => Number(a) - Number(b))
    const trains = names.map((name) => valueOf(file, `units/${name}`))
    let count = 0
    const ends = BigInt64Array.from(trains, ({ length }) => BigInt((count += length)))
    const times = new Float64Array(count)
    for (const [unit, train] of trains.entries()) times.set(train, unit === 0 ? 0 : Number(ends[unit - 1]))
    return { times: inMs(times), ends }
  },
}

function ragged(file, folder) {
  return { times: inMs(valueOf(file, `${folder}spike_times`)), ends: valueOf(file, `${folder}spike_times_index`) }
}

const valueOf = (file, name) => file.get(name).value
const inMs = (seconds) => seconds.map((second) => second * 1e3)

/** What is read while the file is open. */
function withFile(path, read) {
  const file = new File(path, 'r')
  try {
    return read(file)
  } finally {
    file.close()
  }
}

/** Writes what a style makes to a file, for the check. */
function keep(style, input, path) {
  const { times, ends, length } = withFile(input, (file) => ({ ...STYLES[style](file), length: file.attrs.length_ms.value }))
  const kept = new File(path, 'w')
  kept.create_dataset({ name: 'spike_times', data: times, shape: [times.length], dtype: '<d' })
  kept.create_dataset({ name: 'spike_times_index', data: ends, shape: [ends.length], dtype: '<q' })
  kept.create_attribute('start_time', 0, null, '<d')
  kept.create_attribute('length_ms', length, null, '<d')
  kept.close()
}

const styleOf = (call) => call.replace(/^.*-/, '')
const load = (call, { input }) => withFile(input, STYLES[styleOf(call)])

const FUNCTIONS = {
  versions: () => ({ h5wasm: JSON.parse(readFileSync(`${root}/node_modules/h5wasm/package.json`, 'utf8')).version }),
  // It needs no recording.
  load: () => null,
  async run({ call, options, paths }) {
    if (call.startsWith('keep-')) return keep(styleOf(call), options.input, paths[0])
    return measure(async () => {
      for (const _ of paths) load(call, options)
    })
  },
  turn: ({ call, options }) => longestTurn(async () => load(call, options)),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, parameters } = JSON.parse(line)
  console.log(JSON.stringify((await FUNCTIONS[name](parameters)) ?? null))
}
