/**
 * The types of options: what makes no sense does not compile, and what is natural does, as a program sees it that has only the package's
 * declarations; with and without exact optional properties.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startProcess } from '../support/child.js'

t.setTimeout(300_000)

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = t.testdir()
mkdirSync(`${dir}/node_modules`)
symlinkSync(root, `${dir}/node_modules/spikeport`)

const IMPORTS = `import { NDArray, PairwiseCompMatrix, rawFile, rawStream, RateData, SpikeData, exportToWorkspace as workspace, exportSpikeDataToHdf5 as hdf5, exportSpikeDataToKilosort as kilosort,
  exportSpikeDataToNwb as nwb, exportToPickle as pickle, inspect, openHdf5Writer as openHdf5, openNwbWriter as openNwb, type RecordingWriter, loadFromPickle as loadPickle, loadSpikeData as load,
  loadSpikeDataFromHdf5 as loadHdf5, loadSpikeDataFromKilosort as loadKilosort, loadSpikeDataFromNwb as loadNwb,
  loadSpikeDataFromPickle as loadSpikes, loadSpikeDataFromSpikeInterface as loadSorting, loadSpikeDataFromSpikelabSortedNpz as loadSorted, loadWorkspace, loadWorkspaceItem as loadItem, type LoadHdf5Options, type LoadKilosortOptions,
  type LoadOptions, type LoadPickleOptions, type ExportOptions, type ExportReport, type Hdf5Options, type Hdf5Style,
  type KilosortOptions, type NwbElectrode, type NwbIntervals, type NwbOptions, type NwbSeries, type NwbSession, type PickleOptions, type SpikeDataOptions, type TimeUnit, type TimeWindow, type WorkspaceItems, type WorkspaceOptions, type WorkspaceReport } from 'spikeport'
declare const sd: SpikeData, path: string, url: URL, raw: NDArray, key: string | undefined, signal: AbortSignal
`

/** Calls that contradict themselves, each with words of the error message. */
const WRONG: [call: string, message: RegExp][] = [
  [`hdf5(sd, 'x.h5', { style: 'raster' })`, /'rasterBinSizeMs' is missing .* required in type 'RasterStyle'/],
  [`hdf5(sd, 'x.h5', { style: 'group', rasterBinSizeMs: 1 })`, /Type 'number' is not assignable to type 'Missing/],
  [`hdf5(sd, 'x.h5', { rasterBinSizeMs: 1 })`, /'style' is missing .* required in type 'RasterStyle'/],
  [`hdf5(sd, 'x.h5', { style: 'paired', groupPerUnit: 'u' })`, /Type 'string' is not assignable to type 'Missing/],
  [`hdf5(sd, 'x.h5', { style: 'sparse' })`, /'"sparse"' is not assignable/],
  [`hdf5(sd, 'x.h5', { styl: 'group' })`, /Did you mean to write 'style'\?/],
  [`hdf5(sd, 'x.h5', { spikeTimesUnit: 'samples' })`, /'fsHz' is missing .* required in type 'WithSamplingFrequency'/],
  [`hdf5(sd, 'x.h5', { style: 'group', groupTimeUnit: 'samples' })`, /'fsHz' is missing/],
  [`hdf5(sd, 'x.h5', { style: 'paired', timesUnit: 'samples', fsHz: null })`, /not assignable to type 'number'/],
  [`hdf5(sd, 'x.h5', { rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: 'samples' })`, /'fsHz' is missing/],
  [`hdf5(sd, 'x.h5', { layout: 'contiguous', compression: {} })`, /not assignable to type 'false'/],
  [`hdf5(sd, 'x.h5', { layout: 'contiguous', chunkBytes: 4096 })`, /Type 'number' is not assignable to type 'undefined'/],
  [`hdf5(sd, 'x.h5', { layout: 'chunked', pageBytes: 4194304 })`, /Type 'number' is not assignable to type 'undefined'/],
  [`hdf5(sd, 'x.h5', { pageBytes: 4194304 })`, /'layout' is missing|Type 'number' is not assignable to type 'undefined'/],
  [`nwb(sd, 'x.nwb', { layout: 'contiguous', pageBytes: 4194304 })`, /Type 'number' is not assignable to type 'undefined'/],
  [`openNwb('x.nwb', { raw: { dtype: 'int16', channels: 4, rateKHz: 30 } })`, /'rawData' is missing|not assignable/],
  [`openNwb('x.nwb', { rawData: { conversion: 1 } })`, /'raw' is missing|not assignable/],
  [`openNwb('x.nwb', { profile: 'spikelab' })`, /'profile' does not exist/],
  [`openHdf5('x.h5', { rawDataset: 'raw' })`, /'raw' is missing|not assignable/],
  [`openHdf5('x.h5', { style: 'raster' })`, /'style' does not exist/],
  [`openHdf5('x.h5', { spikeTimesUnit: 'samples' })`, /'fsHz' is missing|not assignable/],
  [`openHdf5('x.h5', { raw: { dtype: 'int16', channels: 4 } })`, /'rateKHz' is missing/],
  [`rawFile('x', { dtype: 'int16' })`, /not assignable/],
  [`rawFile('x', { order: 'time', offset: 5 })`, /not assignable/],
  [`rawStream([], { channels: 2 })`, /'dtype' is missing/],
  [`rawStream([], { dtype: 'i2', channels: 2 })`, /'"i2"' is not assignable to type/],
  [`rawStream([1, 2], { dtype: 'int16', channels: 2 })`, /not assignable to/],
  [`new SpikeData([], { rawData: [new Int16Array(2)], rawTime: 1 })`, /not assignable to type/],
  [`new SpikeData([], { rawData: rawStream([], { dtype: 'int16', channels: 2 }) })`, /'rawTime' is missing|not assignable to type/],
  [`nwb(sd, 'x.nwb', { layout: 'clouds' })`, /'"clouds"' is not assignable/],
  [`hdf5(sd, 'x.h5', { rawDataset: 'raw' })`, /'rawTimeDataset' is missing .* required in type 'WithRawData'/],
  [`hdf5(sd, 'x.h5', { rawTimeDataset: 'raw' })`, /'rawDataset' is missing .* required in type 'WithRawData'/],
  [`hdf5(sd, 'x.h5', { compression: { level: 42 } })`, /'42' is not assignable to type/],
  [`hdf5(sd, 's3://bucket/key')`, /Expected 3 arguments/],
  [`hdf5(sd, 's3://bucket/key', {})`, /s3Upload/],
  [`hdf5(sd, 'S3://bucket/key', { style: 'group' })`, /s3Upload/],
  [`nwb(sd, 'https://bucket.s3.eu-central-1.amazonaws.com/key')`, /Expected 3 arguments/],
  [`kilosort(sd, 'https://s3.amazonaws.com/bucket/key', { fsHz: 1 })`, /s3Upload/],
  [`pickle(sd, 's3://bucket/key', { protocol: 4 })`, /s3Upload/],
  [`hdf5(sd, path, { regionName: 'eu-central-1' })`, /'s3Upload' is missing|not assignable to type 'Missing/],
  [`pickle(sd, path, { awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' })`, /'s3Upload' is missing|not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { style: 'raster', spikeTimesDataset: 't' })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { rasterDataset: 'a', groupPerUnit: 'b' })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { spikeTimesUnit: 'samples' })`, /'fsHz' is missing|not assignable/],
  [`loadHdf5('x.h5', { rawDataset: 'raw' })`, /'rawTimeDataset' is missing/],
  [`loadHdf5('x.h5', { groupPerUnit: 'a', unitCount: 3 })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { style: 'raster', unitCount: 3 })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { unitCount: 3, rasterBinSizeMs: 1 })`, /is not assignable/],
  [`loadHdf5('x.h5', { style: 'group', rasterBinSizeMs: 1 })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { spikeTimesIndex: 'ends', timesUnit: 's' })`, /not assignable to type 'Missing/],
  [`loadHdf5('x.h5', { fsHz: 3 })`, /is not assignable/],
  [`loadHdf5('x.h5', { style: 'group', fsHz: 3 })`, /is not assignable/],
  [`loadHdf5('x.h5', { rawDataset: 'a', rawTimeDataset: 'b', fsHz: 3 })`, /is not assignable/],
  [`loadHdf5('x.h5', { style: 'group', spikeTimesUnit: 's', fsHz: 3 })`, /is not assignable/],
  [`loadHdf5('x.h5', { groupTimeUnit: 'samples' })`, /is not assignable/],
  [`loadHdf5('x.h5', { timesUnit: 'samples', fsHz: undefined })`, /is not assignable/],
  [`loadHdf5('x.h5', { timesUnit: 's', rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: 'samples' })`, /is not assignable/],
  [`loadHdf5('x.h5', { rawTimeUnit: 's' })`, /is not assignable/],
  [`loadHdf5('x.h5', { rawTimeDataset: 'b', rawTimeUnit: 's' })`, /is not assignable|'rawDataset' is missing/],
  [`loadHdf5('x.h5', { regionName: 'eu-central-1' })`, /is not assignable/],
  [`loadHdf5('s3://bucket/key', { style: 'group' })`, /s3Download/],
  [`loadNwb('x.nwb', { profile: 'spikelab', rawData: true })`, /is not assignable/],
  [`loadNwb('x.nwb', { regionName: 'eu-central-1' })`, /is not assignable/],
  [`loadKilosort('ks', { includeNoise: true })`, /is not assignable|'clusterInfoTsv' is missing/],
  [`loadKilosort('ks', { awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' })`, /is not assignable/],
  [`loadSpikes('x.pkl', { pythonTypes: 'other' })`, /is not assignable/],
  [`loadItem('x.h5', 'a', 'b', { s3Endpoint: 'https://store' })`, /is not assignable/],
  [`loadSorting('folder', { unitIds: [true] })`, /is not assignable/],
  [`loadSorted('x.npz', { samplingFrequency: 1 })`, /does not exist/],
  [`load('x.h5', { fsHz: 3 })`, /is not assignable/],
  [`load('x.h5', { format: 'hdf5', fsHz: 3 })`, /is not assignable/],
  [`load('x.h5', { format: 'hdf5', style: 'group', unitCount: 3 })`, /is not assignable/],
  [`load('x.nwb', { format: 'nwb', style: 'group' })`, /is not assignable|does not exist/],
  [`load('ks', { format: 'kilosort', includeNoise: true })`, /is not assignable/],
  [`inspect('x.h5', { threads: 1 })`, /'threads' does not exist/],
  [`loadHdf5('x.h5', { spikeTimesIndex: 'begins' })`, /'"begins"' is not assignable/],
  [`load('x', { fsHz: 30000 })`, /'format' is missing|not assignable to type 'Missing/],
  [`load('x', { format: 'hdf5', clusterInfoTsv: 'x.tsv' })`, /not assignable|'clusterInfoTsv' does not exist/],
  [`load('x', { format: 'hdf5', style: 'raster', spikeTimesDataset: 't' })`, /not assignable to type 'Missing/],
  [`load('x', { format: 'nwb', profile: 'spikelab', rawData: true })`, /not assignable to type 'Missing/],
  [`load('x', { format: 'abf' })`, /'"abf"' is not assignable/],
  [`inspect('x', { threads: 1 })`, /'threads' does not exist/],
  [`loadHdf5(5)`, /'number' is not assignable/],
  [`loadHdf5('s3://bucket/key')`, /Expected 2 arguments/],
  [`load('s3://bucket/key')`, /Expected 2 arguments/],
  [`load('s3://bucket/key', { format: 'nwb' })`, /s3Download/],
  [`load('s3://bucket/key', { s3Download: true })`, /not assignable|format/],
  [`loadHdf5('s3://bucket/key', { style: 'group' })`, /s3Download/],
  [`loadNwb('S3://bucket/key', {})`, /s3Download/],
  [`loadKilosort('https://s3.amazonaws.com/bucket/key')`, /Expected 2 arguments/],
  [`loadPickle('https://bucket.s3.eu-central-1.amazonaws.com/key', { pythonTypes: 'plain' })`, /s3Download/],
  [`loadSpikes('s3://bucket/key')`, /Expected 2 arguments/],
  [`loadWorkspace('s3://bucket/key')`, /Expected 2 arguments/],
  [`loadItem('s3://bucket/key', 'a', 'b')`, /Expected 4 arguments/],
  [`loadSorting('s3://bucket/key')`, /Expected 2 arguments/],
  [`loadSorted('s3://bucket/key')`, /Expected 2 arguments/],
  [`loadSpikes(path, { regionName: 'eu-central-1' })`, /'s3Download' is missing|not assignable to type 'Missing/],
  [`loadHdf5(path, { s3Endpoint: 'http://localhost' })`, /'s3Download' is missing|not assignable to type 'Missing/],
  [`loadSorted(path, { awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' })`, /'s3Download' is missing|not assignable to type 'Missing/],
  [`loadHdf5(path, { rawTimeUnit: 's' })`, /'rawTimeUnit'|not assignable/],
  [`loadKilosort(path, { includeNoise: true })`, /'clusterInfoTsv' is missing/],
  [`loadKilosort(path, { s3Upload: true })`, /'s3Upload' does not exist/],
  [`hdf5(sd, 5)`, /'number' is not assignable/],
  [`nwb(sd, 'x.nwb', { profile: 'spikelab', nwb: {} })`, /not assignable to type 'Missing/],
  [`nwb(sd, 'x.nwb', { profile: 'spikelab', fsHz: 1 })`, /not assignable to type 'Missing/],
  [`nwb(sd, 'x.nwb', { profile: 'spikelab', rawData: { conversion: 1 } })`, /not assignable to type 'Missing/],
  [`nwb(sd, 'x.nwb', { group: 'sorted' })`, /'profile' is missing|'"units"'|is not assignable/],
  [`nwb(sd, 'x.nwb', { profile: 'nwb', group: 'sorted' })`, /'"sorted"' is not assignable to type '"units"/],
  [`nwb(sd, 'x.nwb', { profile: 'nwb', spikeTimesDataset: 't' })`, /not assignable to type '"spike_times"/],
  [`nwb(sd, 'x.nwb', { layout: 'contiguous', compression: {} })`, /not assignable to type 'false'/],
  [`nwb(sd, path, { nwb: { obsIntervals: [5, 6] } })`, /'number' is not assignable/],
  [`nwb(sd, path, { nwb: { obsIntervals: [[1, 2, 3]] } })`, /not assignable/],
  [`nwb(sd, path, { nwb: { spikeColumns: 'amplitudes' } })`, /'string' is not assignable/],
  [`nwb(sd, path, { nwb: { trials: { startTime: [0] } } })`, /'stopTime' is missing/],
  [`nwb(sd, path, { nwb: { trials: { startTime: [0], stopTime: ['1'] } } })`, /'string' is not assignable/],
  [`nwb(sd, path, { nwb: { epochs: { startTime: [0], stopTime: [1], columns: { a: 5 } } } })`, /'number' is not assignable/],
  [`nwb(sd, path, { nwb: { epochs: { startTime: [0], stopTime: [1], columns: { a: [{}] } } } })`, /not assignable/],
  [`nwb(sd, path, { nwb: { intervals: { licks: [0, 1] } } })`, /missing the following properties/],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, rateHz: 1 } } } })`, /'unit' is missing/],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, unit: 'V' } } } })`, /not assignable|is missing/],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, unit: 'V', rateHz: 1, timestamps: [1] } } } })`, /not assignable/],
  [
    `nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, unit: 'V', startTime: 1, timestamps: [1] } } } })`,
    /not assignable/,
  ],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, unit: 'V', rateHz: 1, electrodes: [1] } } } })`, /not assignable/],
  [
    `nwb(sd, path, { nwb: { series: { s: { type: 'TimeSeries', data: raw, unit: 'V', rateHz: 1, place: 'analysis' } } } })`,
    /not assignable/,
  ],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'LFP', data: raw, rateHz: 1 } } } })`, /not assignable/],
  [
    `nwb(sd, path, { nwb: { series: { s: { type: 'LFP', data: raw, rateHz: 1, conversion: 1, place: 'acquisition' } } } })`,
    /not assignable/,
  ],
  [
    `nwb(sd, path, { nwb: { series: { s: { type: 'ElectricalSeries', data: raw, rateHz: 1, conversion: 1, unit: 'V' } } } })`,
    /not assignable/,
  ],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'Position', data: [1, 2], rateHz: 1 } } } })`, /not assignable/],
  [`nwb(sd, path, { nwb: { series: { s: { type: 'Place', data: raw, rateHz: 1 } } } })`, /not assignable/],
  [
    `nwb(sd, 'x.nwb', { nwb: { device: {}, devices: [{ name: 'a' }] } })`,
    /is not assignable to type 'Missing|is not assignable to type 'undefined/,
  ],
  [`nwb(sd, 'x.nwb', { nwb: { devices: [{ description: 'a' }] } })`, /'name' is missing/],
  [
    `nwb(sd, 'x.nwb', { nwb: { electrodeGroups: [{ name: 'a' }] } })`,
    /'electrodes' is missing .* required in type 'SeveralElectrodeGroups'/,
  ],
  [`nwb(sd, 'x.nwb', { nwb: { electrodeGroup: {}, electrodeGroups: [{ name: 'a' }], electrodes: [] } })`, /is not assignable/],
  [`nwb(sd, 'x.nwb', { nwb: { electrodes: [{ rel_x: 1 }] } })`, /'rel_x' does not exist|Did you mean to write 'relX'/],
  [`nwb(sd, 'x.nwb', { nwb: { electrodes: [{ columns: { a: [1] } }] } })`, /'number\[\]' is not assignable/],
  [`nwb(sd, 'x.nwb', { nwb: { electrodes: { id: [1] } } })`, /'id' does not exist in type 'readonly NwbElectrode/],
  [`nwb(sd, 'x.nwb', { unitIds: ['a', 1] })`, /is not assignable/],
  [`nwb(sd, 'x.nwb', { unitIds: 'ab' })`, /'string' is not assignable/],
  [`nwb(sd, 'x.nwb', { profile: 'spikelab', unitIds: [1] })`, /not assignable to type 'Missing|not assignable to type 'null/],
  [`kilosort(sd, 'ks')`, /Expected 3 arguments/],
  [`workspace(sd, 'x')`, /Index signature for type 'string' is missing in type 'SpikeData'/],
  [`workspace({ ns: sd }, 'x')`, /not assignable/],
  [`workspace({ ns: { a: 1 } }, 'x')`, /Type 'number' is not assignable to type 'WorkspaceItem/],
  [`workspace({ ns: { a: null } }, 'x')`, /Type 'null' is not assignable/],
  [`workspace({ ns: { a: new Date() } }, 'x')`, /Type 'Date' is not assignable/],
  [`workspace({ ns: { a: new Set([1]) } }, 'x')`, /Type 'Set<number>' is not assignable/],
  [`workspace({ ns: { a: sd } }, 's3://bucket/key')`, /Expected 3 arguments/],
  [`workspace({ ns: { a: sd } }, 'x', { protocol: 4 })`, /'protocol' does not exist/],
  [`workspace({ ns: { a: sd } }, 'x', { notes: { ns: { a: 5 } } })`, /Type 'number' is not assignable to type 'string'/],
  [`workspace({ ns: { a: sd } }, 'x', { createdAt: 5 })`, /Type 'number' is not assignable to type 'Date'/],
  [`kilosort(sd, 'ks', {})`, /'{}' is not assignable to parameter of type 'KilosortOptions'/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: true, timeUnit: 'ms' })`, /'"ms"' is not assignable to type '"samples"/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: {}, spikeTimesFile: 'times.npy' })`, /is not assignable to type '"spike_times/],
  [`kilosort(sd, path, { fsHz: 1, s3Upload: true, overwrite: true })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, channels: { ids: [0] } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: false, shift: true })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: true as boolean, channels: { ids: [0] } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: true, channels: { positions: [[0, 0]] } })`, /Property 'ids' is missing/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: true, channels: { ids: [0], positions: [[0, 0, 0]] } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { templates: 'means' } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { samplesBefore: 20 } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { templates: true, samplesAfter: 41 } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { write: true, path: 'raw.dat' } } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { path: 'raw.dat' } } })`, /is not assignable/],
  [
    `kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { path: 'raw.dat', channels: 4, scale: 2 } } })`,
    /'scale' does not exist in type 'NamedRecording'/,
  ],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { path: 'raw.dat', channels: 4, dtype: '<i2' } } })`, /is not assignable/],
  [`kilosort(sd, 'ks', { fsHz: 1, phy: { pcFeatures: { features: [] } } })`, /Property 'electrodes' is missing/],
  [`pickle(sd, 'x.pkl', { protocol: 6 })`, /'6' is not assignable/],
  [`pickle(sd, 'x.pkl', { style: 'group' })`, /'style' does not exist/],
  [`new SpikeData([], { metadata: ['a'] })`, /is not assignable/],
  [`new SpikeData([], { metadata: new Map() })`, /is not assignable/],
  [`new SpikeData([], { metadata: new Float64Array(1) })`, /is not assignable/],
  [`new SpikeData([], { metadata: () => {} })`, /is not assignable/],
  [`new SpikeData([], { neuronAttributes: [['a']] })`, /is not assignable/],
  [`new PairwiseCompMatrix(raw, { metadata: [1] })`, /is not assignable/],
  [`new SpikeData([], { rawTime: 20 })`, /'rawData' is missing/],
  [`new SpikeData([], { rawData: raw })`, /'rawTime' is missing .* required in type 'WithRawSamples'/],
  [`SpikeData.fromBatches(5)`, /is not assignable to parameter of type 'SpikeBatches'/],
  [`SpikeData.fromBatches([{ times: [1] }])`, /is not assignable|is missing/],
  [`SpikeData.fromBatches([{ unit: 0, units: [0], times: [1] }])`, /is not assignable/],
  [`SpikeData.fromBatches([], { spoolfolder: '.' })`, /'spoolfolder' does not exist/],
  [`SpikeData.fromBatches([], { rawTime: 5 })`, /is not assignable/],
  [`load('x', { maxMemory: 5 })`, /is not assignable|'lazy' is missing/],
  [`load('x', { format: 'pickle', maxMemory: 5 })`, /is not assignable|'lazy' is missing/],
  [`loadPickle('x.pkl', { lazy: true })`, /is not assignable|'lazy' does not exist/],
  [`loadWorkspace('x.h5', { lazy: true })`, /is not assignable|'lazy' does not exist/],
  [`loadItem('x.h5', 'a', 'b', { spoolFolder: '.' })`, /is not assignable|'lazy' is missing/],
  [`loadSpikes('x.pkl', { spoolFolder: '.' })`, /is not assignable|'lazy' is missing/],
  [`loadSorted('x.npz', { maxMemory: 5 })`, /is not assignable|'lazy' is missing/],
  [`loadSorting('x', { lazy: false, maxMemory: 5 })`, /is not assignable/],
  [`loadNwb('x.nwb', { spoolFolder: '.' })`, /is not assignable|'lazy' is missing/],
  [`loadHdf5('x.h5', { lazy: false, maxMemory: 5 })`, /is not assignable/],
  [`SpikeData.fromBatches([], { spikeValues: { amplitudes: 'float' } })`, /'"float"' is not assignable/],
  [`SpikeData.create({ flat: [1] })`, /'index' is missing/],
  [`SpikeData.create({ idces: [1], index: [1] })`, /is not assignable|'times' is missing|'flat' is missing/],
]

const NATURAL = `${IMPORTS}
declare const style: Exclude<Hdf5Style, 'raster'>, anyStyle: Hdf5Style, unit: TimeUnit, isPhy: boolean, upload: boolean
declare const layout: 'auto' | 'contiguous' | 'chunked', compression: false | { level?: 1 | 6; shuffle?: boolean } | undefined
declare const profile: 'nwb' | 'spikelab', either: string | URL, windows: readonly TimeWindow[], intervals: NwbIntervals, someSeries: NwbSeries, names: readonly string[], electrodes: readonly NwbElectrode[] | undefined
const probe: NwbSession = { electrodes: [{}], electrodeGroup: {} }
const file = await rawFile('x.dat', { dtype: 'int16', channels: 2 })
const stream = rawStream(new ReadableStream<Int16Array>(), { dtype: 'int16', channels: 2 })
export const streams = [rawStream([new Int16Array(2)], { dtype: 'int16', channels: 2, samples: 1 }), rawStream((async function* () { yield new Uint8Array(2) })(), { dtype: 'uint8', channels: 1 })]
const live = { dtype: 'int16', channels: 4, rateKHz: 30 } as const
export const writers: Promise<RecordingWriter>[] = [
  openNwb(path), openNwb(url, { N: 3, length: 5, raw: live, rawData: { conversion: 1 }, nwb: { sessionStartTime: new Date() }, unitIds: [1, 2, 3] }),
  openHdf5(path, { raw: live, rawDataset: 'a', compression: {}, signal, durable: true }), openHdf5(path, { spikeTimesUnit: 'samples', fsHz: 3, maxMemory: 2 ** 30 }),
]
export async function live_(writer: RecordingWriter): Promise<ExportReport> {
  await using w = writer
  await w.writeSpikes({ unit: 1, times: [1] })
  await w.writeSpikes({ units: new Int32Array(1), times: [1] })
  await w.writeRaw(new Int16Array(4))
  await new ReadableStream<Int16Array>().pipeTo(w.rawWebSink())
  w.rawSink().on('error', (error: Error) => void error).end(new Uint8Array(8))
  return w.commit()
}
export const calls: Promise<ExportReport>[] = [
  hdf5(sd, path), hdf5(sd, url), hdf5(sd, either), hdf5(sd, new URL('file:///x.h5'), {}), hdf5(sd, \`\${path}/x.h5\`, undefined),
  hdf5(sd, path, { style }), hdf5(sd, path, { style, compression, layout: 'chunked', chunkBytes: 4096 }), hdf5(sd, path, { layout }),
  hdf5(sd, path, anyStyle === 'raster' ? { style: anyStyle, rasterBinSizeMs: 1 } : { style: anyStyle }),
  hdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1, layout, signal, onProgress: ({ bytesWritten }) => void bytesWritten }),
  hdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1, chunkBytes: 4096 }),
  hdf5(sd, path, { spikeTimesUnit: unit, fsHz: 30000 }), hdf5(sd, path, { style: 'paired', timesUnit: 's', fsHz: undefined }),
  hdf5(sd, path, { rawDataset: key, rawTimeDataset: key, rawTimeUnit: 's' }), hdf5(sd, path, { rasterBinSizeMs: null, groupPerUnit: undefined }),
  hdf5(sd, path, { style: undefined, fsHz: undefined, rawDataset: undefined, compression: undefined, chunkBytes: undefined, s3Upload: undefined,
    awsAccessKeyId: undefined, signal: undefined, spikeTimesUnit: undefined }),
  hdf5(sd, path, { s3Upload: upload }), hdf5(sd, \`\${path}/x.h5\`, { s3Upload: true }),
  hdf5(sd, 's3://bucket/key', { s3Upload: true, awsAccessKeyId: key, awsSecretAccessKey: key, regionName: key, style: 'group' }),
  hdf5(sd, new URL('s3://bucket/key'), { s3Upload: true }),
  hdf5(new SpikeData([], { rawData: stream, rawTime: 30 }), path, { rawDataset: 'a', rawTimeDataset: 'b' }),
  nwb(sd, path, { nwb: { series: { lfp: { type: 'LFP', data: stream, rateHz: 1000, conversion: 1e-6 } } } }),
  nwb(new SpikeData([], { rawData: file }), path, { rawData: {}, nwb: { series: { lfp: { type: 'LFP', data: file, rateHz: 1000 } } } }),
  nwb(sd, path), nwb(sd, path, { profile }), nwb(sd, path, { nwb: { sessionStartTime: new Date() }, fsHz: 1, rawData: { conversion: 1 }, group: 'units' }),
  nwb(sd, path, { unitIds: [1, 2n] }), nwb(sd, path, { unitIds: new Int32Array(2), fsHz: 1 }), nwb(sd, path, { unitIds: names, profile: 'nwb' }),
  nwb(sd, path, { nwb: { electrodes, electrodeGroup: { device: 'a' }, devices: [{ name: 'a' }] } }), nwb(sd, path, { nwb: probe }),
  nwb(sd, path, { nwb: { electrodes: [{ id: 1n, relX: 2, group: 'a', columns: { a: 1, b: 'b', c: true, d: null } }], electrodeGroups: [{ name: 'a' }] } }),
  nwb(sd, path, { nwb: { ...probe, sessionStartTime: new Date(), electrodeColumnDescriptions: { a: 'b' } } }),
  nwb(sd, path, { layout: 'cloud' }), nwb(sd, path, { layout: 'cloud', compression, chunkBytes: 4096, pageBytes: 2 ** 23 }),
  hdf5(sd, path, { layout: 'cloud', style, pageBytes: undefined }), nwb(sd, path, { profile: 'spikelab', layout: 'cloud' }),
  nwb(sd, path, { profile: 'spikelab', group: 'sorted', compression: { level: 6 } }), nwb(sd, path, { chunkBytes: 4096 }),
  nwb(sd, path, { nwb: { obsIntervals: [[0, 1], [2, 3]], spikeColumns: ['amplitudes'] } }), nwb(sd, path, { nwb: { obsIntervals: windows } }),
  nwb(sd, path, { nwb: { obsIntervals: [windows, [[1, 2]]], trials: undefined, series: { none: undefined } } }),
  nwb(sd, path, { nwb: { trials: { startTime: [0, 1], stopTime: Float64Array.of(1, 2), timeColumns: ['cue'], descriptions: { side: 'Left or right.' },
    columns: { cue: [1, null], side: ['left', 'right'], correct: [true, false], licks: [[1, 2], Float32Array.of(3)], id_: new Int32Array(2), raw,
      tags: [['a'], 'b'] } }, intervals: { licks: intervals, none: undefined } } }),
  nwb(sd, path, { nwb: { series: { lfp: { type: 'LFP', data: raw, rateHz: 1000, conversion: 1e-6, electrodes: [1, 2n] }, more: someSeries,
    raw: { type: 'ElectricalSeries', data: raw, timestamps: [1, 2], conversion: 1, place: 'processing/ecephys' }, 
    speed: { type: 'TimeSeries', data: new Uint8Array(2), rateHz: 1, startTime: 5, unit: 'm/s', place: 'stimulus', timeAxis: 'first' },
    gaze: { type: 'SpatialSeries', data: raw, rateHz: 1, unit: 'radians', referenceFrame: 'The screen.' }, track: { type: 'Position', data: raw, rateHz: 1 } } } }),
  kilosort(sd, path, { fsHz: 1 }), kilosort(sd, path, { fsHz: 1, phy: isPhy }), kilosort(sd, path, { fsHz: 1, timeUnit: unit, overwrite: true }),
  kilosort(sd, url, { fsHz: 1, phy: { templates: true }, clusterIds: [1, 2n], spikeTimesFile: 'spike_times.npy' }),
  kilosort(sd, 's3://bucket/prefix', { fsHz: 1, s3Upload: true, phy: true }),
  kilosort(sd, 'ks', { fsHz: 1, phy: { templates: 'raw', samplesBefore: 20, recording: { write: true, scale: 10 } }, shift: true }),
  kilosort(sd, 'ks', { fsHz: 1, phy: true, channels: { ids: [0, 1n], positions: [[0, 0], [0, 20]], shanks: new Int32Array(2) } }),
  kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { inPlace: true, hpFiltered: true } } }),
  kilosort(sd, 'ks', { fsHz: 1, phy: { recording: { path: ['a.dat', 'b.dat'], channels: 4, dtype: 'float32' } }, channels: null }),
  pickle(sd, path), pickle(sd, url, { protocol: 4 }), pickle(new RateData(raw, [1]), 's3://bucket/key', { s3Upload: true }),
]
const store = { s3Upload: true, regionName: 'eu-central-1', awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' }
calls.push(hdf5(sd, 's3://bucket/key', store), nwb(sd, 's3://bucket/key', { ...store }), pickle(sd, path, store))

const options: Hdf5Options = { style: 'ragged', fsHz: 1 }
calls.push(hdf5(sd, 'x.h5', options))
let later: Hdf5Options = {}
later.durable = true
later = { style: 'raster', rasterBinSizeMs: 5 }
calls.push(hdf5(sd, path, later), hdf5(sd, path, { ...later, threads: 2 }))
const constant = { style: 'group', durable: true } as const
calls.push(hdf5(sd, path, constant))
declare const items: WorkspaceItems, row: { culture: string; day?: number }
calls.push(workspace({}, path), workspace(items, url, { s3Upload: upload }), workspace(items, 's3://bucket/key', { s3Upload: true, name: 'a' }))
calls.push(
  workspace({ ns: { a: sd, b: raw, c: Float64Array.of(1), d: [1, 2.5], e: { x: 1, y: null, z: new Set([1]) } }, other: {} }, path),
  workspace({ ns: { f: new Map([['a', 1]]), g: undefined, row } }, path, { notes: { ns: { row: 'b' } }, createdAt: new Date(), signal }),
)
export const workspaceToo = (to: string, given: WorkspaceOptions): Promise<WorkspaceReport> => workspace(items, to, { ...given, signal })
class Settings { style = 'group' as const; durable = true }
calls.push(hdf5(sd, path, new Settings()))
export const cancellable = (to: string | URL, given: Hdf5Options) => hdf5(sd, to, { ...given, signal })
export const passed = (to: string | URL, given?: Hdf5Options) => hdf5(sd, to, given)
export const withDefault = (to: string, { durable = true, ...rest }: Hdf5Options = {}) => hdf5(sd, to, { ...rest, durable })
export const before = (to: string, given?: Hdf5Options) => hdf5(sd, to, { threads: 1, ...given })
export const nwbToo = (to: string, given: NwbOptions) => nwb(sd, to, { ...given, signal })
export const kilosortToo = (to: string, given: KilosortOptions) => kilosort(sd, to, { ...given, signal })
export const pickleToo = (to: string, given?: PickleOptions) => pickle(sd, to, { ...given, signal })
export const commonly = (to: string, given: ExportOptions) => hdf5(sd, to, { style: 'paired', ...given })
export const functions: ((sd: SpikeData, path: string, options?: ExportOptions) => Promise<ExportReport>)[] = [hdf5, nwb, pickle]
export interface Mine extends ExportOptions { folder: string }

interface Culture { culture: string; day?: number }
declare const culture: Culture, cultures: readonly Culture[], some: SpikeDataOptions, unknown: Record<string, unknown>
declare const common: LoadOptions, someHz: number | undefined
export const loaded = [loadPickle(path, { pythonTypes: 'plain', s3Download: true }), loadWorkspace('s3://b/k', { s3Download: true }), loadItem(path, 'a', 'b', common), loadItem(path, 'a', 'b', { lazy: true, maxMemory: 2 ** 20 })]
export const loadHdf5Too = (from: string | URL, given?: LoadHdf5Options) => loadHdf5(from, { ...given, signal })
export const loadKilosortToo = (from: string, given: LoadKilosortOptions) => loadKilosort(from, { ...given, signal })
export const loadPickleToo = (from: string, given?: LoadPickleOptions) => loadPickle(from, given)
export const loaders: ((path: string, options?: LoadOptions) => Promise<SpikeData>)[] = [loadHdf5, loadNwb, loadKilosort, loadSpikes, loadSorted, loadSorting]
export interface MyLoad extends LoadOptions { folder: string }
export const recordings: SpikeData[] = [
  new SpikeData([[1]], { metadata: culture, neuronAttributes: cultures, N: null }), new SpikeData([[1]], { metadata: { length: 1, a: [1] } }),
  new SpikeData([[1]], { metadata: sd.metadata, neuronAttributes: sd.neuronAttributes }), new SpikeData([[1]], { metadata: unknown }),
  new SpikeData([[1]], { rawData: raw, rawTime: 20 }), new SpikeData([[1]], { rawData: null, rawTime: undefined }),
  new SpikeData([[1]], { rawData: sd.rawData, rawTime: sd.rawTimeRateKHz ?? sd.rawTime }), new SpikeData([[1]], { ...some, length: 5 }),
]
export const spooled: [boolean, Promise<Float64Array>, Promise<void>, AsyncDisposable, Disposable] = [sd.isSpooled, sd.loadTrain(0, { signal }), sd.close(), sd, sd]
export const created: Promise<SpikeData>[] = [
  SpikeData.fromBatches([{ unit: 0, times: [1] }, { units: new Uint8Array(1), times: [2] }], { N: 2, spoolFolder: url, maxMemory: 2 ** 20, signal }),
  SpikeData.fromBatches((async function* () { yield { units: [0], times: [1] } })(), { onProgress: ({ spikesRead }) => void spikesRead }),
  load(path, { lazy: true, spoolFolder: url }), loadNwb(path, { lazy: true }), loadHdf5(path, { lazy: true, style: 'ragged' }),
  loadKilosort(path, { lazy: true, maxMemory: 2 ** 20, clusterInfoTsv: key, amplitudes: true }), loadHdf5(path, { lazy: true, style: 'group' }), loadHdf5(path, { lazy: true, rasterBinSizeMs: 5 }),
  loadSpikes(path, { lazy: true, spoolFolder: url, pythonTypes: 'plain' }), loadSorted(path, { lazy: true, lengthMs: 5 }), loadSorting(url, { lazy: true, unitIds: [3] }),
  load(path, { format: 'pickle', lazy: true }), load(path, { format: 'workspace', lazy: true, maxMemory: 2 ** 20 }),
  SpikeData.create([[1], Float32Array.of(2)], some), SpikeData.create({ flat: [1], index: new Int32Array(1) }, { ...some, signal }),
  loadHdf5(path), loadHdf5(url, {}), loadHdf5(either, { signal, onProgress: ({ bytesRead, bytesTotal }) => void (bytesRead / bytesTotal) }),
  loadHdf5(path, { style: anyStyle }), loadHdf5(path, { spikeTimesUnit: unit, fsHz: 1 }), loadHdf5(path, { rawDataset: key, rawTimeDataset: key }),
  loadHdf5(path, { style: 'group', groupTimeUnit: 's', fsHz: someHz }), loadHdf5(path, { timesUnit: 'samples', fsHz: 3, rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: 's' }),
  loadHdf5(path, { style: 'raster', rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: 'samples', fsHz: 3 }), loadHdf5(path, { rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: unit, fsHz: 3 }),
  load(path, { format: 'hdf5', spikeTimesUnit: 'samples', fsHz: 3 }),
  loadHdf5(path, { style: 'paired', unitCount: 3 }), loadHdf5(path, { spikeTimesIndex: 'starts', lengthMs: null, metadata: culture, threads: 1 }),
  loadHdf5(path, { rasterBinSizeMs: 5, groupPerUnit: undefined, onWarning: ({ code }) => void code }),
  loadHdf5('s3://bucket/key', { s3Download: true, awsAccessKeyId: key, awsSecretAccessKey: key, style: 'group' }), loadNwb(new URL('s3://b/k'), { s3Download: true }),
  loadNwb(path, { s3Download: upload, regionName: key, profile: 'spikelab' }), loadNwb(either), loadKilosort(path), loadKilosort(path, { clusterInfoTsv: key, includeNoise: upload }), loadKilosort('s3://b/k/', { s3Download: true, fsHz: 1 }),
  loadSpikes('s3://b/k', { s3Download: true }), loadSpikes(path, { awsAccessKeyId: undefined, s3Endpoint: null }), loadSorted(path, common), loadSorting(url, common),
  loadNwb(path, common), loadHdf5(path, { ...common, style: 'ragged' }), loadNwb(path, { onProgress: ({ downloaded }) => void downloaded?.bytesDone }),
  load(path), load(url, {}), load(path, { signal, threads: 1, onWarning: ({ code }) => void code }), load(path, { format: undefined }),
  load(path, { format: 'hdf5', style: 'paired', unitCount: 3 }), load(path, { format: 'nwb', rawData: true }), load(path, { format: 'pickle', pythonTypes: 'plain' }),
  load(path, { format: 'kilosort', fsHz: 30000, clusterInfoTsv: key }), load(path, { format: 'workspace' }), load('s3://bucket/key', { format: 'nwb', s3Download: true, profile: 'spikelab' }), load(path, { format: 'spikelab-npz', lengthMs: 5 }),
  load(path, { format: 'spikeinterface', unitIds: [3, 'a'] }), inspect(path, { signal }).then(({ format }) => load(path, { format: format as 'nwb' })),
  SpikeData.create({ idces: [0], times: [1] }, { N: 2, signal, onProgress: ({ spikesDone, spikesTotal }) => void (spikesDone / spikesTotal) }),
]
`

writeFileSync(`${dir}/natural.mts`, NATURAL)
writeFileSync(`${dir}/wrong.mts`, `${IMPORTS}${WRONG.map(([call]) => call).join('\n')}\n`)
const FIRST_WRONG = IMPORTS.split('\n').length

for (const exactOptionalPropertyTypes of [false, true]) {
  t.test(`exactOptionalPropertyTypes: ${exactOptionalPropertyTypes}`, async (t) => {
    const settings = {
      module: 'nodenext',
      noEmit: true,
      strict: true,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      skipDefaultLibCheck: true,
      types: [],
    }
    const project = `${dir}/${exactOptionalPropertyTypes}.json`
    writeFileSync(
      project,
      JSON.stringify({ compilerOptions: { ...settings, exactOptionalPropertyTypes }, files: ['natural.mts', 'wrong.mts'] }),
    )
    const { stdout } = await startProcess(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '--project', project, '--pretty', 'false'],
      root,
    ).ended
    const reports = stdout.split(/\n(?! )/).filter(Boolean)
    t.strictSame(
      reports.filter((report) => !report.includes('wrong.mts(')),
      [],
      'what is natural compiles, and the declarations do',
    )
    for (const [i, [call, message]] of WRONG.entries()) {
      t.match(reports.find((report) => report.includes(`wrong.mts(${FIRST_WRONG + i},`)) ?? 'compiles', message, call)
    }
  })
}
