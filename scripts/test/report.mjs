/** What tap reports about every file that fails: how it was started, and that it failed. */
const USUAL = /^ {2}(stdio|cwd|externalID|command|args| {2}-|jobId|exitCode: 1$|signal: null)/

/**
 * Turns the TAP that tap prints into something to read: one line a test file, and below it every failure with its diagnostics,
 * every skipped test, and, where a file failed, what it printed itself.
 */
export class Report {
  /** tap's own counts of assertions, known when it has ended. */
  counts = { pass: 0, fail: 0, skip: 0 }

  /** Names of the subtests we are in, by depth. */
  #path = []
  /** By depth: whether something failed there, so that the parent that fails for it need not report it again. */
  #failed = []
  /** Whether the diagnostics that follow are shown, and the line that ends those being read. */
  #explain = false
  #diagnosticsEnd
  #details = []
  #prints = []
  /** What was shown of the files that failed, to be shown once more at the end. */
  #failures = []

  /** @param {string} line the next line of TAP */
  read(line) {
    if (this.#diagnosticsEnd) return this.#readDiagnostics(line)
    const [, indent, text] = /** @type {RegExpExecArray} */ (/^((?: {4})*)(.*)$/.exec(line))
    const depth = indent.length / 4
    const subtest = /^# Subtest: (.*)$/.exec(text)
    const point = /^(not )?ok \d+(?: - (.*?))?(?: # time=([\d.]+)ms)?(?: # (SKIP|TODO)\b ?(.*))?$/.exec(text)
    const counts = /^# \{ total: \d+, (.*) \}$/.exec(text)
    if (subtest) {
      this.#path[depth] = subtest[1]
    } else if (point) {
      const [, not, name = '', time, directive, reason] = point
      this.#readPoint(depth, { failed: Boolean(not) && directive !== 'TODO', skipped: directive === 'SKIP', name, time, reason })
    } else if (text === '  ---') {
      this.#diagnosticsEnd = `${indent}  ...`
    } else if (depth === 0 && counts) {
      for (const [, key, value] of counts[1].matchAll(/(\w+): (\d+)/g)) this.counts[key] = Number(value)
    } else if (depth > 0 && !/^(1\.\.\d+|# time=|\s*$)/.test(text)) {
      this.#prints.push(`    ${text}`)
    } else if (depth === 0 && !/^(TAP version|1\.\.|# |\s*$)/.test(text)) {
      console.log(line)
    }
  }

  #readPoint(depth, { failed, skipped, name, time, reason }) {
    const explained = this.#failed[depth + 1]
    this.#failed[depth + 1] = false
    this.#failed[depth] ||= failed
    // A file is always explained: it may have crashed besides.
    this.#explain = failed && (!explained || depth === 0)
    const title = [...this.#path.slice(1, depth), name].join(' > ')
    if (this.#explain && depth > 0) this.#details.push(`  ✖ ${title}`)
    if (skipped) this.#details.push(`  - skipped: ${title}${reason ? ` (${reason})` : ''}`)
    if (depth === 0) this.#endFile(this.#path[0] ?? name, failed, time)
  }

  /** Shows the failures again: a table of coverage, or the hours of a log, stand between them and the end. */
  repeatFailures() {
    if (this.#failures.length > 0) console.log(['', 'What failed:', ...this.#failures].join('\n'))
  }

  #endFile(name, failed, time) {
    const lines = [`${failed ? '✖' : '✓'} ${name}${time ? ` (${(time / 1000).toFixed(1)} s)` : ''}`, ...this.#details]
    if (failed && this.#prints.length > 0) lines.push('  It printed:', ...this.#prints)
    if (failed) this.#showFailure(lines.join('\n'))
    else console.log(lines.join('\n'))
    this.#details = []
    this.#prints = []
  }

  #showFailure(text) {
    console.log(text)
    this.#failures.push(text)
  }

  #readDiagnostics(line) {
    const indent = this.#diagnosticsEnd.length - '...'.length
    const text = `      ${line.slice(indent)}`
    if (line === this.#diagnosticsEnd) this.#diagnosticsEnd = undefined
    else if (!this.#explain) return
    else if (indent > 2) this.#details.push(text)
    else if (!USUAL.test(line)) this.#showFailure(text)
  }
}
