/**
 * Python's dates, times, time zones and durations. Dates and times become ISO 8601 text, to the microsecond; durations seconds.
 */
import type { CallContext } from './nodes.js'
import { BytesNode, DurationNode, TimeZoneNode } from './nodes.js'

const DATE_BYTES = 4
const TIME_BYTES = 6
const MICROSECONDS_A_SECOND = 1_000_000n

export function newDate(args: readonly unknown[], context: CallContext): string {
  const bytes = stateBytes(args[0], DATE_BYTES)
  if (!bytes || args.length !== 1) throw context.wrongArguments('datetime.date')
  return dateText(bytes, context)
}

export function newTime(args: readonly unknown[], context: CallContext): string {
  const bytes = stateBytes(args[0], TIME_BYTES)
  if (!bytes || !isZone(args)) throw context.wrongArguments('datetime.time')
  return timeText(bytes, context) + zoneText(args[1])
}

export function newDateTime(args: readonly unknown[], context: CallContext): string {
  const bytes = stateBytes(args[0], DATE_BYTES + TIME_BYTES)
  if (!bytes || !isZone(args)) throw context.wrongArguments('datetime.datetime')
  return `${dateText(bytes, context)}T${timeText(bytes.subarray(DATE_BYTES), context)}${zoneText(args[1])}`
}

export function newDuration(args: readonly unknown[], context: CallContext): DurationNode {
  if (args.length !== 3 || !args.every((arg) => Number.isInteger(arg))) throw context.wrongArguments('datetime.timedelta')
  const [days, seconds, microseconds] = (args as number[]).map(BigInt) as [bigint, bigint, bigint]
  return new DurationNode((days * 86_400n + seconds) * MICROSECONDS_A_SECOND + microseconds)
}

/** The name that a zone may have is left out. */
export function newTimeZone(args: readonly unknown[], context: CallContext): TimeZoneNode {
  const [offset, name] = args
  const isDuration = offset instanceof DurationNode && args.length >= 1 && args.length <= 2
  if (!isDuration || (args.length === 2 && typeof name !== 'string')) throw context.wrongArguments('datetime.timezone')
  const { microseconds } = offset
  const size = microseconds < 0n ? -microseconds : microseconds
  if (size >= 86_400n * MICROSECONDS_A_SECOND) throw context.wrongArguments('datetime.timezone')
  const seconds = Number(size / MICROSECONDS_A_SECOND)
  const fraction = Number(size % MICROSECONDS_A_SECOND)
  const text = `${microseconds < 0n ? '-' : '+'}${two(seconds / 3600)}:${two((seconds % 3600) / 60)}`
  if (seconds % 60 === 0 && fraction === 0) return new TimeZoneNode(text)
  return new TimeZoneNode(`${text}:${two(seconds % 60)}${fractionText(fraction)}`)
}

function isZone(args: readonly unknown[]): boolean {
  return args.length === 1 || (args.length === 2 && (args[1] === null || args[1] instanceof TimeZoneNode))
}

function zoneText(zone: unknown): string {
  return zone instanceof TimeZoneNode ? zone.text : ''
}

function stateBytes(node: unknown, length: number): Uint8Array | undefined {
  if (!(node instanceof BytesNode)) return undefined
  const { source } = node
  return source instanceof Uint8Array && source.length === length ? source : undefined
}

function dateText(bytes: Uint8Array, context: CallContext): string {
  const [high = 0, low = 0, flagged = 0, day = 0] = bytes
  // Of times that occur twice in a year the bit says which one it is.
  const month = flagged & 0x7f
  const year = high * 256 + low
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) throw context.wrongArguments('datetime.date')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function timeText(bytes: Uint8Array, context: CallContext): string {
  const [flagged = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0] = bytes
  const hour = flagged & 0x7f
  const microsecond = high * 65_536 + middle * 256 + low
  if (hour > 23 || minute > 59 || second > 59 || microsecond > 999_999) throw context.wrongArguments('datetime.time')
  return `${two(hour)}:${two(minute)}:${two(second)}${fractionText(microsecond)}`
}

function fractionText(microseconds: number): string {
  return microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`
}

function two(number: number): string {
  return String(Math.floor(number)).padStart(2, '0')
}
