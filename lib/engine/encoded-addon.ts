/**
 * Between the package and native code: plans go to it as arrays of numbers and texts.
 */
import type { Addon, MeanWaveforms, NativeList, StatisticsCounts } from './native-addon.js'
import type { NativeJob } from './native-job.js'
import type { FilePartsRequest, NativeHdf5File, NativeUnitDatasets, Scaling, TrainsInFile } from './native-reading.js'
import type { Falls, NativeSpikeTrains } from './native-spike-trains.js'
import type { NativeStreamedDataset } from './native-streams.js'
import type { Stream } from './plan/hdf5-tree.js'
import type { MeanWaveformsRequest } from './plan/mean-waveforms.js'
import type { Plan } from './plan/plan.js'
import type { SamplesRequest } from './plan/samples.js'
import type { RasterSource } from './plan/sources.js'
import type { StatisticsRequest } from './plan/spike-statistics.js'
import type { Encoded } from './plan-encoder.js'
import { planEncoder } from './plan-encoder.js'

/** The addon as it is: plans are {@link Encoded}, and follow the other arguments. */
export interface NativeAddon
  extends Omit<
    Addon,
    | 'Segments'
    | 'Hdf5Objects'
    | 'StreamedDataset'
    | 'startExport'
    | 'fillRaster'
    | 'fillRasterAsync'
    | 'meanWaveforms'
    | 'spikeStatistics'
    | 'Hdf5File'
    | 'readFileParts'
    | 'trainsInFile'
    | 'Samples'
  > {
  Segments: new (count: number) => NativeBatches
  Hdf5Objects: new (count: number) => NativeBatches
  StreamedDataset: new (...stream: Encoded) => NativeStreamedDataset
  startExport(plan: Plan, ...planAndSettings: Encoded): NativeJob<number>
  fillRaster(source: RasterSource, counts: BigInt64Array, ...encodedSource: Encoded): void
  fillRasterAsync(source: RasterSource, counts: BigInt64Array, ...encodedSource: Encoded): NativeJob<void>
  meanWaveforms(
    request: MeanWaveformsRequest,
    means: Float32Array,
    threads: number,
    onProgress: ((done: number, total: number) => void) | undefined,
    ...encodedRequest: Encoded
  ): NativeJob<MeanWaveforms>
  spikeStatistics(
    request: StatisticsRequest,
    counts: StatisticsCounts,
    onProgress: OnProgress | undefined,
    ...encodedRequest: Encoded
  ): NativeJob<void>
  Hdf5File: new (path: string, name: string) => EncodedHdf5File
  readFileParts(request: FilePartsRequest, threads: number, onProgress: OnProgress | undefined, ...encodedRequest: Encoded): NativeJob<void>
  trainsInFile(
    request: TrainsInFile,
    ends: BigInt64Array,
    offsets: Float64Array,
    types: Uint8Array,
    into: NativeSpikeTrains,
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedRequest: Encoded
  ): NativeJob<boolean>
  Samples: new () => EncodedSamples
  /** The number by which encoded plans refer to the name of a field. */
  fieldNumber(name: string): number
}

interface NativeBatches {
  append(...elements: Encoded): void
}

interface EncodedHdf5File {
  read(
    plan: Parameters<NativeHdf5File['read']>[0],
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedPlan: Encoded
  ): NativeJob<Falls>
  spikeTrains(
    path: string,
    ends: BigInt64Array | NativeUnitDatasets['units'],
    into: NativeSpikeTrains,
    values: readonly string[],
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedScaling: Encoded
  ): NativeJob<boolean>
  readUnitDatasets(
    units: NativeUnitDatasets['units'],
    first: number | undefined,
    into: Float64Array,
    scaling: Scaling | undefined,
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedScaling: Encoded
  ): NativeJob<Falls>
}

interface EncodedSamples {
  open(...request: Encoded): NativeJob<void>
}

type OnProgress = (done: number, total: number) => void

type Encode = ReturnType<typeof planEncoder>

/**
 * The addon that encodes plans, and what else is a tree of plain values, before native code gets them.
 *
 * @param native - the addon as it was loaded
 */
export function encodedAddon(native: NativeAddon): Addon {
  const encode = planEncoder(native.fieldNumber)
  return {
    ...native,
    Segments: listClass(encode, native.Segments),
    Hdf5Objects: listClass(encode, native.Hdf5Objects),
    StreamedDataset: streamClass(encode, native.StreamedDataset),
    Samples: samplesClass(encode, native.Samples),
    startExport: (plan, settings) => native.startExport(plan, ...encode([plan, settings])),
    fillRaster: (source, counts) => native.fillRaster(source, counts, ...encode([source])),
    fillRasterAsync: (source, counts) => native.fillRasterAsync(source, counts, ...encode([source])),
    Hdf5File: fileClass(encode, native.Hdf5File),
    readFileParts: (request, threads, onProgress) => native.readFileParts(request, threads, onProgress, ...encode([request])),
    trainsInFile: (request, ends, offsets, types, into, threads, onProgress) =>
      native.trainsInFile(request, ends, offsets, types, into, threads, onProgress, ...encode([request])),
    meanWaveforms: (request, means, threads, onProgress) => native.meanWaveforms(request, means, threads, onProgress, ...encode([request])),
    spikeStatistics: (request, counts, onProgress) => native.spikeStatistics(request, counts, onProgress, ...encode([request])),
  }
}

/** A class of native lists that encodes their elements. */
function listClass<T>(encode: Encode, Batches: new (count: number) => NativeBatches): new (count: number) => NativeList<T> {
  // Under another type: `append` takes other arguments than the method that it overrides.
  const Base = Batches as unknown as new (count: number) => NativeList<unknown>
  const { append } = Batches.prototype as NativeBatches
  return class extends Base {
    override append(elements: readonly T[], from: number, to: number): void {
      append.apply(this as unknown as NativeBatches, encode(elements, from, to))
    }
  }
}

/** The class of files that are read, which encodes what is to be read. */
function fileClass(encode: Encode, File: NativeAddon['Hdf5File']): Addon['Hdf5File'] {
  // Under another type, as above.
  const Base = File as unknown as Addon['Hdf5File']
  const { read, spikeTrains, readUnitDatasets } = File.prototype as EncodedHdf5File
  return class extends Base {
    override read(plan: Parameters<NativeHdf5File['read']>[0], threads: number, onProgress?: OnProgress): NativeJob<Falls> {
      return read.call(this as unknown as EncodedHdf5File, plan, threads, onProgress, ...encode([plan]))
    }

    override spikeTrains(
      path: string,
      ends: BigInt64Array | NativeUnitDatasets['units'],
      into: NativeSpikeTrains,
      scaling: Scaling | undefined,
      threads: number,
      onProgress?: OnProgress,
      values: readonly string[] = [],
    ): NativeJob<boolean> {
      const encoded = encode([scaling])
      return spikeTrains.call(this as unknown as EncodedHdf5File, path, ends, into, values, threads, onProgress, ...encoded)
    }

    override readUnitDatasets(
      units: NativeUnitDatasets['units'],
      first: number | undefined,
      into: Float64Array,
      scaling: Scaling | undefined,
      threads: number,
      onProgress?: OnProgress,
    ): NativeJob<Falls> {
      const encoded = encode([scaling])
      return readUnitDatasets.call(this as unknown as EncodedHdf5File, units, first, into, scaling, threads, onProgress, ...encoded)
    }
  }
}

/** The class of streamed datasets, which encodes how they are written. */
function streamClass(encode: Encode, Native: NativeAddon['StreamedDataset']): Addon['StreamedDataset'] {
  return class extends Native {
    constructor(stream: Stream) {
      super(...encode([stream]))
    }
  }
}

/** The class of samples in files, which encodes where they are. */
function samplesClass(encode: Encode, Native: NativeAddon['Samples']): Addon['Samples'] {
  // Under another type, as above.
  const Base = Native as unknown as Addon['Samples']
  const { open } = Native.prototype as EncodedSamples
  return class extends Base {
    override open(request: SamplesRequest): NativeJob<void> {
      return open.apply(this as unknown as EncodedSamples, encode([request]))
    }
  }
}
