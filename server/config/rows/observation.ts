import { accepted, alias, works } from '../directive.js'
import { eventClasses } from '../kinds/event-classes.js'
import { percentiles } from '../kinds/lists.js'
import { INT_MAX, integer, LONG_MAX, longCount } from '../kinds/number.js'
import { yesNo } from '../kinds/word.js'

export const observation = [
  works(
    'slowlog-log-slower-than',
    integer(-1, LONG_MAX),
    10000,
    'Slow, in microseconds; 0 is all, -1 none.',
    alias('commandlog-execution-slower-than'),
  ),
  works(
    'slowlog-max-len',
    longCount,
    128,
    'Entries of the slow log.',
    alias('commandlog-slow-execution-max-len'),
  ),
  works('commandlog-request-larger-than', integer(-1, LONG_MAX), -1, 'Large, in bytes; -1 logs no request.'),
  works('commandlog-large-request-max-len', longCount, 128, 'Entries of the log of large requests.'),
  works('commandlog-reply-larger-than', integer(-1, LONG_MAX), -1, 'Large, in bytes; -1 logs no reply.'),
  works('commandlog-large-reply-max-len', longCount, 128, 'Entries of the log of large replies.'),
  accepted('slowlog-entry-max-argc', integer(2, INT_MAX), 32, 'Arguments shown of a command.'),
  accepted('slowlog-entry-max-string-len', integer(1, INT_MAX), 128, 'Bytes shown of an argument.'),
  works('latency-monitor-threshold', longCount, 0, 'Milliseconds worth noting; 0 notes nothing.'),
  works('latency-tracking', yesNo, true, 'Measure the latency of each command.'),
  works(
    'latency-tracking-info-percentiles',
    percentiles,
    [50, 99, 99.9],
    'Percentiles that INFO shows.',
    'always-written',
  ),
  accepted('key-memory-histograms', yesNo, false, 'Count keys by the memory they take.'),
  works('notify-keyspace-events', eventClasses, 0, 'Classes of events to publish, by letter.'),
] as const
