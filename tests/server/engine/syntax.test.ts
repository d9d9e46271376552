import { expect, test } from 'vitest'
import {
  bytes,
  choice,
  compile,
  flag,
  group,
  integer,
  key,
  nothing,
  optional,
  options,
  repeated,
  token,
  type Arguments,
} from '../../../server/engine/grammar.js'
import { syntaxOf } from '../../../server/engine/syntax.js'

const syntax = (args: Arguments): string => syntaxOf(compile(args, 1).docs)

test('arguments stand in their order', () => {
  expect(syntax({ key: key(), value: bytes() })).toBe('key value')
})

test('what may be missing stands in brackets', () => {
  expect(syntax({ message: optional(bytes()) })).toBe('[message]')
})

test('what may be repeated shows how', () => {
  expect(syntax({ data: repeated(group({ key: key(), value: bytes() })) })).toBe('key value [key value ...]')
  expect(syntax({ name: repeated(bytes(), 0) })).toBe('[name [name ...]]')
})

test('options show their tokens', () => {
  const args = {
    options: options({
      get: flag('GET'),
      count: token('COUNT', integer()),
      expiry: choice({ EX: integer(), KEEPTTL: nothing() }),
    }),
  }
  expect(syntax(args)).toBe('[GET] [COUNT count] [EX ex|KEEPTTL]')
})
