/**
 * Converts the recording in the body of a request to NWB, and streams the result. What there is of it on the disk is removed when the
 * result has been sent, or the client has gone.
 *
 *     npm install spikeport
 *     curl --data-binary @phy.zip -o recording.nwb localhost:3000/api/convert
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportSpikeDataToNwb, FormatError, loadSpikeData } from 'spikeport'

// Not the edge runtime, which has no addons and no files.
export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

const MOST_BYTES = Number(process.env['MAX_UPLOAD_BYTES'] ?? 4 * 2 ** 30)

export async function POST(request: Request): Promise<Response> {
  const { body, signal } = request
  if (!body) return refusal(400, 'Expected a recording in the body.')
  const folder = await mkdtemp(join(tmpdir(), 'conversion-'))
  try {
    const [input, output] = [join(folder, 'upload'), join(folder, 'recording.nwb')]
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0], { signal }), limited, createWriteStream(input))
    const sd = await loadSpikeData(input, { signal })
    try {
      await exportSpikeDataToNwb(sd, output, { signal })
    } finally {
      await sd.close()
    }
    const { size } = await stat(output)
    const result = createReadStream(output, { signal })
    // Also when the client has gone, which destroys the stream.
    result.once('close', () => void rm(folder, { recursive: true, force: true }))
    return new Response(Readable.toWeb(result) as ReadableStream, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': 'attachment; filename="recording.nwb"',
      },
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    // No one reads this answer: it is for logs.
    if (signal.aborted) return new Response(null, { status: 499 })
    if (error instanceof TooLarge) return refusal(413, error.message)
    // What the file does not say, such as a sampling frequency, is an error of its options.
    const isTheirs = error instanceof FormatError || (error as { code?: unknown } | null)?.code === 'ERR_INVALID_ARG_VALUE'
    if (isTheirs) return refusal(422, (error as Error).message.replaceAll(`${folder}/`, ''))
    throw error
  }
}

class TooLarge extends Error {}

/** Passes a body on, up to the limit. */
async function* limited(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new TooLarge(`Expected at most ${MOST_BYTES} bytes.`)
    yield chunk
  }
}

function refusal(status: number, message: string): Response {
  return Response.json({ message }, { status })
}
