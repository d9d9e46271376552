import type { Engine } from '../../../engine/engine.js'
import type { InfoField, InfoSection } from '../../../engine/part.js'
import { REDIS_VERSION, SERVER_NAME, VERSION } from '../../../engine/version.js'

const DAY_S = 86_400

export const serverSection: InfoSection = {
  name: 'server',
  default: true,
  *fields(engine) {
    yield* program(engine)
    yield* host(engine)
    yield* life(engine)
    yield* settings(engine)
  },
}

function* program({ facts, mode }: Engine): Iterable<InfoField> {
  yield ['redis_version', REDIS_VERSION]
  yield ['server_name', SERVER_NAME]
  yield ['redstart_version', VERSION]
  yield ['node_version', facts.nodeVersion.replace(/^v/, '')]
  yield ['redis_git_sha1', '00000000']
  yield ['redis_git_dirty', 0]
  yield ['redis_build_id', 0]
  yield ['redis_mode', mode]
}

function* host({ facts }: Engine): Iterable<InfoField> {
  yield ['os', facts.machine.os]
  yield ['arch_bits', facts.machine.archBits]
  yield ['monotonic_clock', 'performance.now']
  yield ['multiplexing_api', 'libuv']
  yield ['atomicvar_api', 'none']
  yield ['gcc_version', '0.0.0']
  yield ['process_id', facts.pid]
}

function* life({ runId, clock, startedAtMs, config }: Engine): Iterable<InfoField> {
  const uptimeS = Math.max(0, Math.floor((clock.wallMs() - startedAtMs) / 1000))
  yield ['process_supervised', config.values.supervised]
  yield ['run_id', runId]
  yield ['tcp_port', config.values.port]
  yield ['server_time_usec', clock.wallUs()]
  yield ['uptime_in_seconds', uptimeS]
  yield ['uptime_in_days', Math.floor(uptimeS / DAY_S)]
}

function* settings({ config, facts, keyspace, configFile }: Engine): Iterable<InfoField> {
  yield ['hz', config.values.hz]
  yield ['configured_hz', config.values.hz]
  yield ['lru_clock', Math.floor(keyspace.now / 1000) & 0xffffff]
  yield ['executable', facts.executable]
  yield ['config_file', configFile]
  yield ['io_threads_active', 0]
}
