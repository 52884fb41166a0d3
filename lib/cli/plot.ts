/**
 * `spikeport plot`: a raster as a picture.
 */
import { writePlot } from '../report/write-plot.js'
import type { CommandCall } from './command.js'
import { given } from './conversion.js'
import { draw, showSpikes } from './drawing.js'
import { PLOT } from './own-options.js'
import { UsageError } from './usage-error.js'

/** More units than any picture has rows for. */
const MOST_UNITS = 1e6

export async function plot(call: CommandCall): Promise<number> {
  const { args, terminal, signal } = call
  const units = unitsFrom(args.values.get('units') as string | undefined)
  return draw(call, {
    own: PLOT,
    endings: ['.svg', '.png'],
    write: async (sd, output, _, writing) => {
      const options = given(args.values, ['startMs', 'endMs', 'widthInches', 'heightInches', 'dpi', 'rate'])
      return writePlot(sd, output, { ...options, units, signal, onProgress: showSpikes(terminal, 'Drawing') }, writing)
    },
  })
}

/** Numbers and ranges of units, such as `0-9,12`. */
function unitsFrom(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const wrong = () => new UsageError(`Expected numbers of units such as 0-9,12 for --units but received '${text}'.`)
  const units: number[] = []
  for (const part of text.split(',')) {
    const [, from, to = from] = /^\s*(\d{1,15})(?:\s*-\s*(\d{1,15}))?\s*$/.exec(part) ?? []
    if (from === undefined || Number(from) > Number(to)) throw wrong()
    if (units.length + Number(to) - Number(from) >= MOST_UNITS) throw wrong()
    for (let unit = Number(from); unit <= Number(to); unit++) units.push(unit)
  }
  if (new Set(units).size < units.length) throw new UsageError(`Expected each unit once for --units but received '${text}'.`)
  return units
}
