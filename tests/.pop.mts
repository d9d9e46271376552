import { Config } from '../server/config/config.js'
import { Engine } from '../server/engine/engine.js'
import { systemClock } from '../server/lib/clock.js'
import { silentLog } from '../server/lib/log.js'
import { systemRandom } from '../server/lib/random.js'
import { parts } from '../server/parts.js'
import { Request } from '../server/resp/request.js'
const config = new Config(); config.load('enable-debug-command yes\n', () => [])
const e = new Engine({ clock: systemClock(), random: systemRandom(), log: silentLog(), config }, parts)
const run=(...w:string[])=>{ const s=e.openSession(Request.of(w)); const t=performance.now(); const h=process.memoryUsage().heapUsed; e.execute(s); const c=s.reply.take(); console.log(w.join(' '), (performance.now()-t).toFixed(0)+'ms', ((process.memoryUsage().heapUsed-h)/1e6).toFixed(1)+'MB heap', c[0]?.mem.u8.latin1Slice(0,60)); e.closeSession(s)}
run('DEBUG','POPULATE','1000000')
run('DEBUG','POPULATE','1000000','other','100')
run('DBSIZE')
run('DEBUG','DIGEST')
run('INFO','memory')
run('FLUSHALL')
run('MEMORY','PURGE')
process.exit(0)
