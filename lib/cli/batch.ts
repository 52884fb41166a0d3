/**
 * Works on the recordings of a batch: what `run` and `work` have in common.
 */
import { availableParallelism } from 'node:os'
import type { Existing } from '../batch/existing.js'
import { Journal } from '../batch/journal.js'
import { runItems } from '../batch/run.js'
import { coresGiven } from '../batch/shard-index.js'
import type { Item } from '../batch/spec/items.js'
import { BatchDisplay } from './batch-display.js'
import { resultsFolder, wholeNumber } from './batch-files.js'
import type { CommandCall } from './command.js'

/** @param journalName - of the file that what is done is recorded in. @returns the exit status */
export async function workOn(items: readonly Item[], journalName: string, { args, terminal, signal }: CommandCall): Promise<number> {
  const cores = coresGiven(process.env) ?? availableParallelism()
  const jobs = Math.min(wholeNumber(args, 'jobs', 1) ?? cores, items.length)
  const threads = wholeNumber(args, 'threads', 1) ?? Math.max(Math.floor(cores / jobs), 1)
  const results = resultsFolder(args)
  const journal = await Journal.open(results, journalName)
  const display = new BatchDisplay(terminal, items)
  try {
    const isComplete = await runItems(items, {
      jobs,
      manner: { threads, durable: args.values.get('durable') === true },
      existing: (args.values.get('existing') ?? 'skip') as Existing,
      failFast: args.values.get('failFast') === true,
      journal,
      signal,
      onOutcome: display.onOutcome,
      onStep: display.onStep,
    })
    if (!isComplete) terminal.say('Other recordings were not begun. The same call goes on.')
  } finally {
    journal.close()
    display.summary(results)
  }
  return display.exitStatus
}
