import { accepted, alias, works } from '../directive.js'
import { longCount } from '../kinds/number.js'
import { yesNo } from '../kinds/word.js'

export const scripting = [
  works('busy-reply-threshold', longCount, 5000, 'Milliseconds until -BUSY.', alias('lua-time-limit')),
  accepted('lua-enable-deprecated-api', yesNo, false, 'Offer old Lua to scripts.', 'immutable', 'hidden'),
] as const
