/** Seeded chance, and the values that a log should never hold. Equal seeds give equal values on every machine. */

/** mulberry32: small, fast, and 32 bits of state. */
export class Dice {
  #state;

  /** `index` tells items of one seed apart, so that any of them can be made again alone. */
  constructor(seed, index = 0) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
  }

  /** 0 (inclusive) to 1 (exclusive). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** 0 to `limit` − 1. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** True once in `often`. */
  once(often) {
    return this.below(often) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

const SMALL = ['0', '1', '2', '3', '4', '5', '-1', '400', '800', '60000'];

const EDGES = [
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '99999999999999999999',
  '4294967296',
  '2147483648',
  '-2147483649',
  '9007199254740993',
];

const NO_NUMBERS = [
  '',
  '-',
  '--1',
  '+5',
  '1e9',
  '0x1',
  '1_000',
  ' 1',
  '1.5',
  'NaN',
  'null',
  '٣',
  '１',
  '-0',
  '0000000001',
];

/** A decimal number: mostly small, else at an edge, too long, or none at all. */
export function decimal(dice) {
  if (dice.below(4) > 0) return dice.pick(SMALL);
  if (dice.below(3) > 0) return dice.pick(EDGES);
  return dice.once(3) ? digits(dice, '0123456789') : dice.pick(NO_NUMBERS);
}

/** A decimal number that fits in 64 bits: small, or at an edge. */
export function fitting(dice) {
  return dice.below(3) > 0
    ? dice.pick(SMALL)
    : dice.pick([EDGES[0], EDGES[1], EDGES[6], '-9223372036854775807', '9223372036854775806']);
}

const SMALL_HEX = ['0', '1', '2', '3', 'a', '100000000', '100000001', '200000000'];
const EDGES_HEX = [
  'ffffffffffffffff',
  '8000000000000000',
  '7fffffffffffffff',
  '10000000000000000',
  'FFFFFFFF',
  'fffffffffffffffe',
];

/** What follows `0x`. */
export function hexadecimal(dice) {
  if (dice.below(4) > 0) return dice.pick(SMALL_HEX);
  if (dice.below(3) > 0) return dice.pick(EDGES_HEX);
  return dice.once(3)
    ? digits(dice, '0123456789abcdef')
    : dice.pick(['', 'g', '-1', '0x1', 'x', ' 1', 'DEADBEEF', '１']);
}

function digits(dice, alphabet) {
  const length = dice.once(20) ? 1 + dice.below(5000) : 1 + dice.below(40);
  if (length > 40) return dice.pick(alphabet).repeat(length);
  return Array.from({ length }, () => dice.pick(alphabet)).join('');
}

/** Words that objects of JavaScript have by birth. */
export const BORN_WITH = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** A state of a server, mostly. */
export function stateWord(dice) {
  return dice.below(8) > 0 ? dice.pick(STATES) : dice.pick(['looking', 'LEAD', '', 'LOOKING ', ...BORN_WITH]);
}

/** Texts apart from each other by a bar. */
const apart = (text) => text.split('|');

/** Runs of these are what careless regular expressions stumble over. */
export const BAIT = [
  ...' []()1a-.,:|>"\\{}\t\r\u001b\u2028\ufeff',
  'zoo1 | ',
  ...apart('[myid:|[myid=|[myid:1]|] - |@1] - |@1|:x@1] - |@?] - |@1][] - |1] - |] INFO | (|) [| -- | - |INFO |0x'),
  ...apart('\u001b[|\u001b[1|\u001b[1;|\u001b[m|2026-01-01 00:00:00 |2026-01-01|00:00:00,000|> |[pod/|[pod/a] '),
  ...apart(
    'Notification: |Notification: 1 (|Notification: my state:|New election. My id =|Adding vote: | Received version: ',
  ),
  ...apart(
    'a.b|a.|a$b.|Oct 03 |, Proposed zxid = |(newleader), 1|{"log":"|{"log":|{"a":|[[|\\"|\\u0000| at |\tat | ... 1',
  ),
];

/** Characters that should not stand in a line, and some that may. */
export const ODD = [
  '\0'.repeat(50),
  ...apart('\0|\0\0|\r|\r\r|\u2028|\u2029|\u0085|\ufeff|\t|\u001b[31m|\u001b[0m|\u001b[|\ud800|\udc00|\udbff\udbff'),
  ...apart('😀|\u202e|a\u0301|\u00a0|\u200b|\x7f|\x08|\v|\f'),
];
