/**
 * The conversions that a spec asks for.
 */
import { isAbsolute, join, resolve } from 'node:path'
import { endingOf, outputByEnding, outputNamed } from '../../formats/outputs.js'
import type { Metadata } from '../../jobs/session-metadata.js'
import { withoutTrailingSeparators } from '../../storage/paths.js'
import { isS3Url } from '../../storage/s3-url.js'
import type { Conversion, Target } from '../conversion.js'
import { loaderNamed } from '../conversion.js'
import { pathsOf } from '../existing.js'
import type { Problem } from './problems.js'
import type { Source } from './sources.js'
import { sourcesOf } from './sources.js'
import type { Session, Spec, SpecOutput } from './spec.js'

/** A conversion of a batch. */
export interface Item extends Conversion {
  /** Where the spec asks for it, such as `spec.yml:12:5`. */
  readonly place: string
}

interface Planned {
  readonly session: Session
  readonly source: Source
  readonly targets: readonly Target[]
}

const DEFAULT_PATH = '{folder}/{name}'

/**
 * All of them, in the order of the spec. A file that a pattern matches and that is an output of another recording is not a source: a batch
 * that is run again finds what it has written.
 *
 * @param folder - that of the spec, which paths count from
 * @throws SpecError for a pattern that matches nothing, and for two recordings with one output
 */
export async function itemsFrom(spec: Spec, folder: string): Promise<Item[]> {
  const problems: Problem[] = []
  const planned: Planned[] = []
  for (const session of spec.sessions) {
    for (const pattern of session.sources) {
      const sources = await sourcesOf(pattern, folder)
      if (sources.length === 0) problems.push({ place: [...session.place, 'source'], message: `Nothing matches ${pattern}.` })
      for (const source of sources) planned.push({ session, source, targets: targetsOf(source, session, spec, folder, problems) })
    }
  }
  const writers = new Map<string, Source[]>()
  for (const { source, targets } of planned) for (const path of allPaths(targets)) writers.set(path, [...(writers.get(path) ?? []), source])
  const items = planned.filter(({ source }) => !source.isFound || !writers.get(source.input)?.some((writer) => writer !== source))

  if (problems.length === 0) problems.push(...collisions(items), ...lostSources(items))
  if (problems.length > 0) throw spec.document.error(problems)
  return items.map(({ session, source, targets }) => {
    const { input } = source
    const from = session.from ?? (isS3Url(input) ? outputByEnding(input) : undefined)
    return {
      input,
      ...(from !== undefined && { from: loaderNamed(from) }),
      reading: { ...session.sourceOptions, ...(isS3Url(input) && { s3Download: true, ...spec.s3 }) },
      targets,
      place: spec.document.placeOf(session.place),
    }
  })
}

/** Outputs of several recordings: the first of each session. */
function collisions(planned: readonly Planned[]): Problem[] {
  const inputs = new Map<string, string>()
  const found = new Map<Session, Problem>()
  for (const { session, source, targets } of planned) {
    for (const path of allPaths(targets)) {
      const other = inputs.get(path)
      inputs.set(path, source.input)
      if (other === undefined) continue
      if (other === source.input && !found.has(session)) {
        found.set(session, { place: session.place, message: `${other} goes to ${path} twice: it is listed twice, or so is an output.` })
      }
      if (found.has(session)) continue
      const message = `Expected a path of its own for each output, but ${other} and ${source.input} both go to ${path}: 'name' or 'path' can tell them apart.`
      found.set(session, { place: session.place, message })
    }
  }
  return [...found.values()]
}

/** Sources that an output would be written over: the first of each session. */
function lostSources(planned: readonly Planned[]): Problem[] {
  const sources = new Set(planned.map(({ source }) => source.input))
  const found = new Map<Session, Problem>()
  for (const { session, source, targets } of planned) {
    const lost = allPaths(targets).find((path) => sources.has(path))
    if (lost === undefined || found.has(session)) continue
    found.set(session, {
      place: session.place,
      message: `Expected another path for the output of ${source.input}, as ${lost} is a source.`,
    })
  }
  return [...found.values()]
}

/** The formats of a spec's outputs that keep nothing of the metadata that is given for them. */
export function formatsWithoutMetadata({ sessions }: Spec): string[] {
  const described = sessions.filter(({ metadata }) => Object.keys(metadata).length > 0)
  const names = described.flatMap(({ outputs }) => outputs.map(({ to }) => to))
  return [...new Set(names)].filter((name) => !outputNamed(name).format.metadata)
}

function targetsOf(source: Source, session: Session, spec: Spec, folder: string, problems: Problem[]): Target[] {
  if (isS3Url(source.input) && session.from === undefined && outputByEnding(source.input) === undefined) {
    problems.push({ place: session.place, message: `Expected 'from' for ${source.input}, as its ending is that of no format.` })
  }
  return session.outputs.map((described, i) => {
    const { to, path = DEFAULT_PATH, options = {} } = described
    const unknown = /\{(?!(?:name|folder|experiment|format)\})[^{}]*\}/.exec(path)?.[0]
    if (unknown !== undefined) {
      const message = `Expected {name}, {folder}, {experiment} or {format} in 'path' but received ${unknown}.`
      problems.push({ place: [...session.outputsPlace, i, 'path'], message })
    }
    const names = namesFor(source, session, described)
    if (unknown === undefined && !endsInName(filled(path, names), to)) {
      const message = `Expected a name at the end of 'path' but received ${filled(path, names)}.`
      problems.push({ place: [...session.outputsPlace, i], message })
    }
    const output = outputPath(spec.outputFolder, folder, path, names, to)
    return { output, to, writing: { ...optionsFor(to, session.metadata, options), ...(isS3Url(output) && { s3Upload: true, ...spec.s3 }) } }
  })
}

function namesFor(source: Source, session: Session, { to }: SpecOutput): Readonly<Record<string, string>> {
  return { name: session.name ?? source.name, folder: source.folder, experiment: session.experiment, format: to }
}

function optionsFor(to: string, metadata: Metadata, given: Readonly<Record<string, unknown>>) {
  const { format, options } = outputNamed(to)
  const isDescribed = Object.keys(metadata).length > 0
  return { ...given, ...(isDescribed && format.metadata?.options(metadata, { ...options, ...given })) }
}

/** @param outputFolder - where outputs go, from the spec's folder */
function outputPath(outputFolder: string, folder: string, template: string, names: Readonly<Record<string, string>>, to: string): string {
  const path = filled(template, names)
  const { format } = outputNamed(to)
  const named = format.output.kind === 'file' && endingOf(path, format) === undefined ? path + format.output.extension : path
  if (isS3Url(template)) return named
  if (isS3Url(outputFolder)) return `${outputFolder.replace(/\/+$/, '')}/${join('/', named).slice(1)}`
  return withoutTrailingSeparators(isAbsolute(template) ? join(named) : resolve(folder, join(outputFolder, named)))
}

/** Whether a path has a name that an ending can be added to; that of a folder may end in a separator. */
function endsInName(path: string, to: string): boolean {
  const isFolder = outputNamed(to).format.output.kind === 'folder'
  return !/(^|\/)\.{0,2}$/.test(isFolder ? withoutTrailingSeparators(path) : path)
}

/** A path with names in place of its fields. */
function filled(template: string, names: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (field, name: string) => names[name] ?? field)
}

function allPaths(targets: readonly Target[]): string[] {
  return targets.flatMap(({ output, to }) => (isS3Url(output) ? [output] : pathsOf(output, outputNamed(to).format)))
}
