import { posix } from 'node:path'
import { checked, oneWord, type Kind } from '../kind.js'
import { quoteWord } from '../../lib/words.js'
import { text } from './word.js'

/** The name of a file or directory inside `dir`. `what` is how the error calls it. */
export function baseName(directive: string, what: 'filename' | 'dirname', mayBeEmpty = false): Kind<string> {
  return checked(text, name => {
    if (name === '' && !mayBeEmpty) return `${directive} can't be empty`
    return /[/\\]/.test(name) ? `${directive} can't be a path, just a ${what}` : null
  })
}

/** A directory: a relative one starts at the one so far. Symbolic links are left as they are. */
export const directory: Kind<string> = {
  ...oneWord('a path', path => path, String, quoteWord),
  read: ([path], current) => posix.resolve(current, path),
}

/** The longest name a host may have, and one more. */
const HOST_NAME_END = 256

/** A host name for others to be told. */
export const hostName: Kind<string> = checked(text, name => {
  if (name.length >= HOST_NAME_END) return `Hostnames must be less than ${HOST_NAME_END} characters`
  return /^[A-Za-z0-9.-]*$/.test(name)
    ? null
    : 'Hostnames may only contain alphanumeric characters, hyphens or dots'
})

/** Variables of a process title; those marked false may be empty, and a title must show something. */
const TITLE_VARIABLES: ReadonlyMap<string, boolean> = new Map([
  ['title', false],
  ['listen-addr', true],
  ['server-mode', false],
  ['port', true],
  ['tls-port', true],
  ['unixsocket', false],
  ['config-file', false],
])

/** The process title, with `{title}`, `{listen-addr}` and so on to be filled in. `{{` is a brace. */
export const titleTemplate: Kind<string> = checked(text, template => {
  const shown = template.replace(/\{\{|\{([^}]*)\}/g, (match, name: string | undefined) =>
    name === undefined ? '' : TITLE_VARIABLES.has(name) ? (TITLE_VARIABLES.get(name) ? 'x' : '') : match,
  )
  const sound = !shown.includes('{') && (shown.trim() !== '' || template.includes('{{'))
  return sound ? null : 'template format is invalid or contains unknown variables'
})
