/** How one client tracks: what it said with CLIENT TRACKING ON, and what came of it. */

/** Which of the keys that it reads are remembered: all, those it opts in to, those it does not opt out of. */
export type Choice = 'all' | 'optin' | 'optout'

/** As CLIENT TRACKING ON has them. */
export interface TrackingOptions {
  /** The id of the client that invalidations go to; 0: itself. */
  readonly redirection: number
  /** It hears of all keys with its prefixes, whether it has read them or not. */
  readonly broadcast: boolean
  readonly choice: Choice
  /** It does not hear of what it changed itself. */
  readonly noLoop: boolean
}

export class TrackingMode implements TrackingOptions {
  redirection = 0
  broadcast = false
  choice: Choice = 'all'
  noLoop = false
  /** CLIENT CACHING was said: of the next command or transaction the opposite of the rule holds. */
  caching = false
  /** The client that invalidations go to is gone. */
  broken = false
  /** With `broadcast`: latin1. They do not overlap. */
  readonly prefixes = new Set<string>()

  /** CLIENT TRACKING ON: the prefixes so far stay, and so does CLIENT CACHING. */
  become({ redirection, broadcast, choice, noLoop }: TrackingOptions): void {
    this.redirection = redirection
    this.broadcast = broadcast
    this.choice = choice
    this.noLoop = noLoop
    this.broken = false
  }

  /** Whether keys that are read now are to be remembered. */
  get remembers(): boolean {
    if (this.broadcast) return false
    return this.choice === 'all' || (this.choice === 'optin') === this.caching
  }

  /** A prefix it has that would tell it of some key twice, if it had `prefix` as well. */
  overlapping(prefix: string): string | undefined {
    return [...this.prefixes].find(own => overlap(own, prefix))
  }
}

/** True when one of the two begins with the other: some keys have both. */
export function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}
