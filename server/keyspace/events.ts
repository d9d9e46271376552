/** The classes of keyspace events, under the name by which those who tell them speak of them. */

export { EventClass as Event } from '../config/kinds/event-classes.js'
