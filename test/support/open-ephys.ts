/**
 * Small recordings as Open Ephys writes them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { int64, npy } from './sortings.js'

/** A channel in `structure.oebin`. */
export interface OebinChannel {
  channel_name: string
  bit_volts: number
  units?: string
}

/** A stream in `structure.oebin`. */
export interface OebinStream {
  folder_name: string
  stream_name?: string
  sample_rate: number
  num_channels?: number
  channels: OebinChannel[]
}

/** Channels `CH1`, `CH2` and so on. */
export function headstage(count: number, prefix = 'CH'): OebinChannel[] {
  return Array.from({ length: count }, (_, i) => ({ channel_name: `${prefix}${i + 1}`, bit_volts: 0.194_999_992_847_442_6, units: 'uV' }))
}

/** A stream of an acquisition board: two channels of a headstage, two auxiliary inputs and two of an ADC. */
export function boardStream(): OebinStream {
  return streamOf('Acquisition_Board-100.Rhythm_Data/', 'Rhythm Data', 30_000, [
    ...headstage(2),
    { channel_name: 'AUX1', bit_volts: 0.000_037_399_999_564_746_395, units: 'mV' },
    { channel_name: 'AUX2', bit_volts: 0.000_037_399_999_564_746_395, units: 'mV' },
    { channel_name: 'ADC1', bit_volts: 0.000_152_587_890_625, units: 'V' },
    { channel_name: 'ADC2', bit_volts: 0.000_305_175_781_25, units: 'V' },
  ])
}

/** A band of a probe, with the synchronisation. */
export function probeStream(band: 'AP' | 'LFP', channels: number): OebinStream {
  return streamOf(`Neuropix-PXI-104.ProbeA-${band}/`, `ProbeA-${band}`, band === 'AP' ? 30_000 : 2500, [
    ...Array.from({ length: channels }, (_, i) => ({
      channel_name: `${band}${i + 1}`,
      bit_volts: band === 'AP' ? 0.194_999_992_847_442_6 : 4.6875,
      units: 'uV',
    })),
    { channel_name: `${band}_SYNC`, bit_volts: 1, units: '' },
  ])
}

/** A stream that only has channels of an ADC, whose units are not stated. */
export function adcStream(): OebinStream {
  return streamOf('OneBox-109.OneBox-ADC/', 'OneBox-ADC', 30_300.5, [
    { channel_name: 'ADC0', bit_volts: 0.000_152_587_890_625, units: '' },
    { channel_name: 'ADC1', bit_volts: 0.000_152_587_890_625, units: '' },
  ])
}

export function streamOf(folder_name: string, stream_name: string, sample_rate: number, channels: OebinChannel[]): OebinStream {
  return { folder_name, stream_name, sample_rate, num_channels: channels.length, channels }
}

/** Writes a recording with that many samples of each channel. @param folder - that of `structure.oebin`, which is made */
export function writeOpenEphys(folder: string, streams: readonly OebinStream[], samples: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'structure.oebin'), JSON.stringify({ 'GUI version': '0.6.7', continuous: streams, events: [], spikes: [] }))
  for (const { folder_name, channels } of streams) {
    const data = join(folder, 'continuous', folder_name)
    mkdirSync(data, { recursive: true })
    const counts = Int16Array.from({ length: samples * channels.length }, (_, i) => (i * 7919) >> 3)
    writeFileSync(join(data, 'continuous.dat'), new Uint8Array(counts.buffer))
    const numbers = Array.from({ length: samples }, (_, i) => i)
    writeFileSync(join(data, 'sample_numbers.npy'), npy("'<i8'", `(${samples},)`, int64(...numbers)))
  }
}
