/**
 * The manifest: which files, in which order, are the append-only log.
 *
 *     manifest = { line }
 *     line     = "file" SP name SP "seq" SP number SP "type" SP type { SP key SP value } LF
 *              | "#" anything LF                                 (remark.ts; "#redstart-lent": see Manifest.lent)
 *     name     = a file name, in double quotes when it holds anything but printable, unquoted, unspaced ASCII
 *     type     = "b" base | "i" incremental | "h" history
 *
 * At most one base comes first: the data set at some instant. Then history: files that a rewrite has replaced and
 * that are about to be deleted. Then the incremental files, their numbers rising: what was written since the base.
 * Only the last of these grows. Keys that a later release may add are skipped.
 *
 * A manifest is a value: the functions below answer new ones. What is on the disk is in folder.ts.
 */

import { quoteWord, splitWords } from '../../server/lib/words.js'
import { type Remark, readRemark, writeRemark } from './remark.js'

export type AofType = 'b' | 'h' | 'i'
/** What a base consists of: a snapshot, or commands. */
export type BaseForm = 'rdb' | 'aof'

export interface AofFile {
  readonly name: string
  readonly seq: number
  readonly type: AofType
}

export interface Manifest {
  readonly base: AofFile | null
  /** Replaced and not deleted yet, the newest first. */
  readonly history: readonly AofFile[]
  readonly incremental: readonly AofFile[]
  /** The numbers given last. */
  readonly baseSeq: number
  readonly incrementalSeq: number
  readonly remark: Remark | null
  /** Nobody wants this log but a backup that is being made: it ends with it, or with the server. */
  readonly lent: boolean
}

export const EMPTY_MANIFEST: Manifest = {
  base: null,
  history: [],
  incremental: [],
  baseSeq: 0,
  incrementalSeq: 0,
  remark: null,
  lent: false,
}

/** A manifest that nobody can rely on. The message is Redis' sentence. */
export class ManifestError extends Error {
  constructor(
    message: string,
    /** Where: 1 for the first line; 0 when no line is to blame. */
    readonly lineNumber = 0,
    readonly line = '',
  ) {
    super(message)
    this.name = 'ManifestError'
  }
}

const LENT = '#redstart-lent'
const LINE_MAX = 1024
const TYPES: readonly string[] = ['b', 'h', 'i']

/** Reads a manifest, latin1. Throws ManifestError. */
export function parseManifest(text: string): Manifest {
  if (text === '') throw new ManifestError('Found an empty AOF manifest')
  let manifest = EMPTY_MANIFEST
  const lines = text.split('\n')
  const last = lines.pop()
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#')) {
      manifest = {
        ...manifest,
        remark: readRemark(line) ?? manifest.remark,
        lent: manifest.lent || line === LENT,
      }
      continue
    }
    if (line.length >= LINE_MAX) throw tooLong()
    manifest = withLine(manifest, line.replace(/^[ \t\r]+|[ \t\r]+$/g, ''), index + 1)
  }
  if (last !== '' && !last?.startsWith('#')) throw tooLong()
  return { ...manifest, ...lastNumbers(manifest) }
}

/** A file that is about to be deleted still has its name: no new one may get it. */
function lastNumbers({ history, baseSeq, incrementalSeq }: Manifest): Partial<Manifest> {
  const last = (part: string, seq: number): number =>
    history.filter(file => file.name.includes(part)).reduce((most, file) => Math.max(most, file.seq), seq)
  return { baseSeq: last('.base.', baseSeq), incrementalSeq: last('.incr.', incrementalSeq) }
}

export function formatManifest({ base, history, incremental, remark, lent }: Manifest): string {
  const files = [...(base === null ? [] : [base]), ...history, ...incremental]
  const lines = files.map(({ name, seq, type }) => `file ${printedName(name)} seq ${seq} type ${type}\n`)
  return lines.join('') + (remark === null ? '' : writeRemark(remark)) + (lent ? `${LENT}\n` : '')
}

/** The files that hold the data, in the order in which they are loaded. */
export function dataFiles({ base, incremental }: Manifest): AofFile[] {
  return base === null ? [...incremental] : [base, ...incremental]
}

/** What follows the name that the user has chosen (`appendfilename`). */
export function baseName(prefix: string, seq: number, form: BaseForm): string {
  return `${prefix}.${seq}.base.${form}`
}

function incrementalName(prefix: string, seq: number): string {
  return `${prefix}.${seq}.incr.aof`
}

/** With one more incremental file, which is the one to write to from now on. */
export function withIncremental(manifest: Manifest, prefix: string): Manifest {
  const seq = manifest.incrementalSeq + 1
  const file: AofFile = { name: incrementalName(prefix, seq), seq, type: 'i' }
  return { ...manifest, incremental: [...manifest.incremental, file], incrementalSeq: seq }
}

/** With another base; the one before becomes history. */
export function withBase(manifest: Manifest, prefix: string, form: BaseForm): Manifest {
  const seq = manifest.baseSeq + 1
  const { base } = manifest
  const history = base === null ? manifest.history : [asHistory(base), ...manifest.history]
  return { ...manifest, base: { name: baseName(prefix, seq, form), seq, type: 'b' }, history, baseSeq: seq }
}

/** With a file of the time before manifests as its base. */
export function withOldBase(manifest: Manifest, name: string): Manifest {
  return { ...manifest, base: { name, seq: 1, type: 'b' }, baseSeq: 1 }
}

/** With what is to be told of the data when it ends here; '': nothing. */
export function withRemark(manifest: Manifest, bytes: number, text: string): Manifest {
  const file = manifest.incremental.at(-1)?.name
  return { ...manifest, remark: file === undefined || text === '' ? null : { file, bytes, text } }
}

/** What was to be told of data that ends here; '' when there is nothing, or it ended elsewhere. */
export function remarkOn({ incremental, remark }: Manifest, bytes: number): string {
  return remark?.file === incremental.at(-1)?.name && remark?.bytes === bytes ? remark.text : ''
}

/** Only the `kept` last incremental files go on; those before are part of the base, and become history. */
export function withoutRewritten(manifest: Manifest, kept: number): Manifest {
  const end = manifest.incremental.length - kept
  const rewritten = manifest.incremental.slice(0, end).toReversed().map(asHistory)
  return {
    ...manifest,
    incremental: manifest.incremental.slice(end),
    history: [...rewritten, ...manifest.history],
  }
}

export function withoutHistory(manifest: Manifest): Manifest {
  return { ...manifest, history: [] }
}

function withLine(manifest: Manifest, line: string, number: number): Manifest {
  const refuse = (sentence: string): never => {
    throw new ManifestError(sentence, number, line)
  }
  const file = readLine(line, refuse)
  if (file.type === 'h') return { ...manifest, history: [...manifest.history, file] }
  if (file.type === 'b') {
    if (manifest.base !== null) refuse('Found duplicate base file information')
    return { ...manifest, base: file, baseSeq: file.seq }
  }
  if (file.seq <= manifest.incrementalSeq) refuse('Found a non-monotonic sequence number')
  return { ...manifest, incremental: [...manifest.incremental, file], incrementalSeq: file.seq }
}

function readLine(line: string, refuse: (sentence: string) => never): AofFile {
  const words = splitWords(line) ?? []
  if (words.length < 6 || words.length % 2 !== 0) refuse(INVALID)
  const values = valuesOf(words)
  const name = values.get('file') ?? ''
  if (/[/\\]/.test(name)) refuse("File can't be a path, just a filename")
  const seq = Number.parseInt(values.get('seq') ?? '', 10) || 0
  const type = (values.get('type') ?? '').charAt(0)
  if (name === '' || seq === 0 || type === '') refuse(INVALID)
  if (!TYPES.includes(type)) refuse('Unknown AOF file type')
  return { name, seq, type: type as AofType }
}

const INVALID = 'Invalid AOF manifest file format'

function valuesOf(words: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  for (let i = 0; i < words.length; i += 2) values.set(words[i].toLowerCase(), words[i + 1])
  return values
}

const tooLong = (): ManifestError => new ManifestError('The AOF manifest file contains too long line')

const asHistory = (file: AofFile): AofFile => ({ ...file, type: 'h' })

/** Quoted where a space, a quote or anything unprintable would tear the line. */
function printedName(name: string): string {
  return name !== '' && /^[!-~]+$/.test(name) && !/["'\\]/.test(name) ? name : quoteWord(name)
}
