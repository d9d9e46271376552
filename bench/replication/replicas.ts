import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { forkHelper } from '../helper-process.js'

const PROGRAM = join(import.meta.dirname, 'replica-process.ts')

/** Replicas of a server, in a process of their own. They leave with their scope. */
export class Replicas implements Disposable {
  private readonly lost: Promise<never>

  private constructor(private readonly child: ChildProcess) {
    this.lost = once(child, 'exit').then(() => Promise.reject(new Error('the replicas ended early')))
    this.lost.catch(() => undefined)
  }

  /** Resolves when all of them are connected, and wait to be told. */
  static async start(port: number, count: number): Promise<Replicas> {
    const replicas = new Replicas(forkHelper(PROGRAM, [`${port}`, `${count}`]))
    await replicas.word()
    return replicas
  }

  /** Resolves when all of them have got the snapshot. */
  async synchronize(): Promise<void> {
    this.child.send('synchronize')
    await this.word()
  }

  [Symbol.dispose](): void {
    this.child.kill()
  }

  private word(): Promise<unknown> {
    return Promise.race([once(this.child, 'message'), this.lost])
  }
}
