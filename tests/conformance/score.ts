/**
 * How near we are to the real server: the sum over units of min(ok, baseline ok), over the sum of baseline ok.
 *
 * Never ok / (ok + err): a block that is given up drops its tests from both, so a server that fails early would
 * look better than one that fails late. The cap keeps a unit in which we pass more from hiding one in which we
 * pass less.
 */
export interface Score {
  readonly reached: number
  readonly possible: number
}

export function scoreOf(units: readonly { readonly ok: number; readonly baselineOk: number }[]): Score {
  let reached = 0
  let possible = 0
  for (const unit of units) {
    reached += Math.min(unit.ok, unit.baselineOk)
    possible += unit.baselineOk
  }
  return { reached, possible }
}

/** Rounded down, so that 100 % means all. */
export function percent({ reached, possible }: Score): string {
  return possible === 0 ? '-' : `${Math.floor((1000 * reached) / possible) / 10}%`
}
