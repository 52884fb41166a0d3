/**
 * The JSON Schema of specs, made from what formats describe. It is in the package as `spec.schema.json`, for editors.
 */
import { OUTPUTS } from '../../formats/outputs.js'
import { FORMATS, READERS } from '../../formats/registry.js'
import type { DescribedOption, OptionTable } from '../../options/described.js'
import { INPUT_NAMES } from '../conversion.js'
import { S3, WAY } from '../described-options.js'

/** What may stand at the top, in an experiment and in a session: what is further in comes first. */
const EVERYWHERE = {
  metadata: { $ref: '#/$defs/metadata' },
  from: { description: 'The format of sources. Default: what is in each', enum: INPUT_NAMES },
  source_options: { $ref: '#/$defs/sourceOptions' },
  outputs: { $ref: '#/$defs/outputs' },
}

/** A JSON Schema, draft 2020-12. */
export function specSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A batch of spikeport',
    ...objectOf(
      {
        output_folder: text('Where outputs go, from the folder of this file. Default: that folder'),
        ...EVERYWHERE,
        s3: { description: 'How S3 is reached. Credentials come from the environment', ...objectOf(optionsOf(S3)) },
        experiments: {
          description: 'Experiments by name',
          type: 'object',
          minProperties: 1,
          additionalProperties: { $ref: '#/$defs/experiment' },
        },
      },
      ['experiments'],
    ),
    $defs: {
      experiment: objectOf({ ...EVERYWHERE, sessions: { type: 'array', minItems: 1, items: { $ref: '#/$defs/session' } } }, ['sessions']),
      session: objectOf(
        {
          source: {
            description: 'A file, folder, archive or S3 URL, or a pattern such as data/*/sorting; or a list of them',
            type: ['string', 'array'],
            minLength: 1,
            minItems: 1,
            items: { type: 'string', minLength: 1 },
          },
          name: text('What {name} stands for in paths of outputs. Default: the name of the source'),
          ...EVERYWHERE,
        },
        ['source'],
      ),
      metadata: { description: 'What is known of the sessions', ...objectOf(sections()) },
      sourceOptions: {
        description: 'Options of loaders, by their names in the library',
        ...objectOf(optionsOf(sourceOptions())),
      },
      outputs: {
        description: 'What each recording is converted to',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/output' },
      },
      output: {
        ...objectOf(
          {
            to: { description: 'The format', enum: [...OUTPUTS.keys()] },
            path: text(
              'Where it goes, from output_folder: {name}, {folder} (that of the source, from where the pattern begins), {experiment} and {format} stand for these. Default {folder}/{name}; the ending of the format is added',
            ),
            options: { description: 'Options of the exporter, by their names in the library', type: 'object' },
          },
          ['to'],
        ),
        allOf: [...OUTPUTS].map(([name, { format }]) => ({
          if: { properties: { to: { const: name } }, required: ['to'] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: { properties: { options: objectOf(optionsOf(format.described)) } },
        })),
      },
    },
  }
}

/** Options of all loaders. One that several have is described by what each says of it. */
function sourceOptions(): OptionTable {
  const options: Record<string, DescribedOption> = { ...WAY }
  for (const [name, option] of READERS.flatMap(({ described }) => Object.entries(described))) {
    const known = options[name]
    options[name] = known && known.text !== option.text ? { ...known, text: `${known.text} / ${option.text}` } : option
  }
  return options
}

function objectOf(properties: object, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false }
}

function text(description: string): object {
  return { description, type: 'string', minLength: 1 }
}

/** Sections of metadata of all formats. Values are checked by the formats. */
function sections(): object {
  const all = FORMATS.flatMap(({ metadata }) => Object.entries(metadata?.sections ?? {}))
  return Object.fromEntries(
    all.map(([name, fields]) => [name, objectOf(Object.fromEntries(Object.keys(fields).map((field) => [field, {}])))]),
  )
}

function optionsOf(table: OptionTable): object {
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, schemaOf(option)]))
}

function schemaOf({ value, text: description }: DescribedOption): object {
  if (typeof value !== 'string') return { description, enum: value }
  const types = { text: { type: 'string' }, number: { type: 'number' }, flag: { type: 'boolean' }, date: { type: 'string' }, json: {} }
  return { description, ...types[value] }
}
