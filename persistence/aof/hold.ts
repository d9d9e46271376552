import type { Session } from '../../server/engine/session.js'

/** The session's replies wait for this work, however it ends: what they say is true on the disk as well. */
export function holdUntil(session: Session | undefined, work: Promise<unknown>): void {
  if (session === undefined) return
  const release = (): void => session.release()
  session.hold()
  void work.then(release, release)
}
