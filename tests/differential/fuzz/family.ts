import type { Draw } from './draw.js'

/** A request, word by word, each latin1. */
export type Words = readonly string[]

/** Makes one valid request of one command; wrong ones are made of it by mutation.ts. */
export type Maker = (draw: Draw) => Words

/** Commands of one kind. A new family is one file in families/ and a line in families.ts. */
export interface Family {
  readonly name: string
  /** How often it is drawn, in comparison with the others. */
  readonly weight: number
  readonly makers: readonly Maker[]
  /** Its requests are never made wrong, beyond what its makers do. */
  readonly whole?: boolean
}
