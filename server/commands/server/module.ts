/** MODULE: none can be loaded, and none is. */

import { container, subcommand } from '../../engine/command.js'
import { repeated, text } from '../../engine/grammar.js'
import { MODULE_NOT_LOADED, NO_SUCH_MODULE } from '../../resp/errors.js'
import { help } from '../help.js'

const common = { since: '4.0.0', group: 'server', complexity: 'O(1)' } as const
const CHANGES = ['admin', 'noscript', 'no_async_loading', 'protected'] as const

const list = subcommand('LIST', {
  ...common,
  does: 'Lists the modules: there are none.',
  complexity: 'O(N) where N is the number of loaded modules.',
  flags: ['admin', 'noscript'],
  tips: ['nondeterministic_output_order'],
  run: ({ reply }) => reply.array(0),
})

const load = subcommand('LOAD', {
  ...common,
  does: 'Would load a module: this server cannot.',
  flags: CHANGES,
  args: { path: text(), arg: repeated(text(), 0) },
  run: refuse,
})

const loadEx = subcommand('LOADEX', {
  ...common,
  since: '7.0.0',
  does: 'Would load a module with settings: this server cannot.',
  flags: CHANGES,
  args: { path: text(), words: repeated(text(), 0) },
  run: refuse,
})

const unload = subcommand('UNLOAD', {
  ...common,
  does: 'Would unload a module: there is none.',
  flags: CHANGES,
  args: { name: text() },
  run() {
    throw NO_SUCH_MODULE
  },
})

export const moduleCommand = container(
  'MODULE',
  { ...common, does: 'Commands about modules.', complexity: 'Depends on subcommand.' },
  [list, load, loadEx, unload, help('server', '5.0.0')],
)

function refuse(): never {
  throw MODULE_NOT_LOADED
}
