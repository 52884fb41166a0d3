/**
 * Python pickles, as the registry lists them.
 */
import type { Format, Variant } from '../../jobs/format.js'
import type { Reader } from '../../jobs/reader.js'
import { DESCRIBED_READING, DESCRIBED_WRITING } from './described-options.js'
import type { LoadSpikeDataPickleOptions } from './read.js'
import { loadSpikeDataFromPickle, RECORDING_OPTIONS } from './read.js'
import { inspectPickle, recognisePickle } from './recognise.js'
import type { PickleOptions } from './write.js'
import { exportToPickle } from './write.js'

/** How recordings are loaded from it. */
const reader: Reader<'pickle', LoadSpikeDataPickleOptions> = {
  name: 'pickle',
  options: RECORDING_OPTIONS,
  described: DESCRIBED_READING,
  forOtherFormats: { pythonTypes: 'plain' },
  // Numbers in older protocols are text.
  canBeLazy: (found) => Number(found?.version) >= 3,
  lookedFor: { file: 'a Python pickle' },
  recognise: recognisePickle,
  load: loadSpikeDataFromPickle,
  inspect: inspectPickle,
}

/** Protocol 5 holds bytes as they are, 2 as UTF-8 and 0 as lines of text; the others differ from these in lengths only. */
export const pickle: Format<PickleOptions, typeof reader> = {
  name: 'pickle',
  output: { kind: 'file', extension: '.pkl', otherExtensions: ['.pickle'] },
  described: DESCRIBED_WRITING,
  canUpload: true,
  variants: [
    variant('pickle', 'pickle', {}),
    variant('pickle 2', 'pickle, protocol 2', { protocol: 2 }),
    variant('pickle 0', 'pickle, protocol 0', { protocol: 0 }),
  ],
  write: exportToPickle,
  reader,
}

function variant(name: string, title: string, options: PickleOptions): Variant<PickleOptions> {
  const python = (path: string) => [
    'import pickle  # and SpikeLab installed',
    `pickle.load(open('${path}', 'rb')).train[0]  # unit 0, in ms`,
  ]
  return { name, title, options, python }
}
