/**
 * Options as the command line takes them: what each is, in a sentence. Each format describes its own.
 */

/** What the text after an option stands for: a choice is one of these texts, `json` any value, also in a file. */
export type DescribedValue = 'text' | 'number' | 'flag' | 'date' | 'json' | readonly string[]

/** An option of an exporter or a loader. */
export interface DescribedOption {
  readonly value: DescribedValue
  /** What it does, as a phrase that begins with a capital and has no full stop. */
  readonly text: string
}

/** Options by their names in the library. */
export type OptionTable = Readonly<Record<string, DescribedOption>>

type NameIn<Options> = Options extends unknown ? keyof Options : never

/** A table of all options of a union but some. */
export type TableOf<Options, Except> = Readonly<Record<Exclude<NameIn<Options>, NameIn<Except>>, DescribedOption>>
