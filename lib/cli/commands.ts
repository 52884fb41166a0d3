/**
 * All commands, in the order of help.
 */
import type { Command } from './command.js'
import { CONVERT } from './own-options.js'

const formats = () => import('./format-options.js')

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
