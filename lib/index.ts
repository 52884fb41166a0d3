// The public names of the package.

export type { ExportWarning } from './engine/warnings.js'
export type { S3ErrorCode } from './errors.js'
export { FormatError, Hdf5Error, S3Error } from './errors.js'
export type {
  LoadAnyStyle,
  LoadGroupStyle,
  LoadHdf5Common,
  LoadHdf5Options,
  LoadNoRawData,
  LoadPairedStyle,
  LoadRaggedStyle,
  LoadRasterStyle,
  LoadRawData,
  LoadWithoutFrequency,
} from './formats/hdf5/load-options.js'
export type {
  Hdf5WriterOptions,
  Hdf5WriterWithoutRaw,
  Hdf5WriterWithRaw,
  WriterRaggedNames,
  WriterWithoutSamples,
  WriterWithSamples,
} from './formats/hdf5/open.js'
export { openHdf5Writer } from './formats/hdf5/open.js'
export type {
  DefaultStyle,
  GroupStyle,
  Hdf5FileOptions,
  Hdf5Options,
  Hdf5Style,
  PairedStyle,
  RaggedStyle,
  RasterStyle,
  WithoutRawData,
  WithoutSamples,
  WithRawData,
  WithSamplingFrequency,
} from './formats/hdf5/options.js'
export { loadSpikeDataFromHdf5 } from './formats/hdf5/read.js'
export type { ChunkedLayout, CloudLayout, Compression, CompressionLevel, Hdf5StorageOptions, PlainLayout } from './formats/hdf5/storage.js'
export { exportSpikeDataToHdf5 } from './formats/hdf5/write.js'
export type { Inspection, InspectOptions } from './formats/inspect.js'
export { inspect } from './formats/inspect.js'
export type {
  AllClusters,
  KilosortReading,
  LabelledClusters,
  LoadKilosortOptions,
} from './formats/kilosort/load-options.js'
export type {
  NamedRecording,
  PcFeatures,
  PhyOptions,
  RawTemplates,
  RecordingDtype,
  RecordingInPlace,
  UnitTemplates,
  WrittenRecording,
} from './formats/kilosort/phy/options.js'
export type { PhyChannelOptions } from './formats/kilosort/phy/probe.js'
export { loadSpikeDataFromKilosort } from './formats/kilosort/read.js'
export type {
  AnyFolder,
  KilosortFolder,
  KilosortOptions,
  KilosortReport,
  LocalFolder,
  PhyFiles,
  PhyFolderFiles,
  ReferenceFiles,
} from './formats/kilosort/write.js'
export { exportSpikeDataToKilosort } from './formats/kilosort/write.js'
export type { LoadFormat, LoadRecognised, LoadSpikeDataOptions } from './formats/load.js'
export { loadSpikeData } from './formats/load.js'
export type { DateTime } from './formats/nwb/fields.js'
export type { NwbIntervalColumn, NwbIntervals, NwbIntervalTables, NwbIntervalValue } from './formats/nwb/intervals.js'
export type { ObservedIntervals } from './formats/nwb/observed.js'
export type { NwbWriterOptions, NwbWriterWithoutRaw, NwbWriterWithRaw } from './formats/nwb/open.js'
export { openNwbWriter } from './formats/nwb/open.js'
export type {
  Named,
  NwbDevice,
  NwbElectrode,
  NwbElectrodeGroup,
  NwbGroupPosition,
  NwbProbe,
  OneDevice,
  OneElectrodeGroup,
  SeveralDevices,
  SeveralElectrodeGroups,
} from './formats/nwb/probe-options.js'
export type { NwbRawData } from './formats/nwb/raw-series.js'
export type { LoadNwbOptions, NwbLoadProfile, SpikelabLoadProfile } from './formats/nwb/read.js'
export { loadSpikeDataFromNwb } from './formats/nwb/read.js'
export type {
  NwbElectrical,
  NwbElectricalSeries,
  NwbLfp,
  NwbOfRawFile,
  NwbPosition,
  NwbSeries,
  NwbSeriesPlace,
  NwbSpatialSeries,
  NwbTimeSeries,
  NwbWithRate,
  NwbWithTimestamps,
  NwbWithVolts,
} from './formats/nwb/series-options.js'
export type { NwbSession, NwbSessionFields } from './formats/nwb/session.js'
export type { NwbSubject } from './formats/nwb/subject.js'
export type { UnitIds } from './formats/nwb/unit-ids.js'
export type { AnyProfile, NwbOptions, NwbProfile, SpikelabProfile } from './formats/nwb/write.js'
export { exportSpikeDataToNwb } from './formats/nwb/write.js'
export type { PickleProtocol } from './formats/pickle/output.js'
export type { LoadPickleOptions, LoadSpikeDataPickleOptions, PickleReading } from './formats/pickle/read.js'
export { loadFromPickle, loadSpikeDataFromPickle } from './formats/pickle/read.js'
export type { PyFloat, PyTuple } from './formats/pickle/values.js'
export { pyFloat, pyTuple } from './formats/pickle/values.js'
export type { PickleFile, PickleOptions, PickleReport, SpikeLabObject } from './formats/pickle/write.js'
export { exportToPickle } from './formats/pickle/write.js'
export type { ValidateOptions, Validation } from './formats/validate.js'
export { validate } from './formats/validate.js'
export type { WorkspaceFile } from './formats/workspace/options.js'
export type {
  ChosenItem,
  LoadedWorkspace,
  LoadedWorkspaceItem,
  LoadWorkspaceItemOptions,
  LoadWorkspaceOptions,
  LoadWorkspaceRecordingOptions,
  OnlyItem,
  WorkspaceReading,
} from './formats/workspace/read.js'
export { loadWorkspace, loadWorkspaceItem } from './formats/workspace/read.js'
export type { LoadedArray } from './formats/workspace/reading/arrays.js'
export type { LoadedItem } from './formats/workspace/reading/items.js'
export type { WorkspaceItem, WorkspaceItems, WorkspaceOptions, WorkspaceReport } from './formats/workspace/write.js'
export { exportToWorkspace } from './formats/workspace/write.js'
export type { Findings, InspectedArray, InspectedItem } from './jobs/findings.js'
export type { DownloadProgress, LoadOptions, LoadPath, LoadProgress } from './jobs/load-call.js'
export type { NodeSink } from './jobs/node-sink.js'
export type { WriterRaw, WriterRecording } from './jobs/recording-writer.js'
export { RecordingWriter } from './jobs/recording-writer.js'
export type { ValidationFinding, ValidationLevel } from './jobs/validation.js'
export type { Numbers } from './memory/float64.js'
export { NDArray } from './memory/ndarray.js'
export type { NumberDtype } from './memory/number-dtypes.js'
export type { NumericArray } from './memory/typed-arrays.js'
export type { PairwiseCompMatrixOptions } from './model/pairwise-comp-matrix.js'
export { PairwiseCompMatrix } from './model/pairwise-comp-matrix.js'
export type { PairwiseCompMatrixStackOptions } from './model/pairwise-comp-matrix-stack.js'
export { PairwiseCompMatrixStack } from './model/pairwise-comp-matrix-stack.js'
export type { RateCreateOptions, RateDataOptions } from './model/rate-data.js'
export { RateData } from './model/rate-data.js'
export type { RateSliceStackOptions } from './model/rate-slice-stack.js'
export { RateSliceStack } from './model/rate-slice-stack.js'
export { SpikeData } from './model/spike-data.js'
export type { SpikeSliceStackOptions } from './model/spike-slice-stack.js'
export { SpikeSliceStack } from './model/spike-slice-stack.js'
export type { Missing } from './options/checks.js'
export type { AveragingProgress, ExportOptions, ExportReport, Progress } from './options/export-options.js'
export type { ExportPath } from './options/export-path.js'
export type { TimeUnit } from './options/time-unit.js'
export type { Metadata, NeuronAttributes, PlainObject } from './recording/attributes.js'
export type { LazyLoading, LazySpikes, SpikesInMemory } from './recording/lazy-loading.js'
export type { IndexKind } from './recording/ragged-index.js'
export { RawFile } from './recording/raw-file.js'
export type { RawData } from './recording/raw-recording.js'
export { RawStream } from './recording/raw-stream.js'
export type { BatchesOptions, BatchesProgress, SpikeBatches, SpikeValueOptions, SpoolOptions } from './recording/spike-batches.js'
export type {
  CreateCallbacks,
  CreateOptions,
  CreateProgress,
  RecordingOptions,
  SpikeDataOptions,
  WithoutRawSamples,
  WithRawFile,
  WithRawSamples,
} from './recording/spike-data-builder.js'
export type { FlatSpikes, PairedSpikes, SpikeSource } from './recording/spike-sources.js'
export type { SpikeBatch, UnitBatch } from './recording/spike-spool.js'
export type { SpikeValueArray, SpikeValueDtype, SpikeValues } from './recording/spike-values.js'
export type { TimeWindow } from './recording/windows.js'
export type { LoadSpikeInterfaceOptions, SpikeInterfaceReading } from './sortings/spikeinterface/read.js'
export { loadSpikeDataFromSpikeInterface } from './sortings/spikeinterface/read.js'
export type { LoadSortedNpzOptions, SortedNpzReading } from './sortings/spikelab/read.js'
export { loadSpikeDataFromSpikelabSortedNpz } from './sortings/spikelab/read.js'
export type { FlatOptions, RawOrder } from './sources/flat-samples.js'
export type { RawDtype } from './sources/raw-dtypes.js'
export type { DescribedFileOptions, FlatFileOptions, RawFileOptions } from './sources/raw-file.js'
export { rawFile } from './sources/raw-file.js'
export type { RawBlocks, RawStreamOptions } from './sources/raw-stream.js'
export { rawStream } from './sources/raw-stream.js'
export type {
  Download,
  LoadOptionsFor,
  NoDownload,
  NoS3Access,
  NoUpload,
  OptionsFor,
  S3Access,
  S3LoadOptions,
  S3Options,
  S3Url,
  Upload,
} from './storage/s3-options.js'
