/** Does the work so many times. Give back something that depends on it all, or V8 may skip the work. */
export type Work = (iterations: number) => unknown

/** Registers one micro bench. */
export type Micro = (name: string, work: Work) => void

/** What a `*.bench.ts` exports by default: it builds its fixtures and registers its benches. */
export type Registration = (micro: Micro) => void
