import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be cut and mended: what is under way when it is cut is lost. */
export class CuttableLink {
  private readonly sockets = new Set<Socket>()
  private isCut = false
  private readonly server = createServer(near => {
    if (this.isCut) {
      near.destroy()
      return
    }
    const far = connect(this.target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        this.sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })

  private constructor(private readonly target: number) {}

  static async to(port: number): Promise<CuttableLink> {
    const link = new CuttableLink(port)
    link.server.listen(0, '127.0.0.1')
    await once(link.server, 'listening')
    return link
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  cut(): void {
    this.isCut = true
    for (const socket of this.sockets) socket.destroy()
  }

  mend(): void {
    this.isCut = false
  }

  async close(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }
}
