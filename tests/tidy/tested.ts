import { isProduct, offenceAt, type Offence, type Source } from './source.js'

/**
 * How a row of the command table is written. `subcommand('...'` does not match: a test of the container names the
 * subcommands with it.
 */
const DECLARATION = /\bcommand\(\s*'([^']+)'/g

/** The engine defines what a command is and shows examples; it declares none. */
const DECLARES_NONE = /^server\/(lib|engine)\//

const TABLE = /^server\/commands\//
const TESTS = /^tests\/(?!tidy\/)(sessions\/.*|.*\.test)\.ts$/

interface Declaration {
  readonly source: Source
  readonly position: number
  readonly name: string
}

/** Every command of the table is named, in capitals, by at least one test. */
export function tested(sources: readonly Source[]): Offence[] {
  const declared = sources
    .filter(source => isProduct(source) && !DECLARES_NONE.test(source.path))
    .flatMap(declarationsIn)
  if (declared.length === 0)
    return sources
      .filter(source => TABLE.test(source.path))
      .slice(0, 1)
      .map(blind)
  const words = wordsOf(sources.filter(source => TESTS.test(source.path)))
  return declared.filter(({ name }) => !words.has(name.toUpperCase())).map(untested)
}

function declarationsIn(source: Source): Declaration[] {
  return [...source.text.matchAll(DECLARATION)].map(({ index, 1: name }) => ({
    source,
    position: index,
    name,
  }))
}

/** All words in capitals of all tests, once, so that hundreds of commands do not read every test again. */
function wordsOf(tests: readonly Source[]): Set<string> {
  const word = /(?<![\w-])[A-Z][A-Z0-9_]*(?:[.-][A-Z0-9_]+)*(?!\w)/g
  return new Set(tests.flatMap(test => test.text.match(word) ?? []))
}

function untested({ source, position, name }: Declaration): Offence {
  const remedy = `write a session with it, in capitals, in tests/sessions/`
  return offenceAt(source, position, `no test names the command ${name}`, remedy)
}

/** A rule that recognises nothing approves of everything. */
function blind(source: Source): Offence {
  const remedy = 'tell DECLARATION of tests/tidy/tested.ts how the table is written now'
  return offenceAt(source, 0, 'the command table has files, but no command is recognised in them', remedy)
}
