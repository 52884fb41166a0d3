/**
 * A process that converts recordings, one after the other, as the process that started it says. A recording that crashes it, or takes all
 * memory, takes no other with it.
 */
import type { Conversion } from './conversion.js'
import type { Made } from './convert-item.js'
import { convertItem } from './convert-item.js'
import type { Step } from './progress.js'
import type { Manner } from './target.js'

/** What it is sent. */
export interface Order {
  readonly conversion: Conversion
  readonly manner: Manner
}

/** What it says. */
export type Word = { readonly step: Step } | { readonly made: readonly Made[] }

/** The least time between two steps, in ms. */
const PACE = 100

const stop = new AbortController()
// A terminal interrupts all processes of a call. The one that started this says when to stop, or has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => stop.abort())

process.on('message', ({ conversion, manner }: Order) => {
  let saidAt = 0
  const onStep = (step: Step) => {
    const now = performance.now()
    if (now - saidAt < PACE) return
    saidAt = now
    say({ step })
  }
  convertItem(conversion, manner, stop.signal, onStep).then(
    (made) => say({ made }),
    () => process.exit(),
  )
})

function say(word: Word): void {
  // The other side may have gone.
  if (process.connected) process.send?.(word, () => {})
}
