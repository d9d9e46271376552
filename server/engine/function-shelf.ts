/**
 * The libraries of functions, as RDB files carry them: the source text of each, first line and all. This server cannot
 * run them; they are kept as they came, and go into the next file.
 */
export class FunctionShelf {
  private codes: Uint8Array[] = []

  all(): Iterable<Uint8Array> {
    return this.codes
  }

  add(code: Uint8Array): void {
    this.codes.push(code.slice())
  }

  /** Before a file is loaded in place of what there is. */
  clear(): void {
    this.codes = []
  }
}
