/**
 * What is known of a session beside its spikes, as the spec of a batch says it: sections of fields, by the names of a schema.
 */

/** Fields by their names, each with its check, which throws. */
export type MetadataFields = Readonly<Record<string, (value: unknown, name: string) => unknown>>

/** Values by section and field. */
export type Metadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** How a format keeps it. */
export interface SessionMetadata<Options> {
  readonly sections: Readonly<Record<string, MetadataFields>>
  /** The exporter's options for it. @param given - options that are given besides, which come first, field by field */
  options(metadata: Metadata, given: object): Partial<Options>
}
