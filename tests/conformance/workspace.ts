import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyEdit, edits, portEdits } from './driver.js'
import { claimPorts, type PortRange } from './ports.js'
import { sentinelScript, serverScript } from './server-command.js'
import { findTool } from './source.js'

/**
 * The private copies of the suite. Every unit that runs beside another has a copy of its own: the driver keeps its
 * servers' files in tests/tmp and empties that folder when it starts. The copies live in the system's temporary
 * folder because the path of a unix socket ends at 107 bytes.
 */
export interface Bench {
  readonly folder: string
  readonly ports: PortRange
}

export class Workspace {
  private readonly benches: Bench[] = []

  private constructor(
    readonly folder: string,
    private readonly source: string,
    private readonly server: string,
  ) {}

  /** `server` is a shell command with absolute paths; see server-command.ts. */
  static create(source: string, server: (folder: string) => string): Workspace {
    const folder = mkdtempSync(join(tmpdir(), 'redstart-tcl-'))
    return new Workspace(folder, source, server(folder))
  }

  async addBench(): Promise<Bench> {
    const bench = { folder: join(this.folder, String(this.benches.length)), ports: await claimPorts() }
    this.benches.push(bench)
    copySuite(this.source, bench.folder)
    patchDriver(bench)
    linkPrograms(bench.folder)
    installServer(bench.folder, this.server)
    return bench
  }

  close(keep: boolean): void {
    for (const bench of this.benches) bench.ports.release()
    if (!keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function copySuite(source: string, folder: string): void {
  cpSync(join(source, 'tests'), join(folder, 'tests'), { recursive: true })
  for (const file of ['redis.conf', 'sentinel.conf']) cpSync(join(source, file), join(folder, file))
  for (const made of ['tests/tmp', 'tests/sentinel/tmp', 'src'])
    mkdirSync(join(folder, made), { recursive: true })
  symlinkSync(join(source, 'utils'), join(folder, 'utils'))
}

function patchDriver({ folder, ports }: Bench): void {
  for (const edit of [...edits, ...portEdits(ports.base, ports.count)]) {
    const path = join(folder, edit.file)
    writeFileSync(path, applyEdit(edit, readFileSync(path, 'latin1')), 'latin1')
  }
}

function linkPrograms(folder: string): void {
  for (const name of ['redis-cli', 'redis-benchmark', 'redis-check-aof', 'redis-check-rdb']) {
    const path = findTool(name)
    if (path !== null) symlinkSync(path, join(folder, 'src', name))
  }
}

function installServer(folder: string, command: string): void {
  writeScript(join(folder, 'src/redis-server'), serverScript(command))
  writeScript(join(folder, 'src/redis-sentinel'), sentinelScript(command))
}

function writeScript(path: string, text: string): void {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}
