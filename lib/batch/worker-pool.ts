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
    const worker = this.#living() ?? this.#started()
    try {
      return await work(worker)
    } finally {
      this.#idle.push(worker)
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  /** Stops all workers, and what they do. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()))
  }

  /** One that waits for work. Those that have ended meanwhile are forgotten. */
  #living(): WorkerProcess | undefined {
    for (let worker = this.#idle.pop(); worker; worker = this.#idle.pop()) {
      if (worker.isAlive) return worker
      this.#workers.delete(worker)
    }
    return undefined
  }

  #started(): WorkerProcess {
    const worker = new WorkerProcess()
    this.#workers.add(worker)
    return worker
  }
}
