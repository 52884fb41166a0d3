/**
 * The processes of a run: SpikeLab, numpy and h5py in one, pynwb in another, h5wasm in Node, and the checker of outputs.
 */
import { SetupError } from '../scripts/setup/shell.mjs'
import { pythonEnvironment } from '../test/interop/environments.mjs'
import { PeerProcess } from './peer-process.mjs'

export class Peers {
  #processes
  /** The recording that each process has loaded. */
  #loaded = new Map()

  /** @throws SetupError where an environment cannot be made */
  static async start() {
    const numpy = await environment('numpy2')
    const pynwb = await environment('nwb')
    return new Peers({
      numpy: new PeerProcess(numpy, 'python/peers.py'),
      pynwb: new PeerProcess(pynwb, 'python/pynwb_peer.py'),
      h5wasm: new PeerProcess(process.execPath, 'h5wasm.mjs'),
      checker: new PeerProcess(numpy, 'python/check.py'),
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
    const { numpy, pynwb, h5wasm } = this.#processes
    return { numpy: await numpy.ask('versions'), pynwb: await pynwb.ask('versions'), h5wasm: await h5wasm.ask('versions') }
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
