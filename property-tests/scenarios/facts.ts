/** The lines that begin with `=`: what must be true of a server, or of all. */
import { whyNotEnabled } from '../../spec/next.js';
import type { Life, Server, State } from '../../spec/state.js';
import { asSid, type Sid } from '../../types/ids.js';
import { toHex } from '../../types/int64.js';
import { parseAction } from '../../models/fuzz/action-text.js';
import { waiting } from './commands.js';

/** What is said, and what is: equal texts if the fact holds. */
type Check = (server: Server, life: Life, said: readonly string[]) => string;

const hex = (value: bigint): string => `0x${toHex(value)}`;
const listed = (sids: Iterable<Sid>): string => [...sids].sort((a, b) => (a < b ? -1 : 1)).join(' ');

/** Each pattern is tried in turn; it must be followed by a blank or the end of the part. */
const CHECKS: readonly (readonly [RegExp, Check])[] = [
  [/LOOKING|FOLLOWING|LEADING/y, (_, { st }) => st],
  [
    /vote \d+(?: zxid (0x[0-9a-f]+))? round (-?\d+) epoch (\d+)/y,
    (_, { cur }, [, zxid]) =>
      `vote ${cur.leader}${zxid === undefined ? '' : ` zxid ${hex(cur.zxid)}`} round ${cur.round} epoch ${cur.epoch}`,
  ],
  [/round \d+/y, (_, { clk }) => `round ${clk}`],
  [/proposes \d+/y, (_, { prop }) => `proposes ${prop.leader}`],
  [/finalizing/y, (_, { pc }) => (pc === 'FINAL' ? 'finalizing' : `at ${pc}`)],
  [/polling/y, (_, { pc }) => (pc === 'POLL' ? 'polling' : `at ${pc}`)],
  [/agreed by [\d ]*\d/y, (_, { counted }) => `agreed by ${listed(counted ?? [])}`],
  [/recvset of [\d ]*\d/y, (_, { recvset }) => `recvset of ${listed(recvset.keys())}`],
  [/outofelection of [\d ]*\d/y, (_, { ooe }) => `outofelection of ${listed(ooe.keys())}`],
  [/zxid 0x[0-9a-f]+/y, ({ zx }) => `zxid ${hex(zx)}`],
  [/currentEpoch \d+/y, ({ ce }) => `currentEpoch ${ce}`],
  [/acceptedEpoch \d+/y, ({ ae }) => `acceptedEpoch ${ae}`],
];

/** Null, or why the fact does not hold. */
export function whyNotTrue(state: State, fact: string): string | null {
  if (fact === 'nothing on the way') {
    const pairs = waiting(state).map(([from, to]) => `${from}->${to}`);
    return pairs.length === 0 ? null : `on the way: ${pairs.join(', ')}`;
  }
  if (fact.startsWith('impossible: ')) return possible(state, fact.slice('impossible: '.length));
  const [, id, rest] = /^(\d+) (.+)$/.exec(fact) ?? [];
  if (id === undefined || rest === undefined) return 'no fact';
  const server = state.servers.get(asSid(BigInt(id)));
  if (server === undefined) return 'no such server';
  const { life } = server;
  if (life === null || rest === 'down') return life === null && rest === 'down' ? null : `down: ${life === null}`;
  const wrong = rest.split(', ').flatMap((part) => wrongIn(part, server, life));
  return wrong.length === 0 ? null : wrong.join(', ');
}

function possible(state: State, text: string): string | null {
  const action = parseAction(text);
  if (!action.ok) return action.error;
  return whyNotEnabled(state, action.value) === null ? 'it is possible' : null;
}

function wrongIn(part: string, server: Server, life: Life): readonly string[] {
  const wrong: string[] = [];
  let at = 0;
  while (at < part.length) {
    const found = CHECKS.map(([pattern, check]) => ({ match: matchAt(pattern, part, at), check })).find(
      ({ match }) => match !== null,
    );
    if (found === undefined || found.match === null) return [`what is "${part.slice(at)}"?`];
    const is = found.check(server, life, found.match);
    if (is !== found.match[0]) wrong.push(is);
    at += found.match[0].length + 1;
  }
  return wrong;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const next = match === null ? '' : text.charAt(at + match[0].length);
  return next === '' || next === ' ' ? match : null;
}
