import { expect, it } from 'vitest'
import { readSentinelOutput } from './sentinel-output.js'

const lines = (...text: string[]): string => text.join('\n') + '\n'

it('reads verdicts of a sentinel unit', () => {
  const output = readSentinelOutput(
    lines(
      'Starting sentinel #0 at port 20000',
      'Testing unit: 05-manual.tcl',
      '07:11:56> (init) Restart killed instances: OK',
      '07:11:57> Manual failover works: FAILED: at least one sentinel did not',
      'Cleaning up...',
    ),
  )
  expect(output.tests).toEqual([
    { name: '(init) Restart killed instances', status: 'ok', reason: '' },
    { name: 'Manual failover works', status: 'err', reason: 'at least one sentinel did not' },
  ])
  expect(output.finished).toBe(true)
})

it('blames the test in which the error was caught', () => {
  const output = readSentinelOutput(
    lines(
      'Testing unit: x.tcl',
      '07:11:57> Vote: FAILED: caught an error in the test I/O error',
      'Cleaning up...',
    ),
  )
  expect(output.tests).toEqual([{ name: 'Vote', status: 'err', reason: 'I/O error' }])
  expect(output.outside).toEqual([])
})

it('finds a verdict that stands on a line of its own', () => {
  const output = readSentinelOutput(
    lines('07:24:45> No ODOWN: Waiting for process 25545 to exit...', 'OK', '07:24:47> Next: OK'),
  )
  expect(output.tests.map(({ name, status }) => [name, status])).toEqual([
    ['No ODOWN', 'ok'],
    ['Next', 'ok'],
  ])
})

it('keeps an error between tests apart', () => {
  const output = readSentinelOutput(lines('07:11:57> Vote: OK', 'FAILED: caught an error in the test oops'))
  expect(output.outside).toEqual(['oops'])
})

it('names the test that was running when the output stopped', () => {
  const output = readSentinelOutput(lines('Testing unit: x.tcl', '07:11:57> Vote: OK') + '07:11:58> Wait: ')
  expect(output.running).toBe('Wait')
  expect(output.finished).toBe(false)
})
