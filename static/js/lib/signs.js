/**
 * The small signs on a node's rim, as paths around their middle: the stage draws them, the help lists them.
 *
 * @module lib/signs
 */

/** The side of a disk. */
export const DRUM = 'M-5 -3.4V3.4C-5 5.6 5 5.6 5 3.4V-3.4';

/** The top of a disk. */
export const PLATTER = 'M-5 -3.4C-5 -5.6 5 -5.6 5 -3.4C5 -1.2 -5 -1.2 -5 -3.4Z';

/** Beside a disk: it stands still. */
export const BARS = 'M10 -4.5V4.5M14 -4.5V4.5';

/** Beside a disk: something is still to be written. */
export const DOTS = 'M9 3.4h.01M12.5 3.4h.01M16 3.4h.01';

/** A lease. */
export const HOURGLASS = 'M-3.5 -4.8H3.5M-3.5 4.8H3.5M-2.8 -4.8C-2.8 -1 2.8 1 2.8 4.8M2.8 -4.8C2.8 -1 -2.8 1 -2.8 4.8';

/** A clock that does not run right. */
export const CLOCK = 'M0 -4.4A4.4 4.4 0 1 0 0 4.4A4.4 4.4 0 1 0 0 -4.4M0 -2.4V0L1.8 1.2';

/** How far an entry has come: a check, a block that is in place, an arrow back. */
export const STAGES = Object.freeze({
  committed: 'M-3.4 0.2L-1 2.7L3.4 -2.6',
  applied: 'M-2.8 -2.8H2.8V2.8H-2.8Z',
  answered: 'M3.4 -3V1H-3.2M-0.8 -1.6L-3.4 1L-0.8 3.6',
});
