/**
 * The figures as Markdown: results.md holds all of them, the README one row for each format.
 */
import { SetupError } from '../../scripts/setup/shell.mjs'
import {
  aloneTable,
  batchTable,
  compressedTable,
  largerTable,
  loadsTable,
  mainTable,
  otherTable,
  scalingTable,
  sidesTable,
  summaryTable,
} from './tables.mjs'

const LEGEND = [
  'How many times as long each side takes as spikeport: the *reference* is SpikeLab, *by hand* is plain h5py or numpy as an',
  'experienced user writes it, and *write(2)* is the limit: as many bytes, in blocks of 4 MB, to a file that is then renamed, on the same',
  'file system. In brackets: the goal, and whether it is reached.',
].join('\n')

const METHOD = [
  'Medians of rounds in which all sides take turns, in one run, on outputs that were compared first: the same arrays, bit for bit.',
  'A side that is too slow for all rounds has the number of its runs in brackets. Times are those of whole calls of the public API,',
  'creation and renaming of files included. Extra memory is the peak above what was in use before the call. In virtual machines',
  'the first touch of memory is slow, which makes the reference, with its large temporaries, look slower than it is elsewhere.',
  'Machines differ and are shared: look at the ratios.',
].join('\n')

const ALONE = [
  'One format a process: the memory that construction and export take beyond what is in use before, and the most time that either',
  'holds the JS thread in one turn of the event loop, as processor time, the largest of all rounds. The *timer delay* is the longest',
  'between two ticks of a timer of 1 ms meanwhile; there the scheduler adds what it gives to the threads that export, and to other',
  'processes.',
].join('\n')

const LOADING = [
  'Files of this package in the page cache. The reference is SpikeLab, for pickles `pickle.load`; *by hand* is h5py or numpy, for KiloSort a',
  'stable `argsort`; *h5wasm* reads HDF5 in Node; *read(2)* is the limit: all bytes of the file, in blocks of 4 MB. The *longest turn* is the most',
  'processor time for which a load holds the event loop at once.',
].join('\n')

const LARGER = [
  'What is never wholly in memory: int16 samples of 384 channels from a file to an NWB series; spikes of 500 units in order of time, by',
  '`SpikeData.fromBatches`; a Phy folder loaded with `lazy`. Beside `cp`, one pass of the spikes in and out of the disk, and the usual',
  'programs. Memory is beyond what is in use before; the last column is the longest turn of the event loop, as processor time.',
].join('\n')

const SCALING = 'HDF5 ragged, in samples, 1,000 units:'

const BATCHES = '`spikeport run`, in turns with a loop over the library in one process, and again over what is done:'

/** The workloads in the README's table. */
const IN_README = ['ragged-s', 'paired', 'group-many', 'raster-compressed', 'nwb-large', 'kilosort', 'pickle-5', 'small-ragged']

/** @param {{ results: object[], alone: object[], scaling: object[], larger: object[], batch: object[], machine: string[], rounds: number }} figures */
export function resultsFile({ results, alone, scaling, larger, batch, machine, rounds }) {
  const parts = [
    '# Benchmark',
    'Written by `npm run bench`.',
    '![How many times as long the reference takes, a bar for each workload](results.svg)',
    LEGEND,
    markdownTable(mainTable(results)),
    '## Compressed',
    markdownTable(compressedTable(results)),
    '## Loading',
    LOADING,
    markdownTable(loadsTable(results)),
    '## Other comparisons',
    markdownTable(otherTable(results)),
    '## Memory and event loop',
    ALONE,
    markdownTable(aloneTable(alone)),
    '## Scaling',
    SCALING,
    markdownTable(scalingTable(scaling)),
    '## Larger than memory',
    LARGER,
    markdownTable(largerTable(larger)),
    '## Batches',
    BATCHES,
    markdownTable(batchTable(batch)),
    '## How it was measured',
    list([...machine, `Rounds: ${rounds}`]),
    METHOD,
    '## All sides',
    markdownTable(sidesTable(results)),
  ]
  return `${parts.join('\n\n')}\n`
}

/** What the README holds between its markers. */
export function readmeFigures({ results, machine, rounds }) {
  return [
    markdownTable(summaryTable(results.filter(({ workload }) => IN_README.includes(workload.name)))),
    `Medians of ${rounds} interleaved rounds of \`npm run bench\` on ${machine[0].replace(/^Machine: /, '')}.`,
  ].join('\n\n')
}

/**
 * A text with another one between the markers `<!-- bench -->` and `<!-- /bench -->`.
 *
 * @throws SetupError where it has no markers
 */
export function betweenMarkers(text, replacement) {
  const parts = /^(.*<!-- bench -->\n).*(<!-- \/bench -->.*)$/s.exec(text)
  if (!parts) throw new SetupError('README.md has no lines <!-- bench --> and <!-- /bench --> to put the figures between.')
  return `${parts[1]}${replacement}\n${parts[2]}`
}

/** @param {string[][]} table */
function markdownTable([heading, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  // All but the names are numbers.
  return [line(heading), line(heading.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function list(lines) {
  return lines.map((line) => `- ${line}`).join('\n')
}
