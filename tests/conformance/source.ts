import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Where the suite comes from: Debian's source package of redis 7.0.15 (Ubuntu 24.04 has it too), downloaded and
 * unpacked once into a folder that git ignores. Nothing is compiled and nothing of it is committed.
 * `REDSTART_REDIS_SOURCE` names a tree that is unpacked already.
 */
const VERSION = '7.0.15'
const DEB_SRC_FILE = '/etc/apt/sources.list.d/redstart-deb-src.sources'
const APT_FILES = ['debian.sources', 'ubuntu.sources'].map(file => `/etc/apt/sources.list.d/${file}`)

export function findSource(cache: string, named: string | undefined): string {
  if (named !== undefined) return checked(resolve(named))
  const tree = join(cache, `redis-${VERSION}`)
  if (!existsSync(tree)) fetchSource(cache, tree)
  return checked(tree)
}

/** The tools a run needs, by the Debian package that has them. */
export function requireTools(): void {
  const packages = {
    tclsh: 'tcl',
    'redis-cli': 'redis-tools',
    'redis-benchmark': 'redis-tools',
    pgrep: 'procps',
  }
  const absent = Object.entries(packages).filter(([tool]) => findTool(tool) === null)
  if (absent.length === 0) return
  const names = [...new Set(absent.map(([, name]) => name))].join(' ')
  throw new Error(`${absent.map(([tool]) => tool).join(', ')} missing: apt-get install -y ${names}`)
}

/** The absolute path of a program on PATH. */
export function findTool(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(':')
  return folders.map(folder => join(folder, name)).find(path => existsSync(path)) ?? null
}

function checked(tree: string): string {
  if (existsSync(join(tree, 'tests/test_helper.tcl'))) return tree
  throw new Error(`no tests/test_helper.tcl in ${tree}: not a source tree of redis`)
}

function fetchSource(cache: string, tree: string): void {
  if (findTool('apt-get') === null) {
    throw new Error(
      `no apt-get here: unpack redis ${VERSION} yourself and set REDSTART_REDIS_SOURCE to the folder`,
    )
  }
  mkdirSync(cache, { recursive: true })
  if (!download(cache)) {
    enableSourcePackages()
    if (!download(cache)) throw new Error('apt-get source redis failed; see what it says above')
  }
  unpack(cache, tree)
}

const download = (cache: string): boolean => runs('apt-get', ['source', '--download-only', 'redis'], cache)

function enableSourcePackages(): void {
  const sources = APT_FILES.find(file => existsSync(file))
  if (process.getuid?.() !== 0 || sources === undefined) {
    throw new Error(
      'apt has no source packages: add a deb-src line for your release to /etc/apt/sources.list.d/ and run ' +
        `apt-get update (as root this is done for you), or set REDSTART_REDIS_SOURCE to an unpacked redis ${VERSION}`,
    )
  }
  console.log(`writing ${DEB_SRC_FILE}`)
  writeFileSync(DEB_SRC_FILE, readFileSync(sources, 'utf8').replace(/^Types: .*$/gm, 'Types: deb-src'))
  runs('apt-get', ['update'], '/')
}

/** With dpkg-source, Debian's patches (four tests among them) are applied; without it, upstream's tree serves. */
function unpack(cache: string, tree: string): void {
  const files = readdirSync(cache)
  const description = files.find(file => file.startsWith(`redis_${VERSION}-`) && file.endsWith('.dsc'))
  const upstream = files.find(file => file === `redis_${VERSION}.orig.tar.gz`)
  const partial = `${tree}.partial`
  rmSync(partial, { recursive: true, force: true })
  if (description !== undefined && findTool('dpkg-source') !== null) {
    runs('dpkg-source', ['--no-check', '-x', description, partial], cache)
  } else if (upstream !== undefined) {
    mkdirSync(partial)
    runs('tar', ['xzf', upstream, '--strip-components=1', '-C', partial], cache)
  } else {
    const offered = files.filter(file => file.endsWith('.dsc')).join(', ')
    throw new Error(`this release does not offer redis ${VERSION} (${offered}): set REDSTART_REDIS_SOURCE`)
  }
  renameSync(checked(partial), tree)
}

function runs(command: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status === 0
}
