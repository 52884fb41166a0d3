/**
 * Checks a spec by its JSON Schema, and metadata by the formats that keep it.
 */
import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { FORMATS } from '../../formats/registry.js'
import type { MetadataFields } from '../../jobs/session-metadata.js'
import { isMissing } from '../../options/checks.js'
import { nearestName } from '../../options/nearest-name.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Place, Problem } from './problems.js'
import { specSchema } from './schema.js'

/** What contradicts the schema, in the order of the spec. */
export function problemsIn(value: unknown): Problem[] {
  const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(specSchema())
  if (validate(value)) return []
  // An error inside of `then` is also one of the `if` around it.
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(problemOf)
}

/** Metadata that no format would write. */
export function problemsInMetadata(metadata: unknown, place: Place): Problem[] {
  return FORMATS.flatMap((format) =>
    Object.entries(format.metadata?.sections ?? {}).flatMap(([section, fields]) =>
      problemsOfFields((metadata as Record<string, unknown> | undefined)?.[section], fields, [...place, section]),
    ),
  )
}

function problemsOfFields(values: unknown, fields: MetadataFields, place: Place): Problem[] {
  if (!isPlainObject(values)) return []
  return Object.entries(values).flatMap(([name, value]): Problem[] => {
    if (isMissing(value)) return []
    try {
      fields[name]?.(value, name)
      return []
    } catch (error) {
      return [{ place: [...place, name], message: (error as Error).message }]
    }
  })
}

function problemOf({ instancePath, keyword, params, data, parentSchema }: ErrorObject): Problem {
  const place = instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const what = nameOf(place)
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty'])
    const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {})
    const nearest = known.find((each) => each === IN_NEUROCONV[name]) ?? nearestName(name, known)
    const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
    return { place: [...place, name], ofKey: true, message: `There is no '${name}' in ${what}${hint}: ${known.join(', ')}.` }
  }
  if (keyword === 'required') return { place, message: `Expected '${params['missingProperty']}' in ${what}.` }
  if (keyword === 'minItems' || keyword === 'minProperties') return { place, message: `Expected at least one in ${what}.` }
  if (keyword === 'minLength') return { place, message: `Expected text that is not empty for ${what}.` }
  const expected =
    keyword === 'enum' ? `one of ${(params['allowedValues'] as string[]).join(', ')}` : KINDS[String([params['type']].flat()[0])]
  return { place, message: `Expected ${expected} for ${what} but received ${shown(data)}.` }
}

/** What keys of NeuroConv's specs are called here. */
const IN_NEUROCONV: Readonly<Record<string, string>> = {
  source_data: 'source',
  nwbfile_name: 'name',
  data_interfaces: 'from',
  conversion_options: 'outputs',
}

/** Such as `'metadata'`, or `'sessions[0]'` for an entry of a list. */
function nameOf(place: readonly string[]): string {
  const last = place.at(-1)
  if (last === undefined) return 'the spec'
  return /^\d+$/.test(last) && place.length > 1 ? `'${place.at(-2)}[${last}]'` : `'${last}'`
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isPlainObject(value)) return 'a map'
  return value === null || value === undefined ? 'nothing' : JSON.stringify(value)
}
