/**
 * `spikeport plan` and `spikeport work`: a batch in parts, each of which any machine may work on.
 */
import { planLines, readPlan } from '../batch/plan.js'
import { SHARD_VARIABLES, shardIndex } from '../batch/shard-index.js'
import { workOn } from './batch.js'
import { itemsOfSpec, warnOfMissing, wholeNumber } from './batch-files.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { pathFrom } from './paths.js'
import { counted } from './text.js'
import { UsageError } from './usage-error.js'

/** More than any scheduler has tasks in an array. */
const MOST_SHARDS = 1e6

/** Prints the plan of a spec, and returns the exit status. */
export async function plan({ args, terminal }: CommandCall): Promise<number> {
  const shards = wholeNumber(args, 'shards', 1, MOST_SHARDS)
  if (shards === undefined) throw new UsageError('Expected --shards, the number of parts.')
  const items = await itemsOfSpec(args, terminal)
  await warnOfMissing(items, terminal)
  for (const line of await planLines(items, shards)) terminal.result(line)
  terminal.say(`Planned ${counted(items.length, 'recording')} in ${counted(Math.min(shards, items.length), 'shard')}.`)
  return EXIT.done
}

/** Converts the recordings of a shard, and returns the exit status. */
export async function work(call: CommandCall): Promise<number> {
  const { args, terminal } = call
  const shard = wholeNumber(args, 'shard', 0, MOST_SHARDS) ?? shardIndex(process.env)
  if (shard === undefined) throw new UsageError(`Expected --shard, or a task of an array job: one of ${SHARD_VARIABLES.join(', ')}.`)
  const { head, items } = await readPlan(pathFrom(args.positionals[0] as string))
  if (shard >= head.shards) throw new UsageError(`Expected a shard from 0 to ${head.shards - 1} but received ${shard}.`)
  const own = items.filter((item) => item.shard === shard)
  terminal.say(`Shard ${shard} of ${head.shards}: ${counted(own.length, 'recording')}.`)
  return workOn(own, `shard-${shard}`, call)
}
