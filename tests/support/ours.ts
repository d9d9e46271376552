import { type RunningServer, type ServerOptions, startServer } from '../../server/index.js'
import { temporaryFolder } from './temporary-folder.js'

/**
 * A server of ours in this process, in a folder that goes when it is closed: replicas and masters write dump.rdb where
 * they are told to live, and a server that starts there loads it, whoever has left it.
 */
export async function startOurs(options: ServerOptions = {}): Promise<RunningServer> {
  const folder = temporaryFolder()
  const server = await startServer({ ...options, config: { dir: folder.path, ...options.config } })
  const close = server.close.bind(server)
  return Object.assign(server, {
    close: async () => {
      await close()
      folder[Symbol.dispose]()
    },
  })
}
