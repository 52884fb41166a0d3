/**
 * Worker processes, started when there is work for them.
 */
import { WorkerProcess } from './worker-process.js'

export class WorkerPool {
  readonly #size: number
  readonly #workers = new Set<WorkerProcess>()
  readonly #idle: WorkerProcess[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0

  /** @param size - the most processes */
  constructor(size: number) {
    this.#size = size
  }

  /** Calls with a worker that does nothing else, as soon as there is one. */
  async use<T>(work: (worker: WorkerProcess) => Promise<T>): Promise<T> {
    while (this.#busy >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#busy++
    const worker = this.#idle.pop() ?? this.#started()
    try {
      return await work(worker)
    } finally {
      // One that has crashed is replaced by the next call.
      if (worker.isAlive) this.#idle.push(worker)
      else this.#workers.delete(worker)
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  /** Stops all workers, and what they do. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()))
  }

  #started(): WorkerProcess {
    const worker = new WorkerProcess()
    this.#workers.add(worker)
    return worker
  }
}
