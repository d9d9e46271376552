/** What a check has found, in lines for people and as JSON for programs. */

import { formatMemorySize } from '../../server/lib/memory-size.js'
import { CHECKSUM_SINCE, VALKEY_VERSION_MIN } from '../rdb/format.js'
import { type AofFileFindings, type AofFindings, isSound } from './aof-check.js'
import type { Tally } from './rdb-census.js'
import type { RdbFindings } from './rdb-check.js'

export function* rdbLines({ file, version, census, bytes, rest, problem }: RdbFindings): Generator<string> {
  yield `[offset 0] Checking RDB file ${file}`
  for (const [name, value] of census.facts) yield `[info] ${name} = '${value}'`
  yield problem === null
    ? `[offset ${bytes}] ${checksumSentence(version, census.hasChecksum)}`
    : `[offset ${problem.offset}] ${problem.reason}`
  const maker = version >= VALKEY_VERSION_MIN ? 'Valkey' : 'Redis'
  if (version > 0) yield `[info] RDB version ${version} (${maker})`
  yield* censusLines(census)
  if (rest > 0 && problem === null) yield `[info] ${rest} bytes follow the snapshot`
  yield problem === null ? `RDB file ${file} is valid` : `RDB file ${file} is not valid`
}

function checksumSentence(version: number, hasChecksum: boolean): string {
  if (version < CHECKSUM_SINCE) return `Files of version ${version} have no checksum`
  return hasChecksum ? 'Checksum OK' : 'RDB file was saved with checksum disabled: no check performed'
}

function* censusLines(census: RdbFindings['census']): Generator<string> {
  const { databases, types, encodings, biggest, libraries, emptyKeys } = census
  yield `[info] ${census.keys} keys read`
  if (libraries > 0) yield `[info] ${libraries} libraries of functions`
  if (emptyKeys > 0) yield `[info] ${emptyKeys} empty keys, which a server leaves out`
  for (const [index, { expires, expired, ...tally }] of databases) {
    yield `[info] db${index}: ${shown(tally)}; ${expires} expires, ${expired} already expired`
  }
  for (const [name, tally] of types) yield `[info] type ${name}: ${shown(tally)}`
  for (const [name, tally] of encodings) yield `[info] encoding ${name}: ${shown(tally)}`
  for (const { db, key, type, encoding, elements, bytes } of biggest) {
    const size = formatMemorySize(bytes)
    yield `[info] big: db${db} ${JSON.stringify(key)} ${type} (${encoding}), ${elements} elements, ${size}`
  }
}

const shown = ({ keys, elements, bytes }: Tally): string =>
  `${keys} keys, ${elements} elements, ${formatMemorySize(bytes)}`

export function rdbJson({ file, version, census, bytes, rest, problem }: RdbFindings): object {
  const { facts, databases, types, encodings, biggest, libraries, emptyKeys, hasChecksum } = census
  return {
    file,
    valid: problem === null,
    problem,
    version,
    bytes,
    rest,
    checksum: hasChecksum && version >= CHECKSUM_SINCE,
    aux: Object.fromEntries(facts),
    keys: census.keys,
    emptyKeys,
    libraries,
    databases: Object.fromEntries(databases),
    types: Object.fromEntries(types),
    encodings: Object.fromEntries(encodings),
    biggest,
  }
}

export function* aofLines({ manifest, manifestProblem, files }: AofFindings): Generator<string> {
  if (manifest !== null) yield `Checking the files of the manifest ${manifest}`
  for (const each of files) yield* aofFileLines(each)
  if (manifestProblem !== null) yield `The manifest is not valid: ${manifestProblem}`
}

function* aofFileLines(found: AofFileFindings): Generator<string> {
  const { file, bytes, validBytes, commands, checksums, snapshot, problem } = found
  if (snapshot !== null)
    yield `${file} begins with a snapshot of ${snapshot.census.keys} keys, ${snapshot.bytes} bytes`
  if (checksums > 0) yield `${checksums} checksums in ${file} are true`
  yield `AOF analyzed: filename=${file}, size=${bytes}, ok_up_to=${validBytes}, commands=${commands}, diff=${bytes - validBytes}`
  yield problem === null
    ? `AOF ${file} is valid`
    : `AOF ${file} is not valid: ${problem.reason} (at byte ${problem.offset})`
}

export function aofJson(findings: AofFindings): object {
  const { manifest, manifestProblem, files } = findings
  return {
    manifest,
    manifestProblem,
    valid: isSound(findings),
    files: files.map(({ snapshot, ...file }) => ({
      ...file,
      snapshot: snapshot === null ? null : rdbJson(snapshot),
    })),
  }
}
