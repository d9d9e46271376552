import { expect, test } from 'vitest'
import { CommandError } from '../../../server/resp/errors.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { Request } from '../../../server/resp/request.js'
import { testEngine } from '../../support/engine.js'

test.each([['NOPE'], ['CONFIG']])('%s with a word longer than any string is refused like any other', name => {
  const { engine } = testEngine()
  const request = Request.of([name])
  const longest = 512 * 1024 * 1024
  request.push(new Mem(new ArrayBuffer(longest)), 0, longest)
  const refusal = engine.executor.find(request)
  expect(refusal).toBeInstanceOf(CommandError)
  expect((refusal as CommandError).line.length).toBeLessThan(400)
})

test('an unknown command of a million words is refused without a look at all of them', () => {
  const request = Request.of(['NOPE'])
  const word = Span.of('word')
  for (let i = 0; i < 1_000_000; i++) request.push(word.mem, 0, 4)
  const refusal = testEngine().engine.executor.find(request) as CommandError
  expect(refusal.line).toMatch(/^ERR unknown command 'NOPE', with args beginning with: 'word' 'word' /)
})
