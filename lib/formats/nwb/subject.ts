/**
 * The subject of a recording.
 */
import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import type { OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import type { DateTime, Field } from './fields.js'
import { dateTimeField, fieldObjects, formField, idField, namesOf } from './fields.js'
import { attributesFrom, typedGroup } from './objects.js'

/** The animal or person that was recorded from: `Subject` of the NWB schema. */
export interface NwbSubject {
  /** How the lab calls the subject, without slashes. */
  subjectId?: string | undefined
  /** ISO 8601 duration, such as `P90D` or `P12W`; or a range of two, `P1D/P3D`, also open to one side. */
  age?: string | undefined
  /** What the age counts from. Default: `birth`. */
  ageReference?: 'birth' | 'gestational' | undefined
  /** When the subject was born, with the zone; instead of the age, or beside it. */
  dateOfBirth?: DateTime | undefined
  /** What else is to be known about the subject, such as where it came from. */
  description?: string | undefined
  /** Which genes were changed, and how. */
  genotype?: string | undefined
  /** `M`, `F`, `O` (other) or `U` (unknown); for C. elegans `XX` or `XO`. */
  sex?: 'M' | 'F' | 'O' | 'U' | 'XX' | 'XO' | undefined
  /** The Latin name, such as `Mus musculus`, or the address of the NCBI's term, `http://purl.obolibrary.org/obo/NCBITaxon_10090`. */
  species?: string | undefined
  /** The strain, such as `C57BL/6J`. */
  strain?: string | undefined
  /** A number and its unit, such as `0.02 kg`. */
  weight?: string | undefined
}

const number = String.raw`\d+(\.\d+)?`
const duration = `P(?=\\d|T)(${number}Y)?(${number}M)?(${number}W)?(${number}D)?(T(?=\\d)(${number}H)?(${number}M)?(${number}S)?)?`
const AGE = new RegExp(`^(${duration}|(${duration})/(${duration})?|/${duration})$`)
const SPECIES = /^([A-Z][a-z]* [a-z]+|http:\/\/purl\.obolibrary\.org\/obo\/NCBITaxon_\d+)$/
const WEIGHT = /^\d+(\.\d+)? (kg|g|mg|ug|μg|ng|pg)$/i

/** @internal The text fields, which become datasets of the subject's group. */
export const SUBJECT_FIELDS: Record<Exclude<keyof NwbSubject, 'ageReference'>, Field> = {
  subjectId: { dataset: 'subject_id', check: idField },
  age: { dataset: 'age', check: form(AGE, `an ISO 8601 duration such as 'P90D', or a range such as 'P1D/P3D',`) },
  dateOfBirth: { dataset: 'date_of_birth', check: dateTimeField },
  description: { dataset: 'description', check: requiredString },
  genotype: { dataset: 'genotype', check: requiredString },
  sex: { dataset: 'sex', check: form(/^([MFOU]|XX|XO)$/, `'M', 'F', 'O' or 'U' (C. elegans: 'XX' or 'XO')`) },
  species: { dataset: 'species', check: form(SPECIES, `a Latin name such as 'Mus musculus', or the address of an NCBI taxonomy term,`) },
  strain: { dataset: 'strain', check: requiredString },
  weight: { dataset: 'weight', check: form(WEIGHT, `a number and its unit, such as '0.02 kg',`) },
}

const OPTIONS: OptionNames<NwbSubject> = { ...namesOf(SUBJECT_FIELDS), ageReference: true }

const ageReferenceField = form(/^(birth|gestational)$/, `'birth' or 'gestational'`)

const SUBJECT = 'general/subject'

/** The objects of a subject; none without one. */
export function subjectObjects(given: unknown, option: string): Hdf5Object[] {
  if (isMissing(given)) return []
  const subject = optionsFrom<NwbSubject>(given, OPTIONS, option)
  const { ageReference = 'birth' } = subject
  const reference = ageReferenceField(ageReference, `${option}.ageReference`)
  const fields = fieldObjects(SUBJECT, subject, option, SUBJECT_FIELDS).map((field) => {
    return field.path === `${SUBJECT}/age` ? { ...field, attributes: attributesFrom({ reference }) } : field
  })
  return [typedGroup(SUBJECT, 'core', 'Subject'), ...fields]
}

function form(pattern: RegExp, expected: string): (value: unknown, name: string) => string {
  return (value, name) => formField(value, name, pattern, expected)
}
