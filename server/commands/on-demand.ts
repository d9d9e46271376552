import { type Argument, Words } from '../engine/grammar.js'
import { SYNTAX } from '../resp/errors.js'

/** An argument (the last one) that is read when the command asks for it: Redis looks at the key first. */
export function onDemand<T>(argument: Argument<T>): Argument<() => T> {
  return {
    ...argument,
    parse: words => {
      const here = new Words(words.request, words.at)
      words.at = words.request.count
      return () => {
        const parsed = argument.parse(here)
        if (here.left > 0) throw SYNTAX
        return parsed
      }
    },
  }
}
