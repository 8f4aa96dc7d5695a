/** The one text form of actions: in tokens, stories and golden scripts. `parseAction(printAction(a))` is `a`. */
import { unreachable } from '../../base/assert.js';
import { err, ok, type Result } from '../../base/result.js';
import { type Action, EXTENTS, type Extent } from '../../spec/action.js';
import { asConfigVersion, asSid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';

/** For example `Receive 1->2`, `Resend 3 delivered`, `Activate 3 with 1,2 upToDate`. */
export function printAction(action: Action): string {
  const { name } = action;
  switch (name) {
    case 'Begin':
    case 'TestState':
    case 'Enqueue':
    case 'CompareRound':
    case 'SendReply':
    case 'Handle':
    case 'FinalStep':
    case 'Silence':
    case 'FinalEnd':
    case 'Publish':
    case 'Leave':
    case 'Crash':
    case 'Restart':
    case 'CatchUp':
      return `${name} ${action.s}`;
    case 'Resend':
      return `Resend ${action.s}${action.delivered === undefined ? '' : action.delivered ? ' delivered' : ' reconnect'}`;
    case 'Receive':
    case 'ConfigGossip':
    case 'Overflow':
      return `${name} ${action.from}->${action.s}`;
    case 'Break':
      return `Break ${action.a}<>${action.b} keep ${action.keepAB},${action.keepBA}`;
    case 'Lose':
      return `Lose ${action.from}->${action.to} #${action.index}`;
    case 'Replay':
      return `Replay ${action.from}->${action.to}`;
    case 'Activate':
      return `Activate ${action.leader} with ${action.followers.join(',')} ${action.extent}`;
    case 'Write':
      return `Write ${action.leader}`;
    case 'CountFollowers':
      return `CountFollowers ${action.leader} ${action.none ? 'none' : 'some'}`;
    case 'OracleFlip':
      return name;
    case 'ProposeConfig':
      return `ProposeConfig ${action.s} v${action.version}`;
    case 'CommitConfig':
      return `CommitConfig ${action.s} designated ${action.designated}`;
    default:
      return unreachable(action);
  }
}

const ID = '(-?\\d+)';
const PATTERNS: readonly (readonly [RegExp, (name: string, parts: readonly string[]) => Action | null])[] = [
  [/^(OracleFlip)$/, () => ({ name: 'OracleFlip' })],
  [
    new RegExp(
      `^(Begin|TestState|Enqueue|CompareRound|SendReply|Handle|FinalStep|Silence|FinalEnd|Publish|Leave|Crash|Restart|CatchUp) ${ID}$`,
    ),
    (name, [s]) => ({ name: name as 'Begin', s: sid(s) }),
  ],
  [
    new RegExp(`^(Resend) ${ID}(?: (delivered|reconnect))?$`),
    (_, [s, how]) =>
      how === undefined ? { name: 'Resend', s: sid(s) } : { name: 'Resend', s: sid(s), delivered: how === 'delivered' },
  ],
  [
    new RegExp(`^(Receive|ConfigGossip|Overflow) ${ID}->${ID}$`),
    (name, [from, s]) => ({ name: name as 'Receive', from: sid(from), s: sid(s) }),
  ],
  [
    new RegExp(`^(Break) ${ID}<>${ID} keep (\\d+),(\\d+)$`),
    (_, [a, b, keepAB, keepBA]) => ({
      name: 'Break',
      a: sid(a),
      b: sid(b),
      keepAB: Number(keepAB),
      keepBA: Number(keepBA),
    }),
  ],
  [
    new RegExp(`^(Lose) ${ID}->${ID} #(\\d+)$`),
    (_, [from, to, index]) => ({ name: 'Lose', from: sid(from), to: sid(to), index: Number(index) }),
  ],
  [new RegExp(`^(Replay) ${ID}->${ID}$`), (_, [from, to]) => ({ name: 'Replay', from: sid(from), to: sid(to) })],
  [
    new RegExp(`^(Activate) ${ID} with ((?:-?\\d+(?:,-?\\d+)*)?) (\\w+)$`),
    (_, [leader, followers, extent]) => activate(leader, followers, extent),
  ],
  [new RegExp(`^(Write) ${ID}$`), (_, [leader]) => ({ name: 'Write', leader: sid(leader) })],
  [
    new RegExp(`^(CountFollowers) ${ID} (none|some)$`),
    (_, [leader, how]) => ({ name: 'CountFollowers', leader: sid(leader), none: how === 'none' }),
  ],
  [
    new RegExp(`^(ProposeConfig) ${ID} v${ID}$`),
    (_, [s, version]) => ({ name: 'ProposeConfig', s: sid(s), version: asConfigVersion(BigInt(version ?? '')) }),
  ],
  [
    new RegExp(`^(CommitConfig) ${ID} designated ${ID}$`),
    (_, [s, designated]) => ({ name: 'CommitConfig', s: sid(s), designated: sid(designated) }),
  ],
];

function sid(text: string | undefined): Sid {
  return asSid(BigInt(text ?? ''));
}

function activate(leader?: string, followers?: string, extent?: string): Action | null {
  if (!(EXTENTS as readonly (string | undefined)[]).includes(extent)) return null;
  const sids = followers === undefined || followers === '' ? [] : followers.split(',').map(sid);
  return { name: 'Activate', leader: sid(leader), followers: sids, extent: extent as Extent };
}

/** Reads one action. Error: a sentence with the text. */
export function parseAction(text: string): Result<Action> {
  for (const id of text.match(/-?\d+/g) ?? []) {
    if (!parseDecimalInt64(id).ok) return err(`"${text}": ${id} does not fit in 64 bits`);
  }
  for (const [pattern, build] of PATTERNS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const action = build(match[1] ?? '', match.slice(2));
    if (action !== null) return ok(action);
  }
  return err(`"${text}" is no action; actions look like "Receive 1->2" or "Handle 3"`);
}
