/**
 * Commands that look at several inputs.
 */
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { errorAsJson, exitStatusOf, messageOf } from './ending.js'
import { pathFrom } from './paths.js'

/** Looks at one input after the other, also behind one that fails, and returns the exit status. */
export async function forEachInput({ args, terminal, signal }: CommandCall, look: (path: string) => Promise<void>): Promise<number> {
  let status: number = EXIT.done
  for (const path of args.positionals) {
    try {
      await look(pathFrom(path))
    } catch (error) {
      signal.throwIfAborted()
      status = Math.max(status, exitStatusOf(error))
      terminal.error(messageOf(error))
      if (terminal.isJson) terminal.json({ status: 'failed', path, error: errorAsJson(error) })
    }
  }
  return status
}
