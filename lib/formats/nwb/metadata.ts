/**
 * The metadata of a batch that NWB files keep, by the names of the NWB schema and of NeuroConv's specs.
 */
import type { Metadata, MetadataFields, SessionMetadata } from '../../jobs/session-metadata.js'
import { isMissing, requiredString } from '../../options/checks.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Field } from './fields.js'
import { dateTimeField } from './fields.js'
import type { NwbSession } from './session.js'
import { GENERAL } from './session.js'
import { SUBJECT_FIELDS } from './subject.js'
import type { NwbOptions } from './write.js'

/** Fields of the option `nwb`. */
const NWB_FILE: Readonly<Record<string, Field>> = {
  sessionDescription: { dataset: 'session_description', check: requiredString },
  identifier: { dataset: 'identifier', check: requiredString },
  sessionStartTime: { dataset: 'session_start_time', check: dateTimeField },
  timestampsReferenceTime: { dataset: 'timestamps_reference_time', check: dateTimeField },
  ...GENERAL,
}

export const sessionMetadata: SessionMetadata<NwbOptions> = {
  sections: { NWBFile: checksOf(NWB_FILE), Subject: checksOf(SUBJECT_FIELDS) },
  options({ NWBFile = {}, Subject = {} }: Metadata, { profile = 'nwb', nwb }: NwbOptions) {
    // What is not an object is left to the exporter, which says so.
    if (profile !== 'nwb' || !isPlainObject(nwb ?? {})) return {}
    const subject = { ...valuesOf(SUBJECT_FIELDS, Subject), ...nwb?.subject }
    const session = { ...valuesOf(NWB_FILE, NWBFile), ...nwb }
    return { nwb: { ...session, ...(Object.keys(subject).length > 0 && { subject }) } as NwbSession }
  },
}

function checksOf(fields: Readonly<Record<string, Field>>): MetadataFields {
  return Object.fromEntries(Object.values(fields).map(({ dataset, check }) => [dataset, check]))
}

/** Values by the names of options. */
function valuesOf(fields: Readonly<Record<string, Field>>, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(fields).map(([name, { dataset }]) => [name, values[dataset]] as const)
  return Object.fromEntries(given.filter(([, value]) => !isMissing(value)))
}
