/**
 * The figures as text: aligned for the terminal, and as Markdown for results.md and the README.
 */
import { columns, size } from '../scripts/demo/format.mjs'
import { SetupError } from '../scripts/setup/shell.mjs'

const NOTE = [
  'Medians of rounds that alternate between the two sides, in one run, on outputs that were compared first: the same arrays,',
  'bit for bit. Times are those of whole calls of the public API, including whatever creates and renames files. Extra memory',
  'is the peak above what was in use before the call. `write(2)` is the limit: the bytes of the times alone, in 4 MB blocks, to',
  'the same file system. In virtual machines the first touch of memory is slow, which makes the reference, with its large',
  'temporaries, look slower than it is elsewhere. Machines differ and are shared: look at the ratios.',
].join('\n')

const HEADING = ['workload', 'data', 'spikeport', 'reference', 'faster', 'extra memory', 'reference', 'output', 'reference']
const MEMORY_HEADING = ['format', 'spikes', 'input', 'Node and addon', 'export takes', 'peak of process']

/** The table of the workloads, for the terminal. */
export function table(results) {
  return columns([HEADING, ...results.map(row)])
}

/** The table of memory, for the terminal. */
export function memoryTable(rows) {
  return columns([MEMORY_HEADING, ...rows.map(memoryRow)])
}

/** One row of the table as a sentence. */
export function progress(result) {
  const [title, data, ours, theirs, faster] = row(result)
  return `${title}, ${data}: ${ours} against ${theirs}, ${faster}`
}

/** What results.md holds between its heading and its end, and the README between its markers. */
export function markdown({ results, memory, machine, rounds }) {
  return [
    markdownTable([HEADING, ...results.map(row)]),
    [...machine, `Rounds: ${rounds}`].map((line) => `- ${line}`).join('\n'),
    NOTE,
    'Peak memory of one export in a fresh process, which holds the spike times:',
    markdownTable([MEMORY_HEADING, ...memory.map(memoryRow)]),
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

function row({ workload, recording, ours, theirs }) {
  const written = (bytes) => (bytes > 0 ? size(bytes) : '–')
  return [
    workload.title,
    `${grouped(recording.units)} × ${grouped(recording.spikes)}`,
    duration(ours.seconds),
    duration(theirs.seconds),
    ratio(theirs.seconds / ours.seconds),
    extra(ours.peakBytes),
    extra(theirs.peakBytes),
    written(ours.bytes),
    written(theirs.bytes),
  ]
}

function memoryRow({ format, spikes, inputBytes, baseBytes, extraBytes, peakBytes }) {
  return [format, grouped(spikes), size(inputBytes), size(baseBytes), size(extraBytes), size(peakBytes)]
}

function markdownTable([heading, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  // All but the names are numbers.
  return [line(heading), line(heading.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  return `${(seconds * 1000).toFixed(seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : 2)} ms`
}

function ratio(value) {
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ×`
}

function extra(bytes) {
  return bytes === null ? '–' : `${(bytes / 1e6).toFixed(1)} MB`
}

function grouped(count) {
  return count.toLocaleString('en')
}
