/** How much is measured. */
export interface Scale {
  /** Runs per figure, of which the median counts. */
  readonly rounds: number
  readonly warmUpRequests: number
  readonly singleRequests: number
  readonly pipelinedRequests: number
  readonly typeRequests: number
  readonly memoryKeys: number
  readonly stallElements: number
  readonly growthKeys: number
  readonly snapshotKeys: number
  readonly syncKeys: number
  readonly replayKeys: number
}

/** Minutes. Enough requests that a cell lasts dozens of ticks of the CPU clock, whichever server serves it. */
export const full: Scale = {
  rounds: 3,
  warmUpRequests: 200_000,
  singleRequests: 100_000,
  pipelinedRequests: 2_000_000,
  typeRequests: 1_000_000,
  memoryKeys: 1_000_000,
  stallElements: 10_000_000,
  growthKeys: 5_000_000,
  snapshotKeys: 2_000_000,
  syncKeys: 2_000_000,
  replayKeys: 2_000_000,
}

/** Half a minute, to see that all is well. Memory keeps its size: tables double, so bytes per key depend on it. */
export const quick: Scale = {
  ...full,
  rounds: 1,
  singleRequests: 50_000,
  pipelinedRequests: 500_000,
  typeRequests: 500_000,
  growthKeys: 1_000_000,
  snapshotKeys: 300_000,
  stallElements: 1_000_000,
  syncKeys: 500_000,
  replayKeys: 500_000,
}
