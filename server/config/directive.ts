import type { Kind } from './kind.js'

/**
 * - `immutable`: only a file or the command line sets it.
 * - `protected`: CONFIG SET needs `enable-protected-configs`.
 * - `hidden`: CONFIG GET shows it only under its full name.
 * - `sensitive`: its value must not reach a log.
 * - `deny-loading`: CONFIG SET answers -LOADING while the dataset loads.
 * - `told-always`: hooks hear of a CONFIG SET even when the value is the same (the file it names may not be).
 * - `at-once`: hooks hear of it while the file is being read, because later lines depend on it.
 * - `always-written`: CONFIG REWRITE writes it even when it has its default.
 */
export type Flag =
  | 'immutable'
  | 'protected'
  | 'hidden'
  | 'sensitive'
  | 'deny-loading'
  | 'told-always'
  | 'at-once'
  | 'always-written'

/** An older name of a directive. */
export interface Alias {
  readonly alias: string
}

export function alias(name: string): Alias {
  return { alias: name }
}

/** One row of the table: everything there is to know about a directive but what the server does with it. */
export interface Directive<Name extends string = string, V = unknown> {
  readonly name: Name
  readonly aliases: readonly string[]
  readonly kind: Kind<V>
  readonly default: V
  readonly flags: readonly Flag[]
  /** What it does, in a sentence for the reference. */
  readonly does: string
  /** `accepted`: stored, shown and rewritten, but without effect here. */
  readonly effect: 'works' | 'accepted'
}

/** A directive that does what it says. */
export function works<const Name extends string, V>(
  name: Name,
  kind: Kind<V>,
  value: NoInfer<V>,
  does: string,
  ...traits: readonly (Flag | Alias)[]
): Directive<Name, V> {
  return row(name, kind, value, does, 'works', traits)
}

/** A directive that is taken for the sake of existing files and has no effect. */
export function accepted<const Name extends string, V>(
  name: Name,
  kind: Kind<V>,
  value: NoInfer<V>,
  does: string,
  ...traits: readonly (Flag | Alias)[]
): Directive<Name, V> {
  return row(name, kind, value, does, 'accepted', traits)
}

function row<Name extends string, V>(
  name: Name,
  kind: Kind<V>,
  value: V,
  does: string,
  effect: 'works' | 'accepted',
  traits: readonly (Flag | Alias)[],
): Directive<Name, V> {
  const aliases: string[] = []
  const flags: Flag[] = []
  for (const trait of traits) {
    if (typeof trait === 'string') flags.push(trait)
    else aliases.push(trait.alias)
  }
  return { name, aliases, kind, default: value, flags, does, effect }
}
