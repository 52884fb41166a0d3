/**
 * The figures as tables: arrays of cells, the first row being the heading.
 */
import { against, relativeSize, timePerByte, timesFaster } from '../goals.mjs'
import { data, duration, grouped, judged, megabytes, milliseconds, NONE, ratio, written } from './format.mjs'

const LABELS = {
  ours: 'spikeport',
  reference: 'reference',
  byHand: 'by hand',
  limit: 'write(2)',
  gzip4: 'h5py, gzip 4',
  gzip1: 'h5py, gzip 1',
  pynwb: 'pynwb, add_unit',
  ragged: 'our HDF5 ragged',
  inTurn: 'one after the other',
  plain: 'our plain NWB',
  h5wasm: 'h5wasm',
  read: 'read(2)',
}
/** The peers that most workloads have. */
const COMMON = ['reference', 'byHand', 'limit']

/** A short table: how long these workloads take here and in the reference. */
export function summaryTable(results) {
  return [
    ['export', 'data', 'spikeport', 'SpikeLab', 'faster'],
    ...results.map((result) => [
      result.workload.title,
      data(result),
      duration(result.sides.ours.seconds),
      time(result.sides.reference),
      ratio(timesFaster(result, 'reference')),
    ]),
  ]
}

/** Every workload against the peers that most have. */
export function mainTable(results) {
  const heading = ['workload', 'data', 'spikeport', 'reference', '× reference', '× by hand', '× write(2)', 'extra memory', 'reference']
  const rows = withoutTable(results).filter(({ sides }) => COMMON.some((peer) => peer in sides))
  return [
    heading,
    ...rows.map((result) => [
      result.workload.title,
      data(result),
      ours(result),
      result.sides.reference ? time(result.sides.reference) : NONE,
      ...COMMON.map((peer) => faster(result, peer)),
      extra(result),
      result.sides.reference ? bytes(result.sides.reference.peakBytes) : NONE,
    ]),
  ]
}

/** Compressed files: times and sizes. */
export function compressedTable(results) {
  const heading = ['level 1 + shuffle', 'data', 'spikeport', '× gzip 4', '× gzip 1', '× write(2)', 'size', 'of gzip 4', 'of gzip 1']
  const sizeOf = (result, peer) => {
    const goal = result.workload.goals?.larger?.[peer]
    return judged(against(relativeSize(result, peer), { most: goal }), (value) => value.toFixed(2))
  }
  return [
    heading,
    ...results
      .filter(isCompressed)
      .map((result) => [
        result.workload.title,
        data(result),
        ours(result),
        ...['gzip4', 'gzip1', 'limit'].map((peer) => faster(result, peer)),
        written(result.sides.ours.bytes),
        sizeOf(result, 'gzip4'),
        sizeOf(result, 'gzip1'),
      ]),
  ]
}

/** Loads. */
export function loadsTable(results) {
  const heading = ['load', 'data', 'spikeport', 'reference', '× reference', '× by hand', '× h5wasm', '× read(2)', 'extra memory']
  return [
    [...heading, 'longest turn', 'of h5wasm'],
    ...results
      .filter(isLoad)
      .map((result) => [
        result.workload.title,
        data(result),
        ours(result),
        time(result.sides.reference),
        ...['reference', 'byHand', 'h5wasm', 'read'].map((peer) => faster(result, peer)),
        extra(result),
        judged(against(result.sides.ours.turnMs, { most: result.workload.goals?.turnMs }), milliseconds),
        result.sides.h5wasm ? judged(against(result.sides.h5wasm.turnMs), milliseconds) : NONE,
      ]),
  ]
}

/** Workloads against peers that only they have. */
export function otherTable(results) {
  const rows = withoutTable(results).flatMap((result) =>
    Object.keys(result.sides)
      .filter((peer) => peer !== 'ours' && !COMMON.includes(peer))
      .map((peer) => [
        result.workload.title,
        data(result),
        ours(result),
        LABELS[peer],
        time(result.sides[peer]),
        faster(result, peer),
        perByte(result, peer),
      ]),
  )
  return [['workload', 'data', 'spikeport', 'against', 'takes', 'faster', 'our time per byte'], ...rows]
}

/** All that was measured of every side. */
export function sidesTable(results) {
  const heading = ['workload', 'data', 'side', 'time', 'runs', 'extra memory', 'output']
  const rows = results.flatMap((result) =>
    Object.entries(result.sides).map(([name, side]) => [
      result.workload.name,
      data(result),
      LABELS[name],
      duration(side.seconds),
      `${side.runs}`,
      bytes(side.peakBytes),
      written(side.bytes),
    ]),
  )
  return [heading, ...rows]
}

/** Exports in processes of their own. */
export function aloneTable(rows) {
  const heading = ['format', 'data', 'input', 'construction takes', 'export takes', 'construction holds', 'export holds', 'timer delay']
  return [
    heading,
    ...rows.map(({ format, units, spikes, inputBytes, constructionBytes, extra, construction, exporting, delayMs }) => [
      format,
      `${grouped(units)} × ${grouped(spikes)}`,
      megabytes(inputBytes),
      bytes(constructionBytes),
      judged(extra, megabytes, 1e6),
      judged(construction, milliseconds),
      judged(exporting, milliseconds),
      milliseconds(delayMs),
    ]),
  ]
}

export function scalingTable(rows) {
  return [
    ['spikes', 'runs', 'time', 'per spike', 'export takes'],
    ...rows.map(({ spikeCount, rounds, seconds, nsPerSpike, extra }) => [
      grouped(spikeCount),
      `${rounds}`,
      duration(seconds),
      judged(nsPerSpike, (ns) => `${ns.toFixed(2)} ns`),
      judged(extra, megabytes, 1e6),
    ]),
  ]
}

/** What stays on the disk, in processes of its own. */
export function largerTable(rows) {
  return [
    ['call', 'data', 'time', 'peer', 'peer takes', 'takes', 'holds'],
    ...rows.map(({ name, size, of, seconds, peer, faster, extra, busyMs }) => [
      name,
      of === 'bytes' ? `${grouped(size / 1e6)} MB` : `${grouped(size)} spikes`,
      duration(seconds),
      PEERS[peer],
      faster ? judged(faster, ratio) : '–',
      judged(extra, megabytes, 1e6),
      judged(busyMs, milliseconds),
    ]),
  ]
}

/** Batches of recordings, against a loop over the library. */
export function batchTable(rows) {
  return [
    ['batch', 'recordings', 'time', '× a loop', 'cores busy', '× where all is done'],
    ...rows.map(({ name, recordings, seconds, faster, busy, resume }) => [
      name,
      grouped(recordings),
      duration(seconds),
      judged(faster, ratio),
      judged(busy, (part) => `${Math.round(part * 100)} %`),
      judged(resume, ratio),
    ]),
  ]
}

/** What the peers of larger recordings are called. */
const PEERS = {
  cp: 'cp',
  hdmf: 'hdmf, gzip 4',
  pass: 'write, read, write',
  neuroconv: 'SpikeInterface and neuroconv',
}

/** One workload as a line: what it took, and how the peers compare. */
export function progress(result) {
  const peers = Object.keys(result.sides).filter((name) => name !== 'ours')
  const ratios = peers.map((peer) => `${ratio(timesFaster(result, peer))} ${LABELS[peer]}`)
  return `${result.workload.name}: ${[duration(result.sides.ours.seconds), ...ratios].join(', ')}`
}

export function isCompressed({ workload }) {
  return workload.family === 'compressed'
}

function isLoad({ workload }) {
  return workload.kind === 'loaded'
}

/** Those that have no table of their own. */
function withoutTable(results) {
  return results.filter((result) => !isCompressed(result) && !isLoad(result))
}

function ours({ workload, sides }) {
  return judged(against(sides.ours.seconds, { most: workload.goals?.seconds }), duration)
}

function faster(result, peer) {
  if (!(peer in result.sides)) return NONE
  return judged(against(timesFaster(result, peer), { least: result.workload.goals?.faster?.[peer] }), ratio)
}

/** Where files of different sizes are compared. */
function perByte(result, peer) {
  const most = result.workload.goals?.perByte?.[peer]
  return most === undefined ? NONE : judged(against(timePerByte(result, peer), { most }), ratio)
}

function extra({ workload, sides }) {
  return judged(against(sides.ours.peakBytes, { most: workload.goals?.extraBytes }), megabytes, 1e6)
}

/** A side's time; with how often it ran where that is less often than the others. */
function time({ seconds, runs, fewer }) {
  return fewer ? `${duration(seconds)} (${runs} ${runs === 1 ? 'run' : 'runs'})` : duration(seconds)
}

function bytes(value) {
  return value === null ? NONE : megabytes(value)
}
