import type { Directive } from './directive.js'
import { appendOnly } from './rows/append-only.js'
import { clients } from './rows/clients.js'
import { cluster } from './rows/cluster.js'
import { encodings } from './rows/encodings.js'
import { general } from './rows/general.js'
import { memory } from './rows/memory.js'
import { network } from './rows/network.js'
import { observation } from './rows/observation.js'
import { replication } from './rows/replication.js'
import { scripting } from './rows/scripting.js'
import { security } from './rows/security.js'
import { snapshot } from './rows/snapshot.js'
import { system } from './rows/system.js'
import { tls } from './rows/tls.js'

/** Every directive, in the order of CONFIG GET * and of a rewritten file. */
const table = [
  ...network,
  ...tls,
  ...general,
  ...snapshot,
  ...replication,
  ...security,
  ...clients,
  ...memory,
  ...system,
  ...appendOnly,
  ...scripting,
  ...cluster,
  ...observation,
  ...encodings,
] as const

type Row = (typeof table)[number]

/** `slowlog-max-len` as a property: `slowlogMaxLen`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name

export type DirectiveName = Row['name']

/** What the value of a directive is. */
export type ValueOfDirective<Name extends DirectiveName> = Extract<Row, { name: Name }>['default']

/** The settings of a server: `values.maxmemory`, `values.slowlogMaxLen`. */
export type Values = { readonly [Name in DirectiveName as Camel<Name>]: ValueOfDirective<Name> }

export const directives: readonly Directive[] = table

/** The property of `Values` that holds a directive. */
export function propertyOf(name: string): keyof Values {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as keyof Values
}

/** A directive as found by one of its names. */
export interface NamedDirective {
  /** The name or alias, in lower case. */
  readonly spelled: string
  readonly directive: Directive
  readonly property: keyof Values
}

/** All names and aliases, in the order of the table. */
export const names: ReadonlyMap<string, NamedDirective> = new Map(
  directives.flatMap(directive =>
    [directive.name, ...directive.aliases].map(spelled => [
      spelled,
      { spelled, directive, property: propertyOf(directive.name) },
    ]),
  ),
)
