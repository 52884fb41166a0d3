/**
 * The spec of a batch: which recordings are converted to what, with what is known of each session.
 */
import type { Metadata } from '../../jobs/session-metadata.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Options } from '../conversion.js'
import { problemsIn, problemsInMetadata } from './checks.js'
import { SpecDocument } from './document.js'
import type { Place, Problem } from './problems.js'

/** An output of each recording. */
export interface SpecOutput {
  readonly to: string
  readonly path?: string
  readonly options?: Options
}

/** What may stand on every level. */
interface Level {
  readonly metadata?: Metadata
  readonly from?: string
  readonly source_options?: Options
  readonly outputs?: readonly SpecOutput[]
}

/** The names are those of the YAML. */
interface SpecSession extends Level {
  readonly source: string | readonly string[]
  readonly name?: string
}

interface SpecFile extends Level {
  readonly output_folder?: string
  readonly s3?: Options
  readonly experiments: Readonly<Record<string, Level & { readonly sessions: readonly SpecSession[] }>>
}

/** A session, with all that is said of it on any level. */
export interface Session {
  readonly experiment: string
  readonly sources: readonly string[]
  readonly name: string | undefined
  readonly metadata: Metadata
  readonly from: string | undefined
  readonly sourceOptions: Options
  readonly outputs: readonly SpecOutput[]
  readonly place: Place
  /** Where its outputs are described. */
  readonly outputsPlace: Place
}

export interface Spec {
  readonly outputFolder: string
  readonly s3: Options
  readonly sessions: readonly Session[]
  readonly document: SpecDocument
}

/**
 * @param path - the file that the text is from, for errors
 * @throws SpecError with the line and column of everything that is wrong
 */
export function specFrom(text: string, path: string): Spec {
  const document = new SpecDocument(text, path)
  const wrong = problemsIn(document.value)
  if (wrong.length > 0) throw document.error(wrong)
  const file = document.value as SpecFile
  const problems: Problem[] = problemsInMetadata(file.metadata, ['metadata'])
  const sessions = Object.entries(file.experiments).flatMap(([experiment, within]) => {
    const place = ['experiments', experiment]
    problems.push(...problemsInMetadata(within.metadata, [...place, 'metadata']))
    return within.sessions.map((session, i): Session => {
      const own = [...place, 'sessions', i]
      problems.push(...problemsInMetadata(session.metadata, [...own, 'metadata']))
      const levels: readonly [Level, Place][] = [
        [file, []],
        [within, place],
        [session, own],
      ]
      const [describing, describedAt] = levels.findLast(([level]) => level.outputs) ?? [undefined, own]
      if (!describing) problems.push({ place: own, message: "Expected 'outputs' here, in the experiment or at the top." })
      return {
        experiment,
        sources: [session.source].flat(),
        name: session.name,
        metadata: merged(levels.map(([level]) => level.metadata)) as Metadata,
        from: levels.findLast(([level]) => level.from)?.[0].from,
        sourceOptions: Object.assign({}, ...levels.map(([level]) => level.source_options)),
        outputs: describing?.outputs ?? [],
        place: own,
        outputsPlace: [...describedAt, 'outputs'],
      }
    })
  })
  if (problems.length > 0) throw document.error(problems)
  return { outputFolder: file.output_folder ?? '.', s3: file.s3 ?? {}, sessions, document }
}

/** Maps merged key by key, the last first; lists and values are taken as they are. */
function merged(values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== undefined)
  if (given.length === 0) return {}
  if (!given.every(isPlainObject)) return given.at(-1)
  const keys = new Set(given.flatMap((each) => Object.keys(each)))
  return Object.fromEntries([...keys].map((key) => [key, merged(given.map((each) => each[key]))]))
}
