/**
 * The raw data of a recording that goes on.
 */
import { invalidType } from '../../errors.js'
import type { WriterRaw } from '../../jobs/recording-writer.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import type { OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, positiveNumber } from '../../options/checks.js'
import type { RawStream } from '../../recording/raw-stream.js'
import { rawStream } from '../../sources/raw-stream.js'
import { keepPlanned } from './streams.js'

const OPTIONS: OptionNames<WriterRaw> = { dtype: true, channels: true, samples: true, rateKHz: true }

/**
 * The option `raw` of a writer, as raw data of its recording; none without it. Nothing iterates over the stream.
 *
 * @throws TypeError, RangeError for options that make no sense
 */
export function rawOfWriter(given: unknown): { rawData: RawStream; rawTime: number } | undefined {
  if (isMissing(given)) return undefined
  const { rateKHz, ...options } = optionsFrom<WriterRaw>(given, OPTIONS, 'raw')
  return { rawData: rawStream([], options), rawTime: positiveNumber(rateKHz, 'raw.rateKHz', 'a sampling rate in kHz') }
}

/**
 * The dataset of raw data, which further plans refer to.
 *
 * @param streams - of a plan of the file
 * @throws TypeError for a plan that has streams of series, too
 */
export function plannedRaw(streams: readonly PlannedStream[], raw: RawStream | undefined): PlannedStream | undefined {
  for (const { stream, name } of streams) if (stream !== raw) throw invalidType('an array, as a writer takes one stream,', name, stream)
  const planned = streams[0] && { ...streams[0], name: 'raw' }
  if (planned) keepPlanned(planned)
  return planned
}
