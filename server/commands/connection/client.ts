/** CLIENT: all its subcommands. */

import { container } from '../../engine/command.js'
import { help } from '../help.js'
import { acks, offset } from './client-acks.js'
import { kill, unblock } from './client-kill.js'
import { id, info, list } from './client-list.js'
import { capa, noEvict, noTouch, reply } from './client-mode.js'
import { getName, setInfo, setName } from './client-name.js'
import { pause, unpause } from './client-pause.js'
import { caching, getRedirection, tracking, trackingInfo } from './client-tracking.js'

export const client = container(
  'CLIENT',
  {
    does: 'Commands about connections.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'Depends on subcommand.',
  },
  [
    id,
    info,
    list,
    kill,
    unblock,
    getName,
    setName,
    setInfo,
    pause,
    unpause,
    reply,
    noEvict,
    noTouch,
    capa,
    tracking,
    caching,
    trackingInfo,
    getRedirection,
    acks,
    offset,
    help('connection', '5.0.0'),
  ],
)
