/**
 * The Python processes of a run: SpikeLab, numpy and h5py in one, pynwb in another, and the checker of outputs.
 */
import { SetupError } from '../scripts/setup/shell.mjs'
import { pythonEnvironment } from '../test/interop/environments.mjs'
import { PythonChild } from './python.mjs'

export class Peers {
  #processes
  /** The recording that each process has loaded. */
  #loaded = new Map()

  /** @throws SetupError where an environment cannot be made */
  static async start() {
    const numpy = await environment('numpy2')
    const pynwb = await environment('nwb')
    return new Peers({
      numpy: new PythonChild(numpy, 'peers.py'),
      pynwb: new PythonChild(pynwb, 'pynwb_peer.py'),
      checker: new PythonChild(numpy, 'check.py'),
    })
  }

  constructor(processes) {
    this.#processes = processes
  }

  get checker() {
    return this.#processes.checker
  }

  /** The process of that name, with the recording loaded. */
  async with(name, recording) {
    const process = this.#processes[name]
    if (this.#loaded.get(name) !== recording) {
      await process.ask('load', recording.files)
      this.#loaded.set(name, recording)
    }
    return process
  }

  async versions() {
    const [numpy, pynwb] = [this.#processes.numpy, this.#processes.pynwb]
    return { numpy: await numpy.ask('versions'), pynwb: await pynwb.ask('versions') }
  }

  close() {
    for (const process of Object.values(this.#processes)) process.close()
  }
}

async function environment(name) {
  const { python, skip } = await pythonEnvironment(name)
  if (skip) throw new SetupError(`The benchmark cannot run: ${skip}.`)
  return python
}
