import { type ChildProcess, fork } from 'node:child_process'

/**
 * What V8's own threads compile in a process that measures is taken from the server that is measured: where cores are few
 * one of them keeps its core until the kernel's next tick, for up to 4 ms, and it was that rather than the server which
 * made most of the slowest PINGs. A helper does little, so it compiles nothing, and has no threads of V8's.
 */
const WITHOUT_THREADS = ['--single-threaded', '--jitless', '--no-expose-wasm']

/** Starts a process beside the one that measures: it pings, or follows. `program`: the path of its module. */
export function forkHelper(program: string, words: readonly string[]): ChildProcess {
  return fork(program, [...words], { execArgv: [...process.execArgv, ...WITHOUT_THREADS] })
}
