import { expect, it } from 'vitest'
import { applyEdit, edits, portEdits } from './driver.js'

const editsBecause = (why: RegExp) => edits.filter(edit => why.test(edit.why))

it('announces the start of a test', () => {
  const [edit] = editsBecause(/hung test/)
  const edited = applyEdit(edit, 'if x {\n    } elseif {$status eq {testing}} {\n        note\n    }\n')
  expect(edited).toContain('{\n        puts "\\[testing\\]: $data"\n        note')
})

it('lets a server that did not start fail its test', () => {
  const [edit] = editsBecause(/fails the test it was for/)
  const edited = applyEdit(edit, '  start_server_error $config_file $err\n  return\n')
  expect(edited).toMatch(/^ {2}if \{\$::cur_test ne ""\} \{ error "assertion:the server did not start: /)
  expect(edited).toMatch(/set ::tags \[lrange \$::tags 0 end-\[llength \$tags\]\]\n {2}return\n$/)
})

it('puts its procedures first, dollars and all', () => {
  const [edit] = editsBecause(/procedures of our own/)
  const edited = applyEdit(edit, 'proc theirs {} {}\n')
  expect(edited).toContain('exec kill -0 $pid')
  expect(edited).toMatch(/proc theirs \{\} \{\}\n$/)
})

it('keeps sentinels and servers in two halves of the range', () => {
  const file = 'set ::sentinel_base_port 1\nset ::redis_base_port 2\nset ::redis_port_count 3\n'
  const edited = portEdits(15_000, 400).reduce((text, edit) => applyEdit(edit, text), file)
  expect(edited).toBe(
    'set ::sentinel_base_port 15000\nset ::redis_base_port 15200\nset ::redis_port_count 200\n',
  )
})

it('refuses a driver it does not know', () => {
  expect(() => applyEdit(edits[1], 'another driver\n')).toThrow('not the driver we know')
})
