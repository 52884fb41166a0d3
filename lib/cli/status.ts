/**
 * `spikeport status`: what has been done of a plan.
 */
import { writtenAt } from '../batch/existing.js'
import type { Outcome } from '../batch/journal.js'
import { outcomesIn } from '../batch/journal.js'
import { readPlan } from '../batch/plan.js'
import { ranges } from '../batch/ranges.js'
import { outputNamed } from '../formats/outputs.js'
import { isS3Url } from '../storage/s3-url.js'
import { problemText } from './batch-display.js'
import { resultsFolder } from './batch-files.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { pathFrom } from './paths.js'
import { table } from './table.js'
import { count } from './text.js'

type Status = Outcome['status'] | 'waiting'

/** Says what has been done, and returns the exit status: failed where an output has, to try again where some are not there yet. */
export async function status({ args, terminal }: CommandCall): Promise<number> {
  const { items } = await readPlan(pathFrom(args.positionals[0] as string))
  const outcomes = new Map((await outcomesIn(resultsFolder(args))).map((outcome) => [outcome.output, outcome]))
  const counts = new Map<string, Record<Status, number>>()
  const left = new Set<number>()
  const problems = new Set<string>()
  let hasFailed = false
  for (const { shard, input, targets, place } of items) {
    for (const { output, to } of targets) {
      const known = outcomes.get(output)
      // It may have been removed since.
      const outcome = known?.status === 'done' && !(await isThere(output, to)) ? undefined : known
      const { status = 'waiting' as const, error } = outcome ?? {}
      const ofFormat = counts.get(to) ?? { done: 0, skipped: 0, failed: 0, waiting: 0 }
      counts.set(to, ofFormat)
      ofFormat[status]++
      if (status === 'failed') hasFailed = true
      if (status === 'failed' || status === 'waiting') left.add(shard)
      if (args.values.get('array') === true) continue
      if (terminal.isJson) terminal.json({ shard, ...(outcome ?? { status, input, output, format: to, place }) })
      else if (outcome && error) problems.add(problemText(outcome, error))
    }
  }
  for (const problem of problems) terminal.error(problem)
  const array = ranges([...left])
  if (args.values.get('array') === true) {
    if (left.size > 0) terminal.result(array)
  } else if (!terminal.isJson) {
    const rows = [...counts].map(([format, { done, skipped, failed, waiting }]) => [format, ...[done, skipped, failed, waiting].map(count)])
    terminal.result(table(['', 'done', 'skipped', 'failed', 'waiting'], rows))
    if (left.size > 0) terminal.result(`Shards to work on again: --array=${array}`)
  }
  if (left.size === 0) return EXIT.done
  return hasFailed ? EXIT.failed : EXIT.tryAgain
}

/** Whether an output is there; what is on S3 is not looked at. */
async function isThere(output: string, to: string): Promise<boolean> {
  return isS3Url(output) || (await writtenAt(output, outputNamed(to).format)) !== undefined
}
