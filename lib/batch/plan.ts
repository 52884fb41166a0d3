/**
 * The plan of a batch: a file of JSON lines, the first about the plan and one for each recording. It is fixed: what is to be done, and in which
 * shard, does not depend on what is there when a shard is worked on.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { isPlainObject } from '../recording/attributes.js'
import { isS3Url } from '../storage/s3-url.js'
import { isConversion } from './conversion.js'
import { filesOf } from './input-files.js'
import type { Item } from './spec/items.js'
import { SpecError } from './spec/problems.js'

const VERSION = 1
/** What a recording costs beside its bytes, in bytes. */
const COST_OF_ONE = 1e6
/** Inputs that are looked at at the same time. */
const AT_ONCE = 32

export interface PlanHead {
  readonly spikeportPlan: typeof VERSION
  readonly shards: number
  readonly items: number
}

/** A recording of a plan. */
export interface PlannedItem extends Item {
  /** From 0 on. */
  readonly shard: number
}

/**
 * The lines of a plan whose shards have about as many bytes of input.
 *
 * @param shards - at most the number of recordings
 */
export async function planLines(items: readonly Item[], shards: number): Promise<string[]> {
  const costs = (await sizesOf(items)).map((size) => size + COST_OF_ONE)
  const loads = Array.from({ length: Math.min(shards, items.length) }, () => 0)
  const shardOf: number[] = []
  // The most expensive first, each to the shard that has least to do.
  const order = [...costs.keys()].sort((a, b) => (costs[b] as number) - (costs[a] as number) || a - b)
  for (const i of order) {
    const shard = indexOfLeast(loads)
    loads[shard] = (loads[shard] as number) + (costs[i] as number)
    shardOf[i] = shard
  }
  const head: PlanHead = { spikeportPlan: VERSION, shards: loads.length, items: items.length }
  return [head, ...items.map((item, i) => ({ shard: shardOf[i], ...item }))].map((line) => JSON.stringify(line))
}

/**
 * Reads a plan.
 *
 * @throws SpecError for a file that is none
 */
export async function readPlan(path: string): Promise<{ head: PlanHead; items: PlannedItem[] }> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity })
  let head: PlanHead | undefined
  const items: PlannedItem[] = []
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    const value = parsed(line)
    if (!head) {
      if (!isHead(value)) throw new SpecError([`${path}: This is no plan of 'spikeport plan'.`])
      head = value
    } else if (isItemOf(value, head)) items.push(value)
    else throw new SpecError([`${path}:${number}: This line is damaged.`])
  }
  if (!head || items.length !== head.items) {
    throw new SpecError([`${path}: Expected ${head?.items ?? 'a plan of'} recordings but found ${items.length}: the file is cut off.`])
  }
  return { head, items }
}

function isHead(value: unknown): value is PlanHead {
  if (!isPlainObject(value) || value['spikeportPlan'] !== VERSION) return false
  return [value['shards'], value['items']].every((number) => Number.isSafeInteger(number) && (number as number) > 0)
}

/** Whether a line is one of a recording, as far as that can be seen without the formats. */
function isItemOf(value: unknown, { shards }: PlanHead): value is PlannedItem {
  if (!isPlainObject(value) || !isConversion(value) || typeof value['place'] !== 'string') return false
  const shard = value['shard']
  return Number.isSafeInteger(shard) && (shard as number) >= 0 && (shard as number) < shards
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The bytes of each input; 0 where they are not known. */
async function sizesOf(items: readonly Item[]): Promise<number[]> {
  const sizes: number[] = []
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE)
    sizes.push(...(await Promise.all(some.map(({ input }) => bytesOf(input)))))
  }
  return sizes
}

function indexOfLeast(numbers: readonly number[]): number {
  let least = 0
  for (const [i, number] of numbers.entries()) if (number < (numbers[least] as number)) least = i
  return least
}

async function bytesOf(input: string): Promise<number> {
  if (isS3Url(input)) return 0
  return filesOf(input).then(
    (files) => files.reduce((sum, { size }) => sum + size, 0),
    () => 0,
  )
}
