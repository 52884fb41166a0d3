/**
 * Pixels as a PNG file, by https://www.w3.org/TR/png-3/.
 */
import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'
import { unsetBytes } from '../memory/allocation.js'
import type { Steps } from '../steps.js'
import { inSlices, isDue, spend } from '../steps.js'
import type { Pixels } from './pixels.js'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const INCHES_A_METRE = 1 / 0.0254
const DEPTH = 8
const GREY = 0

/** A chunk of image data is no longer: its checksum is computed in one go. */
const CHUNK_BYTES = 1 << 18

export async function pngOf(pixels: Pixels, dpi: number, signal?: AbortSignal): Promise<Uint8Array[]> {
  const { width, height } = pixels
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([DEPTH, GREY, 0, 0, 0], 8)
  const density = Buffer.alloc(9)
  const perMetre = Math.round(dpi * INCHES_A_METRE)
  density.writeUInt32BE(perMetre, 0)
  density.writeUInt32BE(perMetre, 4)
  density[8] = 1
  const compressed = await promisify(deflate)(await inSlices(filtered(pixels), signal), { chunkSize: CHUNK_BYTES })
  return [
    SIGNATURE,
    ...chunk('IHDR', header),
    ...chunk('pHYs', density),
    ...(await inSlices(imageData(compressed), signal)),
    ...chunk('IEND', Buffer.alloc(0)),
  ]
}

/** Each row with the kind of its filter before it: none, as black ticks on white are compressed best so. */
function* filtered({ width, height, data }: Pixels): Steps<Uint8Array> {
  const bytes = unsetBytes((width + 1) * height)
  for (let y = 0; y < height; y++) {
    bytes[y * (width + 1)] = 0
    bytes.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
    spend(width)
    if (isDue()) yield
  }
  return bytes
}

function* imageData(compressed: Buffer): Steps<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for (let from = 0; from < compressed.length; from += CHUNK_BYTES) {
    chunks.push(...chunk('IDAT', compressed.subarray(from, from + CHUNK_BYTES)))
    spend(CHUNK_BYTES)
    if (isDue()) yield
  }
  return chunks
}

function chunk(type: string, data: Buffer): [before: Buffer, data: Buffer, after: Buffer] {
  const before = Buffer.alloc(8)
  before.writeUInt32BE(data.length, 0)
  before.write(type, 4, 'latin1')
  const after = Buffer.alloc(4)
  after.writeUInt32BE(crc32(data, crc32(type)), 0)
  return [before, data, after]
}
