import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, 'replica-process.ts')

/** Replicas of a server, in a process of their own. They leave with their scope. */
export class Replicas implements Disposable {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when all of them are synchronized. */
  static async follow(port: number, count: number): Promise<Replicas> {
    const child = fork(PROGRAM, [`${port}`, `${count}`])
    const lost = once(child, 'exit').then(() => Promise.reject(new Error('the replicas ended early')))
    await Promise.race([once(child, 'message'), lost])
    lost.catch(() => undefined)
    return new Replicas(child)
  }

  [Symbol.dispose](): void {
    this.child.kill()
  }
}
