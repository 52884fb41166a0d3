/**
 * `spikeport validate`: says whether files and folders are readable, whole and consistent, and which readers refuse them.
 */
import { loadingStep } from '../batch/progress.js'
import type { Validation } from '../formats/validate.js'
import { validate } from '../formats/validate.js'
import type { ValidationFinding, ValidationLevel } from '../jobs/validation.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { forEachInput } from './inputs.js'
import { counted } from './text.js'

/** Validates one input after the other, also behind one that fails, and returns the exit status. */
export async function validateAll(call: CommandCall): Promise<number> {
  const { args, terminal, signal } = call
  const isStrict = args.values.get('strict') === true
  let status: number = EXIT.done
  const ended = await forEachInput(call, async (path) => {
    const found = await validate(path, {
      signal,
      onProgress: (progress) => terminal.progress(loadingStep(progress)),
    })
    if (!found.isValid || (isStrict && numberOf(found, 'warning') > 0)) status = EXIT.failed
    if (terminal.isJson) terminal.json(found)
    else terminal.result([summary(found), ...found.findings.map(line)].join('\n'))
  })
  return Math.max(status, ended)
}

function summary(found: Validation): string {
  const { path, isValid, units, spikes, unitsWithoutSpikes } = found
  const levels = (['error', 'warning'] as const).map((level) => [level, numberOf(found, level)] as const)
  const counts = levels.flatMap(([level, number]) => (number > 0 ? counted(number, level) : []))
  const held = [
    counted(units, 'unit') + (unitsWithoutSpikes > 0 ? ` (${unitsWithoutSpikes.toLocaleString('en')} without spikes)` : ''),
    counted(spikes, 'spike'),
  ]
  return `${path}: ${(isValid ? ['valid', ...held, ...counts] : counts).join(', ')}`
}

function numberOf({ findings }: Validation, level: ValidationLevel): number {
  return findings.filter((each) => each.level === level).length
}

function line({ level, code, message, object, reader }: ValidationFinding): string {
  const place = object === undefined || message.includes(object) ? '' : `${object}: `
  return reader === undefined ? `  ${level}: ${place}${message} (${code})` : `  refused by ${reader}: ${place}${message}`
}
