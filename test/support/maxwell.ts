/**
 * Writes recordings as MaxWell Biosystems' programs write them, as far as readers look at them.
 */
import type { Group } from 'h5wasm/node'
import { File as H5File, ready } from 'h5wasm/node'

/** What a recording has. */
export interface MaxwellRecording {
  /** Channels × samples. */
  readonly data: Uint16Array
  readonly channels: readonly number[]
  /** Samples a second. */
  readonly rateHz?: number
  /** Volts a count. */
  readonly lsb?: number
  readonly chunks?: readonly number[]
}

/** A file of the new format. @param recordings - by their groups, such as `recordings/rec0000/well000` */
export async function writeMaxwell(path: string, recordings: Readonly<Record<string, MaxwellRecording>>): Promise<void> {
  await ready
  const file = new H5File(path, 'w')
  try {
    file.create_dataset({ name: 'version', data: ['20190530'] })
    for (const [name, recording] of Object.entries(recordings)) {
      let group: Group = file
      for (const step of name.split('/')) group = (group.get(step) ?? group.create_group(step)) as Group
      const routed = group.create_group('groups').create_group('routed')
      samples(routed, 'raw', recording)
      routed.create_dataset({ name: 'channels', data: Int32Array.from(recording.channels) })
      const settings = group.create_group('settings')
      if (recording.rateHz !== undefined) settings.create_dataset({ name: 'sampling', data: Float64Array.of(recording.rateHz) })
      if (recording.lsb !== undefined) settings.create_dataset({ name: 'lsb', data: Float64Array.of(recording.lsb) })
    }
  } finally {
    file.close()
  }
}

/** A file of the old format. Its table of channels is no compound type, which is not read. */
export async function writeOldMaxwell(path: string, recording: MaxwellRecording): Promise<void> {
  await ready
  const file = new H5File(path, 'w')
  try {
    file.create_dataset({ name: 'version', data: ['20160704'] })
    samples(file, 'sig', recording)
    file.create_dataset({ name: 'mapping', data: Int32Array.from(recording.channels) })
    if (recording.lsb !== undefined) file.create_group('settings').create_dataset({ name: 'lsb', data: Float64Array.of(recording.lsb) })
  } finally {
    file.close()
  }
}

function samples(group: Group, name: string, { data, channels, chunks }: MaxwellRecording): void {
  const shape = [channels.length, data.length / channels.length]
  group.create_dataset({ name, data, shape, ...(chunks && { chunks: [...chunks], compression: 1 }) })
}
