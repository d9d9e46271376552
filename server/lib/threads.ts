/**
 * The door to threads: work that would keep the loop from its clients is done beside it.
 *
 * A thread runs a program, a module that calls `answerTasks` (thread-program.ts). It is asked one thing after the other
 * and answers in that order. It does not keep the process alive. When it dies, everything it still owes is refused, and so
 * is what comes after.
 *
 * Much data goes there and back in shared memory, and never by transfer. A transfer detaches an ArrayBuffer, and V8 takes
 * for granted, until it happens for the first time, that it never does: then it throws away all code that touches a typed
 * array, which is most of ours, in the middle of what clients wait for; and what it compiles from then on looks at each
 * array first whether it is still there (walks over memory took 20 to 40 % longer).
 *
 * Starting one costs some 30 ms of CPU, beside the loop, and 1 ms of the loop's own; it takes some 5 MB. So nobody
 * starts one before there is work for it, and whoever did ends it.
 */

import { Worker } from 'node:worker_threads'
import { givingWay } from './priority.js'

export interface Thread<Task, Answer> {
  ask(task: Task): Promise<Answer>
  end(): void
}

export interface Threads {
  /** `program`: the URL of its module, as the asking module's `import.meta.url` leads to it. */
  start<Task, Answer>(program: URL): Thread<Task, Answer>
  /** Ends all that run. */
  end(): void
}

/** What goes back: an answer, or why there is none. */
export type ThreadAnswer<Answer> = { readonly answer: Answer } | { readonly error: string }

export function systemThreads(): Threads {
  const workers = new Set<Worker>()
  return {
    start<Task, Answer>(program: URL) {
      const worker = givingWay(() => new Worker(...programOf(program)))
      workers.add(worker)
      worker.on('exit', () => workers.delete(worker))
      return new SystemThread<Task, Answer>(worker)
    },
    end() {
      for (const worker of workers) void worker.terminate()
    },
  }
}

interface Owed<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

class SystemThread<Task, Answer> implements Thread<Task, Answer> {
  private readonly owed: Owed<Answer>[] = []
  private death: Error | null = null

  constructor(private readonly worker: Worker) {
    worker.unref()
    worker.on('message', (message: ThreadAnswer<Answer>) => this.receive(message))
    worker.on('error', error => this.die(error))
    worker.on('exit', () => this.die(new Error('the thread has ended')))
  }

  ask(task: Task): Promise<Answer> {
    if (this.death !== null) return Promise.reject(this.death)
    return new Promise((resolve, reject) => {
      this.owed.push({ resolve, reject })
      this.worker.postMessage(task)
    })
  }

  end(): void {
    void this.worker.terminate()
  }

  private receive(message: ThreadAnswer<Answer>): void {
    const owed = this.owed.shift()
    if ('answer' in message) owed?.resolve(message.answer)
    else owed?.reject(new Error(message.error))
  }

  private die(error: Error): void {
    this.death ??= error
    for (const owed of this.owed.splice(0)) owed.reject(this.death)
  }
}

/** From the sources (tests, tsx) a program is TypeScript, which the new thread has to be taught. */
function programOf(program: URL): ConstructorParameters<typeof Worker> {
  if (!import.meta.url.endsWith('.ts')) return [program]
  const [teacher, source] = [import.meta.resolve('tsx/esm/api'), program.href.replace(/\.js$/, '.ts')]
  const lesson = `import('${teacher}').then(tsx => (tsx.register(), import('${source}')))`
  return [lesson, { eval: true }]
}
