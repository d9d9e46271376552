/**
 * How often the garbage collector ran and how long it held us up. The data lives outside of V8's heap, so the
 * pauses should stay short however much is stored; this is what proves it, in INFO and in the benchmark.
 */

import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'

export interface GcPauses {
  count: number
  totalUs: number
  longestUs: number
}

/** Minor collections clear the young generation; everything else is major. */
export interface GcStatistics {
  minor: Readonly<GcPauses>
  major: Readonly<GcPauses>
}

export interface GcWatch extends Disposable {
  /** Since the watch began. The same object every time, brought up to date. */
  statistics(): GcStatistics
}

/** Watches until disposed of. Does not hold the process. */
export function watchGc(): GcWatch {
  const statistics = { minor: noPauses(), major: noPauses() }
  const addAll = (entries: PerformanceEntry[]): void => {
    for (const entry of entries)
      addPause(isMinor(entry) ? statistics.minor : statistics.major, entry.duration)
  }
  const observer = new PerformanceObserver(list => addAll(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  return {
    statistics() {
      addAll(observer.takeRecords())
      return statistics
    },
    [Symbol.dispose]: () => observer.disconnect(),
  }
}

function noPauses(): GcPauses {
  return { count: 0, totalUs: 0, longestUs: 0 }
}

function addPause(pauses: GcPauses, durationMs: number): void {
  const us = durationMs * 1000
  pauses.count++
  pauses.totalUs += us
  pauses.longestUs = Math.max(pauses.longestUs, us)
}

/** The types of Node leave out what only entries of this kind have. */
function isMinor(entry: PerformanceEntry & { detail?: { kind?: number } }): boolean {
  return entry.detail?.kind === constants.NODE_PERFORMANCE_GC_MINOR
}
