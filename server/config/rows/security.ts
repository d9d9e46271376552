import { accepted, works } from '../directive.js'
import { longCount } from '../kinds/number.js'
import { oneOf, text } from '../kinds/word.js'

const channels = oneOf(['allchannels', 'resetchannels'])

export const security = [
  works('requirepass', text, '', 'Password of the default user.', 'sensitive'),
  accepted('aclfile', text, '', 'File of users; without it they are lines of the config file.', 'immutable'),
  works('acl-pubsub-default', channels, 'resetchannels', 'Channels of a new user.'),
  works('acllog-max-len', longCount, 128, 'Entries of the log of denied commands.'),
] as const
