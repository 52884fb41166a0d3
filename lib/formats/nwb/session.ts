/**
 * The session in an NWB file: its root datasets and the group `general`.
 */
import { randomUUID } from 'node:crypto'
import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import type { DateTime, Field } from './fields.js'
import { columnNames, dateTimeField, fieldObjects, idField, listField, namesOf } from './fields.js'
import type { NwbIntervalTables } from './intervals.js'
import { INTERVAL_TABLES } from './intervals.js'
import { textAt, textsAt } from './objects.js'
import type { ObservedIntervals } from './observed.js'
import type { NwbProbe } from './probe-options.js'
import { PROBE_OPTIONS } from './probe-options.js'
import type { NwbSeries } from './series-options.js'
import type { NwbSubject } from './subject.js'
import { subjectObjects } from './subject.js'

/**
 * What is known about a session and its probe, in the terms of the NWB schema. Fields that are left out are not in the
 * file, either.
 *
 * What contradicts itself neither compiles nor runs: `device` with `devices`, `electrodeGroup` with `electrodeGroups`, and the latter
 * without `electrodes`.
 */
export type NwbSession = NwbSessionFields & NwbProbe

/** What is known about a session without its probe. */
export interface NwbSessionFields extends NwbIntervalTables {
  /** Default: that it is a spike-sorted recording. */
  sessionDescription?: string | undefined
  /**
   * Unique among all files. Default: a random UUID. The ids of the objects in the file are made from one that is given: with
   * `fileCreateDate` besides, the same recording gives the same bytes.
   */
  identifier?: string | undefined
  /** When the file was created, with the zone. Default: now. */
  fileCreateDate?: DateTime | undefined
  /** When the recording started, with its zone. Default: 1970-01-01, with a warning. */
  sessionStartTime?: DateTime | undefined
  /** What all times count from. Default: `sessionStartTime`. */
  timestampsReferenceTime?: DateTime | undefined
  /** How the lab calls the session, without slashes. */
  sessionId?: string | undefined
  /** The animal or person. DANDI asks for one. */
  subject?: NwbSubject | undefined
  /** One name or several, preferably as `Last, First`. */
  experimenter?: string | readonly string[] | undefined
  /** What the experiment is about. */
  experimentDescription?: string | undefined
  /** Where the experiment was done. */
  institution?: string | undefined
  /** Whose lab it was. */
  lab?: string | undefined
  /** Terms to find the session by. */
  keywords?: readonly string[] | undefined
  /** Preferably addresses, such as `https://doi.org/10.1000/182`. */
  relatedPublications?: string | readonly string[] | undefined
  /** How data was collected and analysed. */
  dataCollection?: string | undefined
  /** Anything else about the experiment. */
  notes?: string | undefined
  /** Drugs, how and when they were given. */
  pharmacology?: string | undefined
  /** The protocol, such as the number that it was approved under. */
  protocol?: string | undefined
  /** How slices were prepared. */
  slices?: string | undefined
  /** The stimuli, in words. */
  stimulus?: string | undefined
  /** What surgery was done, when and by whom. */
  surgery?: string | undefined
  /** Viruses that were injected. */
  virus?: string | undefined
  /** Further series, by name: of electrodes, of positions, or of anything else over time. */
  series?: Readonly<Record<string, NwbSeries | Missing>> | undefined
  /**
   * The windows in ms in which units were observed: pairs for all units, or a list of pairs for each unit. Default: the recording's
   * window.
   */
  obsIntervals?: ObservedIntervals | undefined
  /**
   * Names of `neuronAttributes` that have a value for each spike of a unit, such as `amplitudes`: an array whose first axis is as long as
   * the unit has spikes. They become ragged columns with the index of the spike times, also where all units have as many spikes. Other
   * lengths are an error, and so are spike times that were not in order when the recording was made: they were sorted, the values were not.
   */
  spikeColumns?: readonly string[] | undefined
  /** What the `neuronAttributes` mean, by name: the descriptions of their columns. A warning names those that describe no column. */
  columnDescriptions?: Readonly<Record<string, string>> | undefined
}

/** @internal The text fields, which become datasets of the group `general`. */
export const GENERAL = {
  sessionId: { dataset: 'session_id', check: idField },
  experimenter: { dataset: 'experimenter', check: listField },
  experimentDescription: { dataset: 'experiment_description', check: requiredString },
  institution: { dataset: 'institution', check: requiredString },
  lab: { dataset: 'lab', check: requiredString },
  keywords: { dataset: 'keywords', check: listField },
  relatedPublications: { dataset: 'related_publications', check: listField },
  dataCollection: { dataset: 'data_collection', check: requiredString },
  notes: { dataset: 'notes', check: requiredString },
  pharmacology: { dataset: 'pharmacology', check: requiredString },
  protocol: { dataset: 'protocol', check: requiredString },
  slices: { dataset: 'slices', check: requiredString },
  stimulus: { dataset: 'stimulus', check: requiredString },
  surgery: { dataset: 'surgery', check: requiredString },
  virus: { dataset: 'virus', check: requiredString },
} satisfies Record<string, Field>

const OPTIONS: OptionNames<NwbSession> = {
  ...namesOf(GENERAL),
  ...INTERVAL_TABLES,
  sessionDescription: true,
  identifier: true,
  fileCreateDate: true,
  sessionStartTime: true,
  timestampsReferenceTime: true,
  subject: true,
  ...PROBE_OPTIONS,
  series: true,
  obsIntervals: true,
  spikeColumns: true,
  columnDescriptions: true,
}

/** Groups that a file has even when there is nothing in them. */
const GROUPS = ['acquisition', 'analysis', 'processing', 'stimulus', 'stimulus/presentation', 'stimulus/templates', 'general']

/** What stands in the file for a start that was not given. */
export const UNKNOWN_START = '1970-01-01T00:00:00+00:00'

/** The session that the option `nwb` describes, its names checked; the values are checked where they are used. */
export function sessionFrom(given: unknown): NwbSession {
  return optionsFrom<NwbSession>(given ?? undefined, OPTIONS, 'nwb')
}

/** The objects of the session, without those of its probe. */
export function sessionObjects(session: NwbSession): Hdf5Object[] {
  const description = session.sessionDescription ?? 'Spike-sorted recording, exported by spikeport.'
  const start = isMissing(session.sessionStartTime) ? UNKNOWN_START : dateTimeField(session.sessionStartTime, 'nwb.sessionStartTime')
  const reference = dateTimeField(session.timestampsReferenceTime ?? start, 'nwb.timestampsReferenceTime')
  return [
    ...GROUPS.map((path): Hdf5Object => ({ object: 'group', path })),
    textAt('session_description', requiredString(description, 'nwb.sessionDescription')),
    textAt('identifier', requiredString(session.identifier ?? randomUUID(), 'nwb.identifier')),
    textAt('session_start_time', start),
    textAt('timestamps_reference_time', reference),
    textsAt('file_create_date', [dateTimeField(session.fileCreateDate ?? new Date(), 'nwb.fileCreateDate')]),
    ...fieldObjects('general', session, 'nwb', GENERAL),
    ...subjectObjects(session.subject, 'nwb.subject'),
  ]
}

/**
 * The attributes that have a value for each spike.
 *
 * @throws TypeError, RangeError for anything but a list of names
 */
export function spikeColumnsOf({ spikeColumns }: NwbSession): ReadonlySet<string> {
  if (isMissing(spikeColumns)) return new Set()
  return new Set(columnNames(spikeColumns, 'nwb.spikeColumns'))
}
