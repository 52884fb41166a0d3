/**
 * `spikeport inspect`: says what files and folders are, and hold.
 */
import type { Inspection } from '../formats/inspect.js'
import { inspect } from '../formats/inspect.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { errorAsJson, exitStatusOf, messageOf } from './ending.js'
import { pathFrom } from './paths.js'
import { count, duration } from './text.js'

/** Inspects one input after the other, also behind one that fails, and returns the exit status. */
export async function inspectAll({ args: { positionals }, terminal, signal }: CommandCall): Promise<number> {
  let status: number = EXIT.done
  for (const path of positionals) {
    try {
      const found = await inspect(pathFrom(path), { signal })
      if (terminal.isJson) terminal.json(found)
      else terminal.result(described(found))
      for (const { message } of found.warnings) terminal.warn(`${path}: ${message}`)
    } catch (error) {
      signal.throwIfAborted()
      status = Math.max(status, exitStatusOf(error))
      terminal.error(messageOf(error))
      if (terminal.isJson) terminal.json({ status: 'failed', path, error: errorAsJson(error) })
    }
  }
  return status
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
