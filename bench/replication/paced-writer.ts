import { Batch } from '../load/batch.js'
import { Connection, encodeCommand } from '../server/connection.js'
import { requestWords } from '../load/workload.js'

const INTERVAL_MS = 1
const WRITES_PER_INTERVAL = 20

/**
 * Writes at a steady pace, 20,000 a second, to random keys of a server, as applications do: a load that leaves the server
 * time for other things, so that what others feel is not the load itself. Ends with its scope.
 */
export class PacedWriter implements Disposable {
  private readonly batch = new Batch([encodeCommand(requestWords('set'))], WRITES_PER_INTERVAL)
  private readonly timer: NodeJS.Timeout
  private busy = false
  private writes = 0
  private failure: unknown = null

  static async start(port: number, keyspace: number): Promise<PacedWriter> {
    return new PacedWriter(await Connection.open(port), keyspace)
  }

  private constructor(
    private readonly connection: Connection,
    private readonly keyspace: number,
  ) {
    this.timer = setInterval(() => void this.write(), INTERVAL_MS)
  }

  /** Throws unless it could write. */
  check(): void {
    if (this.failure !== null || this.writes === 0) throw new Error(`no writes: ${String(this.failure)}`)
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer)
    this.connection.close()
  }

  private async write(): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      const bytes = this.batch.fill(() => Math.floor(Math.random() * this.keyspace))
      await this.connection.send(bytes, WRITES_PER_INTERVAL)
      this.writes += WRITES_PER_INTERVAL
    } catch (error) {
      this.failure = error
    }
    this.busy = false
  }
}
