/**
 * A simulated recording of cultured neurons on a grid of electrodes, from a seed: the same seed, the same spikes.
 *
 * Rates are log-normal over units: few neurons fire often, most rarely. A unit fires at random, some units also in short bursts,
 * and two spikes are never closer than the refractory period. Times lie on the sampling grid, as those of a spike sorter do.
 */

const MEDIAN_RATE_HZ = 2
const RATE_SPREAD = 0.8
const REFRACTORY_MS = 2
/** The share of units that burst, how often a spike of theirs is followed by another of the same burst, and how soon. */
const BURSTING_UNITS = 0.4
const BURST_GOES_ON = 0.6
const BURST_INTERVAL_MS = 3
const GRID_COLUMNS = 32
const GRID_PITCH_UM = 60

/**
 * @param {{ units?: number, minutes?: number, fsHz?: number, seed?: number }} [settings]
 * @returns what a SpikeData is made of: the trains in ms, and its options
 */
export function simulate({ units = 120, minutes = 10, fsHz = 20000, seed = 1 } = {}) {
  const random = generator(seed)
  const length = minutes * 60000
  const train = []
  const neuronAttributes = []
  for (let unit = 0; unit < units; unit++) {
    const rateHz = MEDIAN_RATE_HZ * Math.exp(RATE_SPREAD * normal(random))
    const goesOn = random() < BURSTING_UNITS ? BURST_GOES_ON : 0
    train.push(unitTrain({ random, length, rateHz, goesOn, samplesPerMs: fsHz / 1000 }))
    const [column, row] = [random(), random()].map((position) => Math.floor(position * GRID_COLUMNS))
    neuronAttributes.push({ electrode: row * GRID_COLUMNS + column, location: [column * GRID_PITCH_UM, row * GRID_PITCH_UM] })
  }
  return { train, options: { length, neuronAttributes, metadata: { simulated: true, seed, fs_Hz: fsHz } } }
}

/** The spike times of one unit in ms, in order. */
function unitTrain({ random, length, rateHz, goesOn, samplesPerMs }) {
  // The pause between bursts that gives the rate: a burst has 1 / (1 - goesOn) spikes, and all but one follow an interval.
  const spikesPerBurst = 1 / (1 - goesOn)
  const burstMs = (spikesPerBurst - 1) * (REFRACTORY_MS + BURST_INTERVAL_MS)
  const pauseMs = Math.max((1000 / rateHz) * spikesPerBurst - burstMs - REFRACTORY_MS, BURST_INTERVAL_MS)
  const times = []
  for (let time = exponential(random, pauseMs); time <= length; ) {
    times.push(Math.floor(time * samplesPerMs) / samplesPerMs)
    time += REFRACTORY_MS + exponential(random, random() < goesOn ? BURST_INTERVAL_MS : pauseMs)
  }
  return Float64Array.from(times)
}

/** Uniform numbers below 1 (mulberry32: small, fast, good enough for a picture of a recording). */
export function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

function exponential(random, mean) {
  return -mean * Math.log(1 - random())
}

/** Box and Muller's transform. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
