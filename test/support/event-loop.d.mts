/**
 * The longest turn of the event loop in ms of CPU time while the work runs, this call included and collections of garbage left out;
 * 0 where none is worth a look.
 */
export function longestTurn(work: () => Promise<unknown>): Promise<number>

/** The same of the second best of up to six rounds, which end once two are within the limit in ms. */
export function usualLongestTurn(work: () => Promise<unknown>, limit: number): Promise<number>

/** How many times as long as on an ordinary machine that is left alone this thread takes now: what limits in ms are to be multiplied with. */
export function slowdown(): number

/** The same for limits in CPU time, which grows, too, where others use the caches, and where memory comes late: at most twice. */
export function contention(): number
