import { error, type SessionTable, table } from '../support/session.js'

const SYNTAX = error('ERR syntax error')
const UNIT = error('ERR unsupported unit provided. please use M, KM, FT, MI')
const SICILY = 'GEOADD Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania'

export const geo: readonly SessionTable[] = [
  table('places', [
    [SICILY, 2],
    ['GEOADD Sicily XX 13.361389 38.115556 Palermo 1 1 nowhere', 0],
    ['ZSCORE Sicily Palermo', '3479099956230698'],
    ['GEOHASH Sicily Palermo x Catania', ['sqc8b49rny0', null, 'sqdtr74hyu0']],
    ['GEOPOS Sicily Palermo x', [['13.36138933897018433', '38.11555639549629859'], null]],
    ['GEOPOS missing x', [null]],
    ['GEODIST Sicily Palermo Catania', '166274.1516'],
    ['GEODIST Sicily Palermo Catania km', '166.2742'],
    ['GEODIST Sicily Palermo Catania MI', '103.3182'],
    ['GEODIST Sicily Palermo x', null],
    ['GEODIST Sicily Palermo Catania yards', UNIT],
    ['GEODIST Sicily Palermo Catania km more', SYNTAX],
    ['GEOADD Sicily 181 0 x', error('ERR invalid longitude,latitude pair 181.000000,0.000000')],
    ['GEOADD Sicily 0 x y', error('ERR value is not a valid float')],
    ['GEOADD Sicily NX XX 0 0 x', SYNTAX],
    ['GEOADD Sicily 0 0', error("ERR wrong number of arguments for 'geoadd' command")],
  ]),

  table('searching', [
    [SICILY, 2],
    ['GEOSEARCH Sicily FROMLONLAT 15 37 BYRADIUS 200 km ASC', ['Catania', 'Palermo']],
    ['GEOSEARCH Sicily FROMMEMBER Palermo BYRADIUS 100 km WITHDIST', [['Palermo', '0.0000']]],
    [
      'GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 400 400 km DESC COUNT 1 WITHHASH',
      [['Palermo', 3479099956230698]],
    ],
    ['GEOSEARCH Sicily FROMLONLAT 15 37 BYBOX 10 400 km', []],
    [
      'GEORADIUS Sicily 15 37 200 km WITHCOORD COUNT 1',
      [['Catania', ['15.08726745843887329', '37.50266842333162032']]],
    ],
    ['GEORADIUSBYMEMBER Sicily Catania 200 km', ['Palermo', 'Catania']],
    ['GEORADIUSBYMEMBER Sicily x 200 km', error('ERR could not decode requested zset member')],
    ['GEORADIUSBYMEMBER missing x nonsense km', []],
    ['GEORADIUS Sicily 15 37 -1 km', error('ERR radius cannot be negative')],
    ['GEORADIUS Sicily 15 37 1 miles', UNIT],
    ['GEORADIUS Sicily 15 37 1 km COUNT 0', error('ERR COUNT must be > 0')],
    ['GEORADIUS Sicily 15 37 1 km ANY', error('ERR the ANY argument requires COUNT argument')],
    ['GEORADIUS_RO Sicily 15 37 1 km STORE x', SYNTAX],
    ['GEOSEARCH Sicily BYRADIUS 1 km', error("ERR wrong number of arguments for 'geosearch' command")],
    [
      'GEOSEARCH Sicily BYRADIUS 1 km ASC WITHDIST',
      error('ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH'),
    ],
    [
      'geosearch Sicily FROMLONLAT 1 1 ASC WITHDIST',
      error('ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch'),
    ],
  ]),

  table('storing what was found', [
    [SICILY, 2],
    ['GEOSEARCHSTORE near Sicily FROMLONLAT 15 37 BYRADIUS 100 km', 1],
    ['ZRANGE near 0 -1 WITHSCORES', ['Catania', '3479447370796909']],
    ['GEORADIUS Sicily 15 37 1 km STORE near', 0],
    ['EXISTS near', 0],
    ['GEORADIUSBYMEMBER Sicily Palermo 10 km STOREDIST near', 1],
    ['ZRANGE near 0 -1 WITHSCORES', ['Palermo', '0']],
    [
      'GEORADIUS Sicily 15 37 1 km STORE near WITHDIST',
      error('ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options'),
    ],
  ]),

  table(
    'BYPOLYGON',
    [
      [SICILY, 2],
      ['GEOSEARCH Sicily BYPOLYGON 3 13 38 14 38 13.5 39', ['Palermo']],
      ['GEOSEARCH Sicily BYPOLYGON 4 12 36 16 36 16 39 12 39 ASC', ['Palermo', 'Catania']],
      ['GEOSEARCH Sicily BYPOLYGON 3 0 0 1 0 1 1', []],
      ['GEOSEARCH Sicily BYPOLYGON 2 0 0 1 0 1 1', error('ERR BYPOLYGON needs at least 3 vertices')],
    ],
    { since: 'Valkey 9.0' },
  ),

  table(
    'RESP3 has doubles for places and strings for distances',
    [
      [SICILY, 2],
      ['GEOPOS Sicily Palermo', [[13.361389338970184, 38.1155563954963]]],
      ['GEODIST Sicily Palermo Catania km', '166.2742'],
    ],
    { resp: 3 },
  ),
]
