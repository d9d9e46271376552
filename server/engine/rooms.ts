/**
 * What rooms above the engine keep on it. A part is one constant for all servers of a process, so what it keeps for a
 * server has to stand with that server: it makes a key, puts its thing under it at `install`, and asks for it later.
 *
 *     const KEEPER = new RoomKey<Keeper>('keeper')
 *     engine.rooms.put(KEEPER, new Keeper(engine))
 *     engine.rooms.get(KEEPER).save()
 */

/** The name of a thing of type T. */
export class RoomKey<T> {
  /** Only for the compiler, which would take keys of different things for one another. */
  declare readonly thing: T

  constructor(readonly name: string) {}
}

export class Rooms {
  private readonly things = new Map<unknown, unknown>()

  put<T>(key: RoomKey<T>, thing: T): T {
    this.things.set(key, thing)
    return thing
  }

  /** Throws when the part that brings it is not installed. */
  get<T>(key: RoomKey<T>): T {
    const thing = this.find(key)
    if (thing === null) throw new Error(`the part that brings ${key.name} is not installed`)
    return thing
  }

  find<T>(key: RoomKey<T>): T | null {
    return (this.things.get(key) as T | undefined) ?? null
  }
}
