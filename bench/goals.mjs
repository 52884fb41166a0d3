/**
 * Whether what was measured reaches the goals of its workload.
 */

/** How many times as long a peer takes as we do. */
export function timesFaster({ sides }, peer) {
  return sides[peer].seconds / sides.ours.seconds
}

/** How large our file is beside a peer's. */
export function relativeSize({ sides }, peer) {
  return sides.ours.bytes / sides[peer].bytes
}

/** How many times as long as a peer's our file takes for each byte of it. */
export function timePerByte({ sides }, peer) {
  return sides.ours.seconds / sides.ours.bytes / (sides[peer].seconds / sides[peer].bytes)
}

/**
 * A measured value and its goal: `least` or `most`, where there is one. A goal is not missed by a value that the system does not report.
 *
 * @param {number | null} value
 * @param {{ least?: number, most?: number }} [goal]
 */
export function against(value, { least, most } = {}) {
  const missed = value !== null && (value < (least ?? -Infinity) || value > (most ?? Infinity))
  return { value, least, most, missed, judged: value !== null && (least !== undefined || most !== undefined) }
}

/**
 * Every goal of a workload with what was measured; `subject` names what.
 *
 * @returns {({ subject: string, peer?: string } & ReturnType<typeof against>)[]}
 */
export function verdicts(result) {
  const { faster = {}, larger = {}, perByte = {}, extraBytes, seconds, turnMs } = result.workload.goals ?? {}
  const { ours } = result.sides
  const list = [
    ...Object.entries(faster).map(([peer, least]) => ({ subject: 'faster', peer, ...against(timesFaster(result, peer), { least }) })),
    ...Object.entries(larger).map(([peer, most]) => ({ subject: 'larger', peer, ...against(relativeSize(result, peer), { most }) })),
    ...Object.entries(perByte).map(([peer, most]) => ({ subject: 'perByte', peer, ...against(timePerByte(result, peer), { most }) })),
    { subject: 'extraBytes', ...against(ours.peakBytes, { most: extraBytes }) },
    { subject: 'seconds', ...against(ours.seconds, { most: seconds }) },
    { subject: 'turnMs', ...against(ours.turnMs, { most: turnMs }) },
  ]
  return list.filter(({ judged }) => judged)
}
