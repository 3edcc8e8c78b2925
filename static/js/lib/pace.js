/**
 * How presentation time is stretched where virtual time alone would show nothing, in µs of it.
 *
 * @module lib/pace
 */

/** Before each command. */
export const COMMAND_GAP = 4000;

/** Before a command that may bring a new server: the others make room for it meanwhile. */
export const ARRIVAL_GAP = 12000;

/** The shortest flight of a message that a command ends early. */
export const SHORTEST_FLIGHT = 10000;
