/**
 * Values as people read them.
 *
 * @module lib/format
 */

import { t } from './words.js';

/** @typedef {import('../types.js').Entry} Entry */
/** @typedef {import('../types.js').Message} Message */

/** A space that neither breaks nor is wide. */
const THIN = '\u202f';

/**
 * @param {number} us Virtual time, µs.
 * @returns {string} For example "1 284 ms", with a narrow space between thousands.
 */
export function milliseconds(us) {
  return `${grouped(Math.floor(us / 1000))}${THIN}ms`;
}

/**
 * @param {number} value A whole number.
 * @returns {string} With a narrow space between thousands.
 */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** The round speeds that keys go through, slowest first: virtual seconds a real second. */
export const RATES = Object.freeze([1 / 100, 1 / 50, 1 / 20, 1 / 10, 1 / 5, 1 / 2, 1, 2, 5, 10]);

/**
 * @param {number} rate Virtual seconds a real second.
 * @returns {string} For example "1/50×" or "2×".
 */
export function speed(rate) {
  if (rate >= 1) return `${Number(rate.toFixed(1))}×`;
  return `1/${Number((1 / rate).toFixed(rate > 1 / 10 ? 1 : 0))}×`;
}

/** Within this much of one of RATES, as a decimal logarithm, that one is meant. */
const NEAR = 0.02;

/**
 * @param {number} rate As a hand on the slider chose it.
 * @returns {number} The same, or the round one that is meant; never out of what is offered.
 */
export function snapRate(rate) {
  const near = RATES.find((each) => Math.abs(Math.log10(each / rate)) < NEAR);
  return near ?? Math.min(RATES[RATES.length - 1], Math.max(RATES[0], rate));
}

/**
 * @param {number} rate How fast a clock runs; 1 is right.
 * @returns {string} For example "×1.05".
 */
export function pace(rate) {
  return `×${Number(rate.toFixed(3))}`;
}

/**
 * The next faster or slower of RATES.
 * @param {number} rate
 * @param {1|-1} direction
 * @returns {number}
 */
export function nextRate(rate, direction) {
  const faster = RATES.filter((each) => each > rate * 1.001);
  const slower = RATES.filter((each) => each < rate * 0.999);
  return (direction > 0 ? faster[0] : slower[slower.length - 1]) ?? rate;
}

/**
 * @param {any} value A value of the key-value store.
 * @returns {string} Bare text; in quotes where there is nothing to see.
 */
export function value(value) {
  return typeof value === 'string' && value.trim() !== '' ? value : JSON.stringify(value);
}

/**
 * @param {string[]} ids Names of nodes.
 * @param {boolean} [tight] Without spaces, where each is one digit.
 * @returns {string} In short: only their numbers where all are named nodeN.
 */
export function members(ids, tight = false) {
  const short = ids.every((id) => /^node\d+$/.test(id));
  const digits = ids.every((id) => /^node\d$/.test(id));
  return ids.map((id) => (short ? id.slice(4) : id)).join(tight && digits ? '' : ' ');
}

/**
 * @param {Entry} entry
 * @returns {string} What the entry does, short: "key=value", "del key", "cas key", "1 2 3", "123 → 124", "no-op".
 */
export function entryLabel(entry) {
  if (entry.set) return Object.entries(entry.set).map(([key, each]) => `${key}=${value(each)}`).join(' ');
  if (entry.delete !== undefined) return `del ${entry.delete}`;
  if (entry.cas) return `cas ${entry.cas.key}: ${value(entry.cas.expected)}→${value(entry.cas.value)}`;
  if (entry.configuration) {
    const { members: now, old } = entry.configuration;
    return old.length > 0 ? `${members(old, true)} → ${members(now, true)}` : members(now);
  }
  return entry.veiled ? '?' : 'no-op';
}

/**
 * @param {Entry} entry
 * @param {string} label As `entryLabel` gives it.
 * @param {number} room In characters.
 * @returns {string} The label where it fits, else what tells it from its neighbours: of a pair rather the value than the key.
 */
export function shortLabel(entry, label, room) {
  if (label.length <= room) return label;
  if (entry.configuration) return label.replaceAll(' → ', '→');
  const pairs = Object.entries(entry.set ?? {});
  if (pairs.length !== 1) return label;
  const [[key, each]] = pairs;
  const said = value(each);
  const left = room - said.length - 1;
  if (left >= 3) return `${key.slice(0, left - 2)}…=${said}`; // An ellipsis is as wide as two letters.
  return said.length <= room ? `=${said}` : `=${said.slice(0, room - 2)}…`;
}

/**
 * @param {string} name Of a branch, as the server gave it or a person wrote it.
 * @returns {string} The names that the server gives are said in the page's language.
 */
export function branchName(name) {
  const [, number] = /^What if (\d+)$/.exec(name) ?? [];
  if (number) return t('branch.whatif', { number });
  return name === 'Main' ? t('branch.main') : name === 'The lesson' ? t('branch.lesson') : name;
}

/** @param {Message} reply @returns {boolean} Whether it is of a later term than its request, and so a refusal. */
const outdated = (reply) => reply.term > (reply.requestTerm ?? reply.term);

/**
 * @param {Message} message
 * @returns {string} Its name as the stage shows it: "RequestVote", "vote · yes", "heartbeat", …
 */
export function messageLabel(message) {
  if (!message.reply) return message.type;
  if (message.type === 'RequestVote') return t(message.voteGranted ? 'message.vote.yes' : 'message.vote.no');
  if (message.type === 'PreVote') return t(message.voteGranted ? 'message.prevote.yes' : 'message.prevote.no');
  if (message.type === 'AppendEntries') return t(message.success ? 'message.reply.ok' : 'message.reply.no');
  if (message.type === 'InstallSnapshot') return t(outdated(message) ? 'message.snapshot.no' : 'message.snapshot.ok');
  return t('message.reply', { type: message.type });
}

/**
 * @param {Message} message
 * @returns {string} The few fields that matter, for example "term 2" or "+1 entry · prev 0/0".
 */
export function messageDetail(message) {
  const parts = [];
  if (message.type === 'AppendEntries' && !message.reply) {
    const entries = Array.isArray(message.entries) ? message.entries.length : 0;
    parts.push(entries ? t('message.entries', { count: entries }) : t('message.heartbeat'));
    parts.push(`prev ${message.prevLogIndex}/${message.prevLogTerm}`);
  } else if (message.type === 'AppendEntries' && message.success && message.matchIndex !== undefined) {
    parts.push(`match ${message.matchIndex}`);
  } else if (message.type === 'InstallSnapshot' && !(message.reply && outdated(message))) {
    parts.push(message.reply ? `match ${message.lastIncludedIndex}` : `1–${message.lastIncludedIndex} · ${t('fact.term', { term: message.lastIncludedTerm })}`);
  } else {
    parts.push(t('fact.term', { term: message.term }));
    if (message.leadershipTransfer) parts.push(t('message.transfer'));
  }
  return parts.join(' · ');
}
