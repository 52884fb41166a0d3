/**
 * `spikeport run`: converts the recordings of a spec.
 */
import { workOn } from './batch.js'
import { itemsOfSpec, warnOfMissing } from './batch-files.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { counted } from './text.js'

/** Converts them, and returns the exit status. */
export async function run(call: CommandCall): Promise<number> {
  const { args, terminal } = call
  const items = await itemsOfSpec(args, terminal)
  if (args.values.get('dryRun') !== true) return workOn(items, 'run', call)
  await warnOfMissing(items, terminal)
  for (const { input, targets, place } of items) {
    for (const { output, to } of targets) {
      if (terminal.isJson) terminal.json({ status: 'planned', input, output, format: to, place })
      else terminal.result(`${input} → ${output} (${to})`)
    }
  }
  terminal.say(`Would convert ${counted(items.length, 'recording')}.`)
  return EXIT.done
}
