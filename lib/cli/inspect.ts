/**
 * `spikeport inspect`: says what files and folders are, and hold.
 */
import type { Inspection } from '../formats/inspect.js'
import { inspect } from '../formats/inspect.js'
import type { CommandCall } from './command.js'
import { forEachInput } from './inputs.js'
import { count, duration } from './text.js'

/** Inspects one input after the other, also behind one that fails, and returns the exit status. */
export async function inspectAll(call: CommandCall): Promise<number> {
  const { terminal, signal } = call
  return forEachInput(call, async (path) => {
    const found = await inspect(path, { signal })
    if (terminal.isJson) terminal.json(found)
    else terminal.result(described(found))
    for (const { message } of found.warnings) terminal.warn(`${path}: ${message}`)
  })
}

function described(found: Inspection): string {
  const { fsHz, channels, attributes, rawData, items = [] } = found
  const rows: [string, string | undefined][] = [
    [
      'format',
      [found.format, found.variant !== found.format && found.variant, found.version, found.producer && `by ${found.producer}`]
        .filter(Boolean)
        .join(', '),
    ],
    ['units', countIfKnown(found.units)],
    ['spikes', countIfKnown(found.spikes)],
    ['window', windowText(found)],
    ['sampling', fsHz === undefined ? undefined : `${fsHz.toLocaleString('en')} Hz`],
    ['channels', countIfKnown(channels)],
    ['attributes', attributes.join(', ') || undefined],
    ...rawData.map(({ name, shape, dtype }): [string, string] => ['raw data', `${name}  ${shape.map(count).join(' × ')}  ${dtype}`]),
    ...items.map(({ namespace, key, type }): [string, string] => ['item', `${namespace}/${key}  ${type}`]),
  ]
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : `  ${name.padEnd(10)}  ${value}`))
  return [found.path, ...lines].join('\n')
}

function countIfKnown(number: number | undefined): string | undefined {
  return number === undefined ? undefined : count(number)
}

function windowText({ startTimeMs = 0, lengthMs }: Inspection): string | undefined {
  if (lengthMs === undefined) return undefined
  const [start, end] = [startTimeMs, startTimeMs + lengthMs].map((ms) => ms.toLocaleString('en', { maximumFractionDigits: 3 }))
  return `${start} to ${end} ms${lengthMs < 1000 ? '' : ` (${duration(lengthMs)})`}`
}
