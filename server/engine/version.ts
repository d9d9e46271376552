/** Who we are, and which Redis our clients may take us for. */

/** As in package.json; a test compares. */
export const VERSION = '0.1.0'

/** Clients decide by this what to use; 8.x would promise modules that are not here. */
export const REDIS_VERSION = '7.4.2'

export const SERVER_NAME = 'redstart'
