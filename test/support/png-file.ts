/**
 * Reads PNG files of grey pixels, without filters, as this package writes them.
 */
import { crc32, inflateSync } from 'node:zlib'

export interface GreyPng {
  readonly width: number
  readonly height: number
  readonly pixelsPerMetre: number
  /** One byte each, row by row. */
  readonly pixels: Buffer
}

/** @throws Error for anything else, and for a wrong checksum */
export function greyPng(file: Buffer): GreyPng {
  if (file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG')
  const chunks: [type: string, data: Buffer][] = []
  for (let at = 8; at < file.length; ) {
    const end = at + 8 + file.readUInt32BE(at)
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) throw new Error('a wrong checksum')
    chunks.push([file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end)])
    at = end + 4
  }
  const dataOf = (type: string) => Buffer.concat(chunks.filter(([each]) => each === type).map(([, data]) => data))
  const header = dataOf('IHDR')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  if (header.toString('hex', 8) !== '0800000000' || chunks.at(-1)?.[0] !== 'IEND') throw new Error('another kind of PNG')
  const rows = inflateSync(dataOf('IDAT'))
  const pixels = Buffer.alloc(width * height)
  for (let y = 0; y < height; y++) {
    if (rows[y * (width + 1)] !== 0) throw new Error('a filter')
    rows.copy(pixels, y * width, y * (width + 1) + 1, (y + 1) * (width + 1))
  }
  return { width, height, pixelsPerMetre: dataOf('pHYs').readUInt32BE(0), pixels }
}
