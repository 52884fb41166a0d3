/**
 * Small recordings as SpikeGLX writes them.
 */
import { writeFileSync } from 'node:fs'

/** The lines of a `.meta` file; a key without a value is left out. */
export type MetaValues = Readonly<Record<string, string | number | undefined>>

export function metaText(values: MetaValues): string {
  const lines = Object.entries(values).filter(([, value]) => value !== undefined)
  return lines.map(([key, value]) => `${key}=${value}\r\n`).join('')
}

/** A table: its header, and rows by their number. */
export function tableOf(header: string, count: number, row: (i: number) => string): string {
  return `(${header})${Array.from({ length: count }, (_, i) => `(${row(i)})`).join('')}`
}

/** The map of channels for saved ones, by their place among all that were acquired. */
export function chanMapOf(counts: readonly number[], prefixes: readonly string[], saved: readonly number[]): string {
  const all = prefixes.flatMap((prefix, kind) => Array.from({ length: counts[kind] as number }, (_, i) => `${prefix}${i}`))
  return tableOf(counts.join(','), saved.length, (i) => `${all[saved[i] as number]};${saved[i]}:${i}`)
}

/** The whole numbers from `from` to `to - 1`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** Both bands of a probe 1.0 with `count` channels, whose gains differ, and the synchronisation. */
export function probe1Meta(band: 'ap' | 'lf', count: number, more: MetaValues = {}): MetaValues {
  const saved = [...(band === 'ap' ? range(0, count) : range(count, 2 * count)), 2 * count]
  return {
    acqApLfSy: `${count},${count},1`,
    appVersion: 20230905,
    catGTCmdline0: '<CatGT -dir=D:/data -run=run -g=0>',
    fileName: `D:/run_g0/run_g0_imec0/run_g0_t0.imec0.${band}.bin`,
    firstSample: 0,
    imAiRangeMax: 0.6,
    imAiRangeMin: -0.6,
    imDatPrb_pn: 'NP1000',
    imDatPrb_type: 0,
    imMaxInt: 512,
    imSampRate: band === 'ap' ? 30_000.390_625 : 2500.032_552,
    nSavedChans: count + 1,
    snsApLfSy: band === 'ap' ? `${count},0,1` : `0,${count},1`,
    snsSaveChanSubset: band === 'ap' ? `0:${count - 1},${2 * count}` : `${count}:${2 * count}`,
    typeThis: 'imec',
    '~imroTbl': tableOf(`0,${count}`, count, (i) => `${i} 0 0 ${i % 2 ? 1000 : 500} ${i % 2 ? 125 : 250} 1`),
    '~snsChanMap': chanMapOf([count, count, 1], ['AP', 'LF', 'SY'], saved),
    ...more,
  }
}

/** Probes 2.0, which have one band, with one gain. */
export function probe2Meta(count: number, more: MetaValues = {}): MetaValues {
  return {
    ...probe1Meta('ap', count),
    acqApLfSy: `${count},0,1`,
    imAiRangeMax: 0.62,
    imChan0apGain: 100,
    imDatPrb_pn: 'NP2013',
    imDatPrb_type: 2013,
    imMaxInt: 2048,
    imSampRate: 30_000,
    snsSaveChanSubset: `0:${count}`,
    '~imroTbl': tableOf(`2013,${count}`, count, (i) => `${i} 0 0 1 ${i}`),
    '~snsChanMap': chanMapOf([count, 0, 1], ['AP', 'LF', 'SY'], range(0, count + 1)),
    ...more,
  }
}

/** Two multiplexed channels, one of each other kind of analog ones, and one word of digital lines. */
export function nidqMeta(more: MetaValues = {}): MetaValues {
  return {
    acqMnMaXaDw: '2,1,1,1',
    fileName: 'D:/run_g0/run_g0_t0.nidq.bin',
    firstSample: 0,
    nSavedChans: 5,
    niAiRangeMax: 5,
    niMAGain: 20,
    niMNGain: 200,
    niMaxInt: 32_768,
    niSampRate: 25_000,
    snsMnMaXaDw: '2,1,1,1',
    snsSaveChanSubset: 'all',
    typeThis: 'nidq',
    '~snsChanMap': '(1,1,2,1,1)(MN0C0;0:0)(MN0C1;1:1)(MA0C0;2:2)(XA0;3:3)(XD0;4:4)',
    ...more,
  }
}

/** Three analog channels, a word of digital lines, and the synchronisation. */
export function oneBoxMeta(more: MetaValues = {}): MetaValues {
  return {
    acqXaDwSy: '3,1,1',
    fileName: 'D:/run_g0/run_g0_t0.obx0.obx.bin',
    firstSample: 0,
    nSavedChans: 5,
    obAiRangeMax: 5,
    obMaxInt: 32_768,
    obSampRate: 30_303.1,
    snsSaveChanSubset: 'all',
    snsXaDwSy: '3,1,1',
    typeThis: 'obx',
    '~snsChanMap': '(3,1,1)(XA0;0:0)(XA1;1:1)(XA2;2:2)(XD0;3:3)(SY0;4:4)',
    ...more,
  }
}

/** Writes both files, with that many samples of each saved channel, and the size in the `.meta` file unless it states one. */
export function writeSpikeGlx(bin: string, meta: MetaValues, samples: number): void {
  const counts = Int16Array.from({ length: samples * Number(meta['nSavedChans']) }, (_, i) => (i * 7919) >> 3)
  writeFileSync(bin, new Uint8Array(counts.buffer))
  writeFileSync(bin.replace(/bin$/, 'meta'), metaText({ fileSizeBytes: counts.byteLength, ...meta }))
}
