/**
 * Who waits under which name, first come first served. A client may wait under a hundred thousand names, most of which
 * nobody else waits for: a set for each would be most of what they cost, so a set is made for the second who comes.
 */
export class WaitingQueues<Client extends object> {
  private readonly byName = new Map<string, Client | Set<Client>>()

  /** How many names somebody waits under. */
  get size(): number {
    return this.byName.size
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  /** Those who wait under a name, in order. They may leave meanwhile. */
  *under(name: string): Generator<Client> {
    const found = this.byName.get(name)
    if (found instanceof Set) yield* found
    else if (found !== undefined) yield found
  }

  /** Again under the same name: stays where it is. */
  join(name: string, client: Client): void {
    const found = this.byName.get(name)
    if (found === undefined) this.byName.set(name, client)
    else if (found instanceof Set) found.add(client)
    else if (found !== client) this.byName.set(name, new Set([found, client]))
  }

  leave(name: string, client: Client): void {
    const found = this.byName.get(name)
    if (found === client) this.byName.delete(name)
    else if (found instanceof Set && found.delete(client) && found.size === 0) this.byName.delete(name)
  }
}
