/**
 * The parts that the NWB core schema 2.x requires of a file, as far as recordings have them, and those that DANDI asks for.
 */
import type { Hdf5File } from '../../../engine/reading/hdf5-file.js'
import { quoted } from '../../../errors.js'
import type { ValidationFinding } from '../../../jobs/validation.js'
import { CheckedFile, typeOf } from './checked-file.js'
import { checkTable } from './tables.js'

const TIMES = ['/session_start_time', '/timestamps_reference_time', '/file_create_date']
const TEXTS = ['/identifier', '/session_description']
const GROUPS = ['/acquisition', '/analysis', '/processing', '/stimulus', '/stimulus/presentation', '/stimulus/templates', '/general']

const EPHYS = '/general/extracellular_ephys'
const ELECTRODES = `${EPHYS}/electrodes`
const UNITS = '/units'
const SUBJECT = '/general/subject'

/** ISO 8601, as the schema has it, and the time zone. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$/
const DAY = /^\d{4}-\d\d-\d\d$/

/** Checks a file. What it finds is about the file alone: no reader decides. */
export class SchemaCheck {
  readonly #checked: CheckedFile

  constructor(file: Hdf5File, signal: AbortSignal | undefined) {
    this.#checked = new CheckedFile(file, signal)
  }

  get findings(): ValidationFinding[] {
    return this.#checked.findings
  }

  async all(): Promise<void> {
    const checked = this.#checked
    await checked.part(() => this.#root())
    await checked.part(() => this.#ephys())
    await checked.part(() => this.#series())
    await checked.part(() => this.#subject())
    for (const path of [ELECTRODES, UNITS])
      await checked.part(() => checkTable(checked, path, path === ELECTRODES ? ['location', 'group', 'group_name'] : []))
    for (const { path } of await checked.members('/intervals', 'group')) {
      await checked.part(() => checkTable(checked, path, ['start_time', 'stop_time']))
    }
  }

  async #root(): Promise<void> {
    const checked = this.#checked
    const root = await checked.required('/', 'group')
    if (root) checked.typed(root, ['nwb_version'])
    for (const path of TEXTS) await checked.required(path, 'dataset')
    for (const path of TIMES) await this.#times(path)
    for (const path of GROUPS) await checked.required(path, 'group')
  }

  async #times(path: string): Promise<void> {
    const checked = this.#checked
    const dataset = await checked.required(path, 'dataset')
    if (!dataset) return
    const times = await checked.texts(dataset)
    if (times.length === 0) checked.report('NWB_INVALID', 'It holds no date.', path)
    for (const time of times) {
      const match = DATE.exec(time)
      if (!match && !DAY.test(time)) checked.report('NWB_INVALID', `It is no date of ISO 8601: ${quoted(time)}.`, path)
      else if (match?.[3] === undefined) checked.report('NWB_TIME_ZONE', `The date has no time zone: ${quoted(time)}.`, path)
    }
  }

  async #ephys(): Promise<void> {
    const checked = this.#checked
    for (const device of await checked.members('/general/devices', 'group')) checked.typed(device)
    for (const group of await checked.members(EPHYS, 'group')) {
      if (group.path === ELECTRODES) continue
      const isGroup = typeOf(group) === 'ElectrodeGroup' || typeOf(group) === undefined
      checked.typed(group, isGroup ? ['description', 'location'] : [])
      if (!isGroup) continue
      const device = await checked.required(`${group.path}/device`, 'group')
      if (device && typeOf(device) !== 'Device') checked.report('NWB_REFERENCE', 'It leads to no Device.', device.path)
    }
  }

  /** Raw data: samples have times, a unit, and electrodes. */
  async #series(): Promise<void> {
    const checked = this.#checked
    for (const series of await checked.members('/acquisition', 'group')) {
      checked.typed(series)
      if (typeOf(series) !== 'ElectricalSeries') continue
      const data = await checked.required(`${series.path}/data`, 'dataset')
      if (data) checked.attributes(data, ['unit'])
      const electrodes = await checked.required(`${series.path}/electrodes`, 'dataset')
      if (electrodes) checked.typed(electrodes, ['description', 'table'])
      const start = await checked.file.describe(`${series.path}/starting_time`, checked.signal)
      if (start) checked.attributes(start, ['rate', 'unit'])
      else if (!(await checked.file.describe(`${series.path}/timestamps`, checked.signal))) {
        checked.report('NWB_MISSING', 'The samples have neither timestamps nor a starting_time.', series.path)
      }
    }
  }

  /** The schema does not require a subject; DANDI does. */
  async #subject(): Promise<void> {
    const checked = this.#checked
    const subject = await checked.file.describe(SUBJECT, checked.signal)
    if (!subject) {
      checked.report('NWB_DANDI', 'DANDI takes no file without a subject.', SUBJECT)
      return
    }
    checked.typed(subject)
    const parts = [['subject_id'], ['species'], ['sex'], ['age', 'date_of_birth']]
    for (const names of parts) {
      const found = await checked.file.describeAll(
        names.map((name) => `${SUBJECT}/${name}`),
        checked.signal,
      )
      if (found.every((object) => object === undefined)) {
        checked.report('NWB_DANDI', `DANDI asks for the ${names.join(' or the ')} of the subject.`, SUBJECT)
      }
    }
  }
}
