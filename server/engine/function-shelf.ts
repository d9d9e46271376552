/** The libraries of functions, as RDB files carry them: the source text of each, first line and all. */

export interface FunctionShelf {
  /** All libraries, for a file. */
  all(): Iterable<Uint8Array>
  /** Takes in a library from a file. Throws what is wrong with it. */
  add(code: Uint8Array): void
  /** Before a file is loaded in place of what there is. */
  clear(): void
}

/** For a server that cannot run functions: they are kept as they came, and go into the next file. */
export class OpaqueFunctions implements FunctionShelf {
  private codes: Uint8Array[] = []

  all(): Iterable<Uint8Array> {
    return this.codes
  }

  add(code: Uint8Array): void {
    this.codes.push(code.slice())
  }

  clear(): void {
    this.codes = []
  }
}
