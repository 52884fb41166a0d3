/**
 * What a recording states of itself that NWB files hold: the session of one that was loaded from such a file, too.
 */
import { statedFrequency, statedIds, unlessGiven } from '../../jobs/stated.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing, requiredString } from '../../options/checks.js'
import type { Metadata } from '../../recording/attributes.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Field } from './fields.js'
import { dateTimeField } from './fields.js'
import { OF_SUBJECT, SUBJECT_PREFIX } from './reading/session.js'
import type { NwbSession } from './session.js'
import { GENERAL } from './session.js'
import { SUBJECT_FIELDS } from './subject.js'
import type { UnitIds } from './unit-ids.js'
import type { NwbOptions, NwbProfile } from './write.js'

/** Fields of the file itself. Not the identifier, which is another for each file. */
const OF_FILE: Readonly<Record<string, Field>> = {
  sessionDescription: { dataset: 'session_description', check: requiredString },
  sessionStartTime: { dataset: 'session_start_time', check: dateTimeField },
}

/** The sampling frequency, the ids of the units, and what is known of the session beside what the caller says of it. */
export function statedOptions(sd: SpikeData, given: object): Partial<NwbOptions> {
  const { profile = 'nwb', nwb } = given as NwbOptions
  if (profile !== 'nwb') return {}
  const fsHz = statedFrequency(sd)
  const unitIds = statedIds(sd)
  const session = sd.metadata['format'] === 'NWB' ? sessionOf(sd.metadata) : {}
  const subject = isPlainObject(nwb?.subject) ? { subject: { ...session.subject, ...nwb.subject } } : {}
  const stated: Pick<NwbProfile, 'fsHz' | 'unitIds'> = {
    ...(fsHz !== undefined && { fsHz }),
    ...(unitIds && { unitIds: unitIds as UnitIds }),
  }
  return {
    ...unlessGiven(stated, given),
    // What is not an object is left to the exporter, which says so.
    ...((isMissing(nwb) || isPlainObject(nwb)) && { nwb: { ...session, ...nwb, ...subject } as NwbSession }),
  }
}

/** The session in a loader's metadata, without what an exporter would refuse: other programs are less strict. */
function sessionOf(metadata: Metadata): Record<string, unknown> & { subject?: object } {
  const subject = fieldsIn(metadata, SUBJECT_FIELDS, (name) => (OF_SUBJECT.has(name) ? name : SUBJECT_PREFIX + name))
  return {
    ...fieldsIn(metadata, OF_FILE, (name) => name),
    ...fieldsIn(metadata, GENERAL, (name) => name),
    ...(Object.keys(subject).length > 0 && { subject }),
  }
}

function fieldsIn(metadata: Metadata, fields: Readonly<Record<string, Field>>, keyOf: (dataset: string) => string): object {
  const found = Object.entries(fields).map(([name, field]) => [name, field, metadata[keyOf(field.dataset)]] as const)
  return Object.fromEntries(found.filter(([, field, value]) => isAccepted(field, value)).map(([name, , value]) => [name, value]))
}

function isAccepted({ check }: Field, value: unknown): boolean {
  try {
    check(value, '')
    return true
  } catch {
    return false
  }
}
