/** Lines of NDJSON: every kind of observation, with wrong types, fields, depths and texts. */
import { BAIT, BORN_WITH, decimal, Dice, fitting, ODD } from './hostile-dice.mjs';

const VOTE = { leader: 'id', zxid: 'id', round: 'id', epoch: 'id' };

/** Fields of every kind: id (64 bits), count, text, flag, a list of ids, or one of some words. */
const KINDS = {
  looking: {},
  roleEntered: { role: ['FOLLOWING', 'LEADING', 'OBSERVING'] },
  stateChanged: { state: 'state' },
  newElection: { myId: 'id', zxid: 'id' },
  timedOut: { nextTimeoutMs: 'count' },
  ignoredLeader: { leader: 'id', from: 'id' },
  ignoredSender: { leader: 'id', from: 'id' },
  oracle: { follow: 'flag' },
  updatingProposal: { newLeader: 'id', newZxid: 'id', oldLeader: 'id', oldZxid: 'id' },
  sending: { ...VOTE, recipient: 'id', myId: 'id' },
  compared: { leader: 'id', proposedLeader: 'id', zxid: 'id', proposedZxid: 'id' },
  staleRound: { round: 'id', logicalclock: 'id' },
  addingVote: { from: 'id', leader: 'id', zxid: 'id', round: 'id' },
  observerNotification: { from: 'id' },
  ownZxidMissing: {},
  senderZxidMissing: { from: 'id' },
  learningState: { myId: 'id', observer: 'flag' },
  leavingElection: { leader: 'id', zxid: 'id', myId: 'id', myState: 'state' },
  receiving: { myId: 'id' },
  notification: { myState: 'state', from: 'id', state: 'state', ...VOTE, version: 'count', configVersion: 'id' },
  answering: { myId: 'id', recipient: 'id', zxid: 'id', leader: 'id', configVersion: 'id' },
  processStarted: { myId: 'id' },
  phase: { state: 'state', phase: 'text', sync: 'text' },
  electionTook: { role: ['FOLLOWING', 'LEADING', 'OBSERVING'], tookMs: 'count' },
  setToLooking: {},
  newLeaderReceived: {},
  upToDateReceived: {},
  quorumOfSupporters: { sids: 'ids', zxid: 'id' },
  snapshotLoaded: { zxid: 'id' },
  epochDefault: { which: ['currentEpoch', 'acceptedEpoch'], epoch: 'id' },
  roleEnding: { reason: 'text' },
  electionRestarted: {},
  reconfigured: { text: 'text' },
  intervalSetting: { which: ['min', 'max'], ms: 'count' },
  messengerDown: { which: ['receiver', 'sender'] },
  version: { text: 'text' },
  mainLoopException: { text: 'text' },
  unreadable: { text: 'text', why: 'text' },
  seam: { why: 'text' },
};
const NAMES = Object.keys(KINDS);
/** The kinds that a machine explains: a trace of these goes deepest. */
const ELECTION = [
  'looking',
  'newElection',
  'notification',
  'notification',
  'notification',
  'timedOut',
  'stateChanged',
  'roleEntered',
];
const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** A value of the kind that the field wants, as JSON text. */
function rightValue(dice, kind) {
  if (Array.isArray(kind)) return JSON.stringify(dice.pick(kind));
  switch (kind) {
    case 'id':
      return dice.once(6) ? String(dice.below(10)) : `"${fitting(dice)}"`;
    case 'count':
      return dice.once(8) ? '2147483647' : String(dice.pick([0, 1, 2, 200, 400, 800, 60_000]));
    case 'flag':
      return dice.pick(['true', 'false']);
    case 'ids':
      return `[${Array.from({ length: dice.below(6) }, () => `"${fitting(dice)}"`).join(',')}]`;
    case 'state':
      return JSON.stringify(dice.pick(STATES));
    default:
      return JSON.stringify(dice.pick(['discovery', 'broadcast', 'diff', '', 'a reason', '3.8.0', ...BORN_WITH]));
  }
}

const nested = (open, close, depth) => open.repeat(depth) + close.repeat(depth);

function deep(dice) {
  const depth = dice.once(4000) ? 100_000 : dice.once(200) ? 6000 : 1 + dice.below(40);
  return dice.once(2) ? nested('[', ']', depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

const WRONG = [
  'null',
  'true',
  'false',
  '{}',
  '[]',
  '[null]',
  '1.5',
  '-0',
  '1e400',
  '-1e400',
  '1e-9',
  '9007199254740993',
  '""',
  '" 1"',
];

/** Any value but, mostly, the right one. */
function wrongValue(dice) {
  const kind = dice.below(10);
  if (kind < 4) return dice.pick(WRONG);
  if (kind < 6) return `"${decimal(dice)}"`;
  if (kind === 6) return deep(dice);
  if (kind === 7)
    return String(dice.pick(['9', '1', '-7']))
      .repeat(1 + dice.below(60))
      .replaceAll(/(?!^)-/g, '');
  if (kind === 8)
    return JSON.stringify(dice.pick(ODD) + dice.pick(BAIT).repeat(dice.once(50) ? 20_000 : dice.below(40)));
  return `[${Array.from({ length: dice.once(50) ? 9000 : dice.below(40) }, (_, at) => `"${at}"`).join(',')}]`;
}

const SCHEMA = '"zabcheck.observation/1"';

/** A good object of one kind, as pairs of key and JSON text. */
function pairsOf(dice, what) {
  const sid = dice.once(10) ? 'null' : `"${1 + dice.below(3)}"`;
  const pairs = [
    ['schema', SCHEMA],
    ['what', JSON.stringify(what)],
    ['sid', sid],
  ];
  if (dice.once(2)) pairs.push(['file', '"a.log"'], ['line', String(1 + dice.below(1000))]);
  for (const [key, kind] of Object.entries(KINDS[what])) pairs.push([key, rightValue(dice, kind)]);
  return pairs;
}

const written = (pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;

function mutate(dice, pairs) {
  const at = dice.below(pairs.length);
  const kind = dice.below(8);
  if (kind < 3) pairs[at] = [pairs[at][0], wrongValue(dice)];
  else if (kind === 3) pairs.splice(at, 1);
  else if (kind === 4) pairs.push([pairs[at][0], wrongValue(dice)]);
  else if (kind === 5)
    pairs.push([dice.pick([...BORN_WITH, 'x', '', 'sid', 'what', 'schema', '\0']), wrongValue(dice)]);
  else if (kind === 6) pairs[at] = [dice.pick(BORN_WITH), pairs[at][1]];
  else pairs.reverse();
  if (pairs.length === 0) pairs.push(['schema', SCHEMA]);
}

const BROKEN = [
  (dice, text) => text.slice(0, dice.below(text.length + 1)),
  (dice, text) => text.slice(dice.below(text.length + 1)),
  (_, text) => text + text,
  (_, text) => `\ufeff${text}`,
  (_, text) => `[${text}]`,
  (_, text) => text.replaceAll('"', "'"),
  (_, text) => text.replace('}', ',}'),
  (dice, text) => {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.pick(ODD) + text.slice(at);
  },
  (dice) => deep(dice),
  (dice) => wrongValue(dice),
  () => '',
];

/** The object with this seed and number, as one line unless a line break was put into it. */
export function hostileObject(seed, index) {
  const dice = new Dice(seed, index);
  const pairs = pairsOf(dice, dice.pick(NAMES));
  for (let count = dice.below(4); count > 0; count -= 1) mutate(dice, pairs);
  const text = written(pairs);
  return dice.once(6) ? dice.pick(BROKEN)(dice, text) : text;
}

/** An election in which every notification comes from another server. */
export function hostileCrowd(seed, index) {
  const dice = new Dice(seed, index);
  const crowd = dice.once(4) ? 3000 : 2 + dice.below(100);
  const sender = (at) => (dice.once(9) ? fitting(dice) : String(at));
  const notification = (at) => {
    const pairs = pairsOf(dice, 'notification').filter(([key]) => !['myState', 'from', 'leader', 'line'].includes(key));
    return written([...pairs, ['myState', '"LOOKING"'], ['from', `"${sender(at)}"`], ['leader', `"${sender(at)}"`]]);
  };
  const begin = ['processStarted', 'looking', 'newElection'].map((what) =>
    written(pairsOf(dice, what).map(([key, value]) => [key, /^(sid|myId)$/.test(key) ? '"1"' : value])),
  );
  return [...begin, ...Array.from({ length: crowd }, (_, at) => notification(at).replace(/"sid":[^,]*/, '"sid":"1"'))];
}

/** A trace of one server in which each line is good by itself, whatever they say together. */
export function hostileTrace(seed, index) {
  const dice = new Dice(seed, index);
  return Array.from({ length: 3 + dice.below(60) }, () =>
    written(
      pairsOf(dice, dice.below(8) > 0 ? dice.pick(ELECTION) : dice.pick(NAMES)).filter(([key]) => key !== 'line'),
    ),
  );
}
