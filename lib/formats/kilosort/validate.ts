/**
 * What is checked of KiloSort and Phy folders beyond what loading them does.
 */
import { FormatError } from '../../errors.js'
import type { NpyHeader } from '../../files/npy.js'
import { readNpyHeader } from '../../files/npy.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import type { StoredRecording, Validated, ValidationFinding } from '../../jobs/validation.js'
import { finding } from '../../jobs/validation.js'
import { firstOutside } from '../../memory/first-outside.js'
import { inRanges, inSlices } from '../../steps.js'
import { isFileName } from '../../storage/paths.js'
import type { LoadKilosortOptions } from './load-options.js'
import { AMPLITUDES, CHANNEL_MAP, CHANNEL_POSITIONS, SPIKE_CLUSTERS, SPIKE_TEMPLATES, SPIKE_TIMES, TEMPLATES } from './names.js'
import { PARAMS } from './phy/params.js'
import { readParams } from './read.js'
import { forEachBlock, readNumberTable, spikeNumbers } from './reading/numbers.js'
import type { ParamValue } from './reading/params.js'
import type { Source } from './reading/source.js'
import { withSource } from './reading/source.js'
import type { FolderFacts } from './refusals.js'
import { refusals } from './refusals.js'

/** Arrays with a row for each spike, and the file by which one has rows for some spikes only. */
const OF_SPIKES: Readonly<Record<string, string | undefined>> = {
  [SPIKE_CLUSTERS]: undefined,
  [SPIKE_TEMPLATES]: undefined,
  [AMPLITUDES]: undefined,
  'spike_positions.npy': undefined,
  'spike_detection_templates.npy': undefined,
  'pc_features.npy': 'pc_feature_spike_ids.npy',
  'template_features.npy': 'template_feature_spike_ids.npy',
}

/** What is read of an archive at once. */
const BLOCK_BYTES = 2 ** 20

/** A folder that does not state its sampling frequency is loaded with one at which a sample is a ms. */
export function storedRecordings({ fsHz }: Findings): readonly StoredRecording<LoadKilosortOptions>[] | undefined {
  if (fsHz !== undefined) return undefined
  const message = `No ${PARAMS} has a sample_rate: loading needs the option fsHz.`
  return [{ options: { fsHz: 1000 }, findings: [finding('LOADING_NEEDS_OPTION', message, PARAMS)] }]
}

/** Checks the arrays that go with the spikes, the templates, the channels and the raw data. */
export async function validateFolder(candidate: Candidate, { sd }: Validated): Promise<ValidationFinding[]> {
  const { absolute, path, signal } = candidate
  return withSource(absolute, path, SPIKE_TIMES, signal, async (source) => {
    const check = new FolderCheck(source, signal)
    await check.all()
    if (candidate.folder) check.findings.push(...refusals(source, check.facts, sd))
    return check.findings
  })
}

class FolderCheck {
  readonly findings: ValidationFinding[] = []
  readonly #headers = new Map<string, NpyHeader>()
  readonly facts: FolderFacts = { headers: this.#headers, isAscending: true }
  readonly #source: Source
  readonly #signal: AbortSignal | undefined

  constructor(source: Source, signal: AbortSignal | undefined) {
    this.#source = source
    this.#signal = signal
  }

  async all(): Promise<void> {
    for (const name of this.#source.names) {
      if (this.#source.archiveBytes !== undefined) await this.#attempt(name, () => this.#readBytes(name))
      if (name.endsWith('.npy')) await this.#attempt(name, () => this.#header(name))
    }
    this.#lengths()
    await this.#attempt(SPIKE_TIMES, () => this.#order())
    await this.#attempt(SPIKE_TEMPLATES, () => this.#templates())
    const params = await readParams(this.#source, { signal: this.#signal })
    await this.#attempt(CHANNEL_MAP, () => this.#channels(params))
    this.#rawData(params)
  }

  /** What cannot be read is a finding: the loader does without many files. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      this.findings.push(finding('UNREADABLE', error.message, name))
    }
  }

  /** All bytes of a file in an archive, which has checksums. */
  async #readBytes(name: string): Promise<void> {
    await this.#source.use(name, async ({ bytes }) => {
      const block = new Uint8Array(Math.min(bytes.size, BLOCK_BYTES))
      for (let at = 0; at < bytes.size; at += block.length) {
        await bytes.read(block.subarray(0, Math.min(block.length, bytes.size - at)), at)
        this.#signal?.throwIfAborted()
      }
    })
  }

  async #header(name: string): Promise<void> {
    this.#headers.set(name, await this.#source.use(name, ({ bytes, place }) => readNpyHeader(bytes, place)))
  }

  #lengths(): void {
    const times = this.#headers.get(SPIKE_TIMES)
    if (!times) return
    for (const [name, subset] of Object.entries(OF_SPIKES)) {
      const header = this.#headers.get(name)
      if (!header || (subset !== undefined && this.#source.names.has(subset))) continue
      // A list may be a row, as MATLAB writes it.
      const rows = header.shape.length === 2 && header.shape[0] === 1 ? header.shape[1] : header.shape[0]
      if (rows !== times.count) this.findings.push(finding('KILOSORT_LENGTHS', `It has ${rows ?? 1} rows for ${times.count} spikes.`, name))
    }
    const [map, positions] = [CHANNEL_MAP, CHANNEL_POSITIONS].map((name) => this.#headers.get(name))
    if (map && positions && positions.shape[0] !== map.count) {
      const message = `It has ${positions.shape[0] ?? 1} rows for the ${map.count} channels of ${CHANNEL_MAP}.`
      this.findings.push(finding('KILOSORT_LENGTHS', message, CHANNEL_POSITIONS))
    }
  }

  async #order(): Promise<void> {
    let before = -Infinity
    let fallsAt = -1
    await this.#eachNumber(SPIKE_TIMES, (time, i) => {
      if (fallsAt < 0 && time < before) fallsAt = i
      before = time
    })
    if (fallsAt < 0) return
    this.facts.isAscending = false
    this.findings.push(
      finding('SPIKES_UNORDERED', `The times are not ascending: spike ${fallsAt} is before the one in front of it.`, SPIKE_TIMES),
    )
  }

  async #templates(): Promise<void> {
    const count = this.#headers.get(TEMPLATES)?.shape[0]
    if (count === undefined) return
    let wrong: string | undefined
    await this.#eachNumber(SPIKE_TEMPLATES, (template, i) => {
      if (!(template >= 0 && template < count && Number.isInteger(template)))
        wrong ??= `Spike ${i} has the template ${template}, and there are ${count}.`
    })
    if (wrong !== undefined) this.findings.push(finding('KILOSORT_RANGE', wrong, SPIKE_TEMPLATES))
  }

  async #channels(params: ReadonlyMap<string, ParamValue> | undefined): Promise<void> {
    const channels = params?.get('n_channels_dat')
    if (typeof channels !== 'number' || !this.#headers.has(CHANNEL_MAP)) return
    const { data } = await this.#source.use(CHANNEL_MAP, (file) => readNumberTable(file, { signal: this.#signal }))
    const wrong = await inSlices(firstOutside(data, channels), this.#signal)
    if (wrong === undefined) return
    this.findings.push(finding('KILOSORT_RANGE', `It has the channel ${wrong}, and ${PARAMS} states ${channels} channels.`, CHANNEL_MAP))
  }

  /** Only in the folder itself: another place may be one of a network that is not to be asked. */
  #rawData(params: ReadonlyMap<string, ParamValue> | undefined): void {
    const given = params?.get('dat_path')
    for (const name of Array.isArray(given) ? given : [given]) {
      if (typeof name !== 'string' || !isFileName(name) || this.#source.names.has(name)) continue
      this.findings.push(finding('KILOSORT_RAW_MISSING', `${PARAMS} names raw data that is not in the folder: ${name}.`, PARAMS))
    }
  }

  async #eachNumber(name: string, look: (value: number, i: number) => void): Promise<void> {
    if (!this.#headers.has(name)) return
    await this.#source.use(name, async (file) => {
      await forEachBlock(await spikeNumbers(file), { signal: this.#signal }, function* (block, from) {
        yield* inRanges(block.length, (first, last) => {
          for (let i = first; i < last; i++) look(Number(block[i]), from + i)
        })
      })
    })
  }
}
