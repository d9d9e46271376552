/**
 * The suite's driver, made fit for measuring a partial implementation.
 *
 * Redis' driver is written for a server that passes: a test that hangs stops everything for twenty minutes, a
 * server that dies at start is waited for during two, one failed assertion in the wrong place drops the rest of
 * the file without a word, and a server that would not start can leave its test counted as passed. Each edit
 * below takes one of these away, in our private copy; no test is touched.
 *
 * An edit that finds nothing to change is an error: another version of the suite needs another look.
 */
export interface Edit {
  readonly file: string
  readonly why: string
  readonly find: RegExp
  readonly replace: string
}

const LINE_BUFFERED = 'fconfigure stdout -buffering line\n'

/** Procedures of our own, which the edits below call. */
const PROCEDURES = `
set ::start_failed 0

# True for a process that ended before it printed its PID line.
proc died_at_start {stdout pid} {
    if {![catch {exec kill -0 $pid}]} { return 0 }
    expr {![regexp -- " PID: $pid" [exec cat $stdout]]}
}

proc assert_alive {pid} {
    if {[catch {exec kill -0 $pid}]} { error "assertion:the server died before it was ready" }
}

proc last_line {text} {
    lindex [split [string trim $text] "\\n"] end
}
`

export const edits: readonly Edit[] = [
  {
    file: 'tests/test_helper.tcl',
    why: 'what was printed before a kill must reach us',
    find: /^/,
    replace: LINE_BUFFERED,
  },
  {
    file: 'tests/test_helper.tcl',
    why: 'a hung test can only be named if its start is announced',
    find: /^( *)\} elseif \{\$status eq \{testing\}\} \{$/m,
    replace: '$&\n$1    puts "\\[testing\\]: $$data"',
  },
  {
    file: 'tests/support/test.tcl',
    why: 'the first ten characters of a message are only a prefix when it is an assertion',
    find: /set msg \[string range \$error 10 end\]/g,
    replace: 'set msg [regsub {^assertion:} $$error {}]',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'likewise',
    find: /set msg \[string range \$error 10 end\]/g,
    replace: 'set msg [regsub {^assertion:} $$error {}]',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'procedures of our own',
    find: /^/,
    replace: PROCEDURES.replaceAll('$', '$$$$'),
  },
  {
    file: 'tests/support/server.tcl',
    why: 'every start begins with a clean slate',
    find: /^proc wait_server_started \{.*$/m,
    replace: '$&\n    set ::start_failed 0',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'a server that dies at start is noticed at once, not after two minutes',
    find: /^( +)after \$checkperiod$/m,
    replace: [
      '$&',
      '$1if {[died_at_start $$stdout $$pid]} {',
      '$1    set port_busy [regexp {Failed listening on port} [exec cat $$stdout]]',
      '$1    set ::start_failed [expr {!$$port_busy}]',
      '$1    break',
      '$1}',
    ].join('\n'),
  },
  {
    file: 'tests/support/server.tcl',
    why: 'no use in knocking at a dead server for five seconds',
    find: /^proc server_is_up \{.*$/m,
    replace: '$&\n    if {$$::start_failed} { set ::start_failed 0; return 0 }',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'a server that did not start fails the test it was for, and leaves no tags behind',
    find: /^( +)start_server_error \$config_file \$err\n +return$/m,
    replace: [
      '$1if {$$::cur_test ne ""} { error "assertion:the server did not start: [last_line $$err]" }',
      '$1start_server_error $$config_file $$err',
      '$1set ::tags [lrange $$::tags 0 end-[llength $$tags]]',
      '$1return',
    ].join('\n'),
  },
  {
    file: 'tests/support/server.tcl',
    why: 'a restarted server that dies is not waited for until the end of time',
    find: /^( +)(if \{\[count_message_lines \$stdout "Ready to accept"\] > \$prev_ready_count\} \{\n +break\n +\}\n)( +after 10)$/m,
    replace: '$1$2$1assert_alive $$pid\n$3',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'an error outside any test ends its block, not the unit; inside a test it fails the test',
    find: /^( +)if \{!\$assertion && \$::durable\} \{$/m,
    replace:
      '$1set ::tags [lrange $$::tags 0 end-[llength $$tags]]\n$1if {$$::durable && $$::cur_test eq ""} {',
  },
  {
    file: 'tests/support/server.tcl',
    why: 'a block given up has stopped its server already: do not stop the one around it too',
    find: /^( +)send_data_packet \$::test_server_fd err \[join \$details "\\n"\]$(?=\n +\} else \{\n.*\n +error \$error \$backtrace)/m,
    replace: '$&\n$1return',
  },
  {
    file: 'tests/instances.tcl',
    why: 'what was printed before a kill must reach us',
    find: /^/,
    replace: LINE_BUFFERED,
  },
]

/** The edits that keep the sentinel suite's instances inside our range of ports. */
export function portEdits(base: number, count: number): Edit[] {
  const half = Math.floor(count / 2)
  const set = (name: string, value: number): Edit => ({
    file: 'tests/instances.tcl',
    why: 'stay inside our range of ports',
    find: new RegExp(`^set ::${name} .*$`, 'm'),
    replace: `set ::${name} ${value}`,
  })
  return [set('sentinel_base_port', base), set('redis_base_port', base + half), set('redis_port_count', half)]
}

export function applyEdit(edit: Edit, text: string): string {
  if (text.search(edit.find) < 0) {
    throw new Error(`${edit.file} is not the driver we know: nothing matches ${edit.find} (${edit.why})`)
  }
  return text.replace(edit.find, edit.replace)
}
