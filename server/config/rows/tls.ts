import { accepted } from '../directive.js'
import { count, port } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

const auth = oneOf(['no', 'yes', 'optional'])

export const tls = [
  accepted('tls-port', port, 0, 'TCP port that speaks TLS; 0 listens on none.'),
  accepted('tls-cert-file', text, '', 'Certificate of the server, PEM.', 'told-always'),
  accepted('tls-key-file', text, '', 'Private key of the server, PEM.', 'told-always'),
  accepted('tls-key-file-pass', text, '', 'Passphrase of the private key.'),
  accepted('tls-client-cert-file', text, '', 'Certificate for outgoing connections, PEM.', 'told-always'),
  accepted('tls-client-key-file', text, '', 'Private key for outgoing connections, PEM.', 'told-always'),
  accepted('tls-client-key-file-pass', text, '', 'Passphrase of the private key for outgoing connections.'),
  accepted('tls-ca-cert-file', text, '', 'Authorities whose certificates are trusted, PEM.', 'told-always'),
  accepted('tls-ca-cert-dir', text, '', 'Directory of trusted authorities.', 'told-always'),
  accepted('tls-auth-clients', auth, 'yes', 'Ask clients for a certificate.'),
  accepted('tls-auth-clients-user', oneOf(['off', 'CN']), 'off', 'Log clients in by certificate.'),
  accepted('tls-expected-peer-name', text, '', 'Name the certificate of a master must carry.'),
  accepted('tls-replication', yesNo, false, 'Reach the master over TLS.'),
  accepted('tls-cluster', yesNo, false, 'Use TLS on the cluster bus.'),
  accepted('tls-protocols', text, '', 'Versions of TLS to speak; empty leaves it to Node.'),
  accepted('tls-ciphers', text, '', 'Ciphers of TLS 1.2 and older.'),
  accepted('tls-ciphersuites', text, '', 'Cipher suites of TLS 1.3.'),
  accepted('tls-prefer-server-ciphers', yesNo, false, 'Choose by our order of ciphers.'),
  accepted('tls-session-caching', yesNo, true, 'Let clients resume a TLS session.'),
  accepted('tls-session-cache-size', count, 20 * 1024, 'TLS sessions to remember; 0 is all.'),
  accepted('tls-session-cache-timeout', count, 300, 'Seconds a TLS session is remembered.'),
  accepted('tls-dh-params-file', text, '', 'Diffie-Hellman parameters, PEM.', 'told-always'),
  accepted('tls-auto-reload-interval', count, 0, 'Seconds between looks for new certificates.'),
] as const
