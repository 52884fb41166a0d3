/**
 * `spikeport report`: one HTML file that shows a recording.
 */
import { readFileSync } from 'node:fs'
import { writeReport } from '../report/write-report.js'
import type { CommandCall } from './command.js'
import { given } from './conversion.js'
import { draw, showSpikes } from './drawing.js'
import { REPORT } from './own-options.js'

export async function report(call: CommandCall): Promise<number> {
  const { args, terminal, signal } = call
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return draw(call, {
    own: REPORT,
    endings: ['.html', '.htm'],
    usual: '.html',
    write: (sd, output, { name, format }, writing) => {
      const title = (args.values.get('title') as string | undefined) || name
      const options = { ...given(args.values, ['refractoryMs']), signal, onProgress: showSpikes(terminal, 'Counting') }
      return writeReport(sd, output, { title, source: name, format, version }, options, writing)
    },
  })
}
