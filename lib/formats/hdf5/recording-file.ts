/**
 * What HDF5 files of recordings that go on have in common: their options, and how they are opened.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { invalidType } from '../../errors.js'
import type { ExportCall } from '../../jobs/export-call.js'
import type { RecordingWriter, WriterRaw, WriterRecording } from '../../jobs/recording-writer.js'
import { emptyRecording, openWriter } from '../../jobs/recording-writer.js'
import { countsOf, runExport } from '../../jobs/run-export.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import type { SpikeData } from '../../model/spike-data.js'
import { whileOpen } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, positiveNumber } from '../../options/checks.js'
import type { ExportOptions } from '../../options/export-options.js'
import type { RawStream } from '../../recording/raw-stream.js'
import { isRawStream } from '../../recording/raw-stream.js'
import type { SpikeValueOptions } from '../../recording/spike-batches.js'
import { rawStream } from '../../sources/raw-stream.js'
import { requireWritePermission } from '../../storage/local.js'
import type { FilePlan } from './streams.js'
import { keepPlanned } from './streams.js'

const OPTIONS: OptionNames<WriterRaw> = { dtype: true, channels: true, samples: true, rateKHz: true }

/** How a format plans the file of a recording. */
interface Plans {
  /** Of one without spikes: so errors in the options are found before anything is recorded. */
  first: (empty: SpikeData) => Promise<FilePlan>
  last: (sd: SpikeData, warnings: ExportWarning[], signal: AbortSignal) => Promise<FilePlan>
}

type Options = WriterRecording & ExportOptions & SpikeValueOptions & { raw?: WriterRaw | Missing }

/**
 * The options of a writer: those of its recording, with raw data that nothing iterates over, of its spool, and of the exporter.
 *
 * @throws TypeError, RangeError for options of raw data that make no sense
 */
export function writerOptions<T extends Options>(options: T) {
  const { N, length, startTime, neuronAttributes, metadata, spoolFolder, maxMemory, spikeValues, raw: givenRaw, ...given } = options
  const raw = rawOfWriter(givenRaw)
  return {
    recording: { N, length, startTime, neuronAttributes, metadata, ...raw },
    spool: { spoolFolder, maxMemory, spikeValues },
    raw,
    given,
  }
}

/** Opens the file of a recording that goes on. */
export async function openFile<T extends Options>(
  call: ExportCall<T>,
  { recording, spool, raw, given }: ReturnType<typeof writerOptions<T>>,
  { first, last }: Plans,
): Promise<RecordingWriter> {
  const { planFor, streams } = await first(await emptyRecording(recording, spool, given.signal))
  const target = call.destination.absolute
  requireWritePermission(planFor(target))
  return openWriter({
    target,
    options: given,
    recording: { ...recording, ...spool },
    raw: plannedRaw(streams, raw?.rawData),
    finish: (sd, begun, signal) =>
      whileOpen([sd], async () => {
        const startedAt = performance.now()
        const warnings = [...call.warnings]
        const plan = await last(sd, warnings, signal)
        return runExport({ ...call, startedAt, warnings, given: { ...given, signal } }, plan.planFor, countsOf(sd), plan.streams, begun)
      }),
  })
}

function rawOfWriter(given: unknown): { rawData: RawStream; rawTime: number } | undefined {
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
function plannedRaw(streams: readonly PlannedStream[], raw: RawStream | undefined): PlannedStream | undefined {
  for (const { stream, name } of streams) {
    if (isRawStream(stream) && stream !== raw) throw invalidType('an array or a file, as a writer takes one stream,', name, stream)
  }
  const own = raw && streams.find(({ stream }) => stream === raw)
  const planned = own && { ...own, name: 'raw' }
  if (planned) keepPlanned(planned)
  return planned
}
