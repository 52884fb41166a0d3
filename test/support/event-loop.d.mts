/** The longest turn of the event loop in ms while the work runs, this call included. */
export function longestTurn(work: () => Promise<unknown>): Promise<number>

/**
 * The same, the least of a few rounds: collecting the garbage of others, or a host that takes a core away, may prolong any one
 * turn. It ends with the first round that is good enough.
 */
export function leastLongestTurn(work: () => Promise<unknown>, enough: number, rounds?: number): Promise<number>
