/** The longest turn of the event loop in ms of CPU time while the work runs, this call included. */
export function longestTurn(work: () => Promise<unknown>): Promise<number>

/** The same of the second best of up to eight rounds, which end once two are within the limit in ms. */
export function usualLongestTurn(work: () => Promise<unknown>, limit: number): Promise<number>

/** Holds this thread for so many ms of its CPU time. */
export function spin(ms: number): void

/** How many times as long as on a machine left alone this thread takes now: what limits in ms are to be multiplied with. */
export function slowdown(): number

/** The same for limits in CPU time, which grows, too, where others use the caches: by half again, or at most twice. */
export function contention(): number
