/**
 * All commands, in the order of help.
 */
import type { Command } from './command.js'
import { CONVERT, K8S, PLAN, PLOT, REPORT, RUN, SLURM, STATUS, WORK } from './own-options.js'

const formats = () => import('./format-options.js')
const inputGroups = async () => (await formats()).INPUT_GROUPS

export const COMMANDS: readonly Command[] = [
  {
    name: 'convert',
    summary: 'Converts a recording from any format to any other',
    positionals: 'IN OUT',
    count: [2, 2],
    options: CONVERT,
    formatOptions: async () => (await formats()).OPTION_GROUPS,
    text: [
      'IN is a file or folder of any format that spikeport loads; what is in it decides, not its name. The ending of OUT is its format (.nwb, .h5, .hdf5, .pkl, .pickle), or --to says it.',
      'Options of the format of OUT are those of the library by their names, as --raster-bin-size-ms or --rasterBinSizeMs; those of IN have in- before them, as --in-fs-hz. Objects are JSON, or the name of a file of it after @.',
      'Either side may be s3://bucket/key, with credentials from the environment or the profile of AWS, never from the command line.',
      'OUT appears whole, when all of it is written, in folders that are made where they are missing. Large recordings stay on the disk on the way.',
    ],
    examples: [
      ['spikeport convert recording.nwb phy-folder --to phy', 'a folder for Phy, with the sampling frequency and ids of the NWB file'],
      ['spikeport convert kilosort-folder recording.nwb --nwb @session.json', 'a sorting to NWB, with a session described in a file'],
      ['spikeport convert recording.pkl counts.h5 --style raster --raster-bin-size-ms 20', 'spike counts in bins of 20 ms'],
      [
        'spikeport convert times.h5 recording.nwb --in-spike-times-unit samples --in-fs-hz 30000',
        'times in samples, which the file does not say',
      ],
    ],
  },
  {
    name: 'report',
    summary: 'Shows a recording in one HTML file',
    positionals: 'IN',
    count: [1, 1],
    options: REPORT,
    formatOptions: inputGroups,
    text: [
      'OUT opens in any browser without a network: raster, rates, interspike intervals with refractory violations, autocorrelograms, a map of the probe, and a table of units with their attributes.',
      'Up to 2 million spikes are all in it, to 0.1 ms. Of more, the raster shows which bins have one or more, and says so.',
      'IN is anything that convert takes, with the same options. OUT appears whole, when all of it is written.',
    ],
    examples: [
      ['spikeport report recording.nwb', 'recording.html, in the current folder'],
      [
        'spikeport report phy-folder -o culture.html --title "Culture A-12" --refractory-ms 1.5',
        'with a title, and another refractory period',
      ],
    ],
  },
  {
    name: 'plot',
    summary: 'Draws a raster as SVG or PNG',
    positionals: 'IN',
    count: [1, 1],
    options: PLOT,
    formatOptions: inputGroups,
    text: [
      'Black ticks, a row for each unit, the first one on top, over time in s. In an SVG, each tick is a line; spikes of a unit that are nearer than 0.01 points, or a pixel of a PNG, are one tick.',
      'IN is anything that convert takes, with the same options. OUT appears whole, when all of it is written.',
    ],
    examples: [
      ['spikeport plot recording.nwb -o raster.svg --start-ms 60000 --end-ms 90000', 'half a minute, as lines'],
      ['spikeport plot recording.nwb -o raster.png --units 0-49 --rate --dpi 600', 'the first 50 units, with their rate below'],
    ],
  },
  {
    name: 'inspect',
    summary: 'Says what files and folders are, and hold',
    positionals: 'IN…',
    count: [1, Infinity],
    options: {},
    text: ['Spikes are not read: it takes milliseconds for any size.'],
    examples: [
      ['spikeport inspect recording.nwb', 'format, units, spikes, window, channels and attributes'],
      ['spikeport inspect --json recordings/*', 'a line of JSON for each'],
    ],
  },
  {
    name: 'validate',
    summary: 'Says whether recordings are whole and consistent, and which readers refuse them',
    positionals: 'IN…',
    count: [1, Infinity],
    options: { strict: { value: 'flag', text: 'Warnings count as errors for the exit status' } },
    text: [
      'Everything is read. Errors are what cannot be read, contradicts itself or breaks the rules of its format; warnings are what is suspicious or left out. Readers that refuse a file or misread it are named with the reason.',
      'The exit status is 0 if no input has errors.',
    ],
    examples: [
      ['spikeport validate recording.nwb', 'a line for the file, and one for each finding'],
      ['spikeport validate --strict --json recordings/*', 'a line of JSON for each; warnings fail, too'],
    ],
  },
  {
    name: 'ls',
    summary: 'Lists the objects of HDF5 and NWB files',
    positionals: 'FILE…',
    count: [1, Infinity],
    options: {},
    text: [
      'Each group and dataset, with its type, shape, layout, the size of a chunk, and filters; with --json also the names of its attributes. What cannot be read says why. Nothing but the structure is read.',
    ],
    examples: [['spikeport ls recording.nwb', 'all objects, a line each']],
  },
  {
    name: 'run',
    summary: 'Converts the recordings of a spec',
    positionals: 'SPEC',
    count: [1, 1],
    options: RUN,
    text: [
      'SPEC is a YAML file: which recordings, by paths and patterns, go to which formats, with what is known of each session. docs/batch.md describes it.',
      'Recordings are converted by processes of their own: one that fails, or crashes, does not stop the others. What became of each output is recorded in the results, by which the same call goes on where it was stopped: an output that was made from the same input with the same options is left as it is.',
      'The paths of outputs are on stdout, or with --json a line for each output. The exit status is 1 if one has failed, and 75 if all that have failed may work later. A full disk ends the batch.',
    ],
    examples: [
      ['spikeport run spec.yml', 'all recordings, as many at once as there are cores'],
      ['spikeport run --dry-run spec.yml', 'what would be converted to what'],
      ['spikeport run -e refresh spec.yml', 'again where the input or options have changed'],
    ],
  },
  {
    name: 'plan',
    summary: 'Prints the plan of a spec, in shards for many machines',
    positionals: 'SPEC',
    count: [1, 1],
    options: PLAN,
    text: [
      'The plan is fixed: which recordings there are, and which shard each is in. Shards have about as many bytes. Its paths are absolute, and the same on all machines.',
    ],
    examples: [['spikeport plan spec.yml --shards 16 > plan.jsonl', 'sixteen parts']],
  },
  {
    name: 'work',
    summary: 'Converts the recordings of one shard of a plan',
    positionals: 'PLAN',
    count: [1, 1],
    options: WORK,
    text: [
      'In an array job the shard is that of the task: the first of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX (Kubernetes), AWS_BATCH_JOB_ARRAY_INDEX, PBS_ARRAY_INDEX, SGE_TASK_ID and LSB_JOBINDEX that is set; the last three count from 1. Cores are those that the scheduler gave. All else is as in run.',
    ],
    examples: [['spikeport work plan.jsonl --shard 3', 'one part, on this machine']],
  },
  {
    name: 'status',
    summary: 'Says what has been done of a plan, and which shards to work on again',
    positionals: 'PLAN',
    count: [1, 1],
    options: STATUS,
    text: ['The exit status is 1 if an output has failed, and 75 if none has and some are not there yet.'],
    examples: [
      ['spikeport status plan.jsonl', 'a table, and all failures'],
      ['spikeport status --json plan.jsonl > results.jsonl', 'the results of all shards in one file'],
      ['left=$(spikeport status --array plan.jsonl) || sbatch --array="$left" convert.sh', 'once more what is left, if anything is'],
    ],
  },
  {
    name: 'slurm',
    summary: 'Prints a script that has SLURM work on a plan',
    positionals: 'PLAN',
    count: [1, 1],
    options: SLURM,
    text: [
      'The script submits an array job with a task for each shard, and behind it a job that puts all results in one file. Tasks may be requeued. Nothing is submitted here.',
    ],
    examples: [['spikeport slurm plan.jsonl --limit 8 --mem 8G > convert.sh && bash convert.sh', 'at most eight tasks at once']],
  },
  {
    name: 'k8s',
    summary: 'Prints a manifest that has Kubernetes work on a plan',
    positionals: 'PLAN',
    count: [1, 1],
    options: K8S,
    text: [
      'An Indexed Job (Kubernetes 1.29 or newer), for kubectl create. Pods are tried again when they fail with 75. The manifest is checked against the schema of the API; it was not run on a cluster.',
    ],
    examples: [
      ['spikeport k8s plan.jsonl --image lab/spikeport --claim recordings | kubectl create -f -', 'the folder of the plan is in the claim'],
    ],
  },
  {
    name: 'completion',
    summary: 'Prints the completion of a shell',
    positionals: 'bash|zsh|fish',
    count: [1, 1],
    options: {},
    text: [],
    examples: [
      ['source <(spikeport completion bash)', 'in ~/.bashrc'],
      ['spikeport completion fish > ~/.config/fish/completions/spikeport.fish', 'once'],
    ],
  },
]
