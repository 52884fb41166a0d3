/**
 * fast-check, whose asynchronous properties are checked when no run of theirs goes on any more: it leaves one behind when its budget of
 * time ends, though that uses files and settings of the test.
 */
import * as fastCheck from 'fast-check'

type Check = (...values: unknown[]) => Promise<unknown>

const running = new Set<Promise<unknown>>()

export * from 'fast-check'

export const asyncProperty: typeof fastCheck.asyncProperty = (...given: unknown[]) => {
  const check = given.pop() as Check
  const followed: Check = (...values) => {
    const run = check(...values).finally(() => running.delete(run))
    running.add(run)
    return run
  }
  return (fastCheck.asyncProperty as (...given: unknown[]) => never)(...given, followed)
}

export const assert: typeof fastCheck.assert = (...given: Parameters<typeof fastCheck.assert>) => {
  const asserted = fastCheck.assert(...given) as Promise<void> | undefined
  return (asserted && settled(asserted)) as never
}

async function settled(asserted: Promise<void>): Promise<void> {
  try {
    await asserted
  } finally {
    await Promise.allSettled(running)
  }
}
