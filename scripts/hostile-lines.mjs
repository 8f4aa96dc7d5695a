/** Lines of logs: every message that is read, in every layout, then broken in the ways that files break. */
import { BAIT, BORN_WITH, decimal, Dice, hexadecimal, ODD, stateWord } from './hostile-dice.mjs';

/** Class, and message with `{d}`, `{h}`, `{s}` where numbers and states stand. */
const MESSAGES = [
  ['QuorumPeer', 'LOOKING'],
  ['QuorumPeer', 'FOLLOWING'],
  ['QuorumPeer', 'LEADING'],
  ['QuorumPeer', 'OBSERVING'],
  ['QuorumPeer', 'Peer state changed: looking'],
  ['QuorumPeer', 'Peer state changed: leading - discovery'],
  ['QuorumPeer', 'Peer state changed: following - synchronization - diff'],
  ['FastLeaderElection', 'New election. My id = {d}, proposed zxid=0x{h}'],
  ['FastLeaderElection', 'Notification time out: {d} ms'],
  [
    'FastLeaderElection$Messenger$WorkerReceiver',
    'Notification: my state:{s}; n.sid:{d}, n.state:{s}, n.leader:{d}, n.round:0x{h}, n.peerEpoch:0x{h}, n.zxid:0x{h}, ' +
      'message format version:0x{h}, n.config version:0x{h}',
  ],
  ['FastLeaderElection', 'Ignoring notification for non-cluster member sid {d} from sid {d}'],
  ['FastLeaderElection', 'Ignoring notification for sid {d} from non-quorum member sid {d}'],
  ['FastLeaderElection', 'Oracle indicates to follow'],
  ['FastLeaderElection', 'Oracle indicates not to follow'],
  ['FastLeaderElection', 'Updating proposal: {d} (newleader), 0x{h} (newzxid), {d} (oldleader), 0x{h} (oldzxid)'],
  [
    'FastLeaderElection',
    'Sending Notification: {d} (n.leader), 0x{h} (n.zxid), 0x{h} (n.round), {d} (recipient), {d} (myid), 0x{h} (n.peerEpoch)',
  ],
  ['FastLeaderElection', 'id: {d}, proposed id: {d}, zxid: 0x{h}, proposed zxid: 0x{h}'],
  [
    'FastLeaderElection',
    'Notification election epoch is smaller than logicalclock. n.electionEpoch = 0x{h}, logicalclock=0x{h}',
  ],
  [
    'FastLeaderElection',
    'Adding vote: from={d}, proposed leader={d}, proposed zxid=0x{h}, proposed election epoch=0x{h}',
  ],
  ['FastLeaderElection', 'Notification from observer: {d}'],
  ['FastLeaderElection', 'Ignoring notification as our zxid is -1'],
  ['FastLeaderElection', 'Ignoring notification from member with -1 zxid {d}'],
  ['FastLeaderElection', 'I am a participant: {d}'],
  ['FastLeaderElection', 'I am an observer: {d}'],
  ['FastLeaderElection', 'About to leave FLE instance: leader={d}, zxid=0x{h}, my id={d}, my state={s}'],
  ['FastLeaderElection$Messenger$WorkerReceiver', 'Receive new notification message. My id = {d}'],
  [
    'FastLeaderElection$Messenger$WorkerReceiver',
    'Sending new notification. My id ={d} recipient={d} zxid=0x{h} leader={d} config version = {h}',
  ],
  ['QuorumPeerMain', 'Starting quorum peer, myid={d}'],
  ['Follower', 'FOLLOWING - LEADER ELECTION TOOK - {d} MS'],
  ['Leader', 'LEADING - LEADER ELECTION TOOK - {d} MS'],
  ['QuorumPeer', 'PeerState set to LOOKING'],
  ['Learner', 'Learner received NEWLEADER message'],
  ['Learner', 'Learner received UPTODATE message'],
  ['Leader', 'Have quorum of supporters, sids: [[{d}, {d}],[{d}]]; starting up and setting last processed zxid: 0x{h}'],
  ['ZKDatabase', 'Snapshot loaded in {d} ms, highest zxid is 0x{h}, digest is 1371985504'],
  ['QuorumPeer', 'currentEpoch not found! Creating with a reasonable default of {d}. This should only happen'],
  ['QuorumPeer', 'acceptedEpoch not found! Creating with a reasonable default of {d}. This should only happen'],
  ['Leader', 'Shutdown called. For the reason Not sufficient followers synced, only synced with sids: [ [{d}] ]'],
  ['Learner', 'Exception when following the leader'],
  ['QuorumPeer', 'restarting leader election'],
  ['QuorumPeer', 'Becoming an observer'],
  ['QuorumPeer', 'Suggested leader: {d}'],
  ['FastLeaderElection$Messenger$WorkerReceiver', '{d} Received version: {h} my version: {h}'],
  ['FastLeaderElection$Messenger$WorkerSender', 'WorkerSender is down'],
  ['FastLeaderElection', 'zookeeper.fastleader.minNotificationInterval = {d} ms'],
  ['FastLeaderElection', 'zookeeper.fastleader.maxNotificationInterval={d}'],
  ['Environment', 'Server environment:zookeeper.version=3.{d}.0-{h}, built on 2022-02-25'],
  ['QuorumPeer', 'Unexpected exception'],
  ['FastLeaderElection', 'Notification: {d} (n.leader), 0x{h} (n.zxid), 0x{h} (n.round), {s} (n.state), {d} (n.sid)'],
  ['NIOServerCnxn', 'Processing srvr command from /127.0.0.1:{d}'],
];

const filled = (dice, text) =>
  text.replace(/\{([dhs])\}/g, (_, kind) =>
    kind === 'd' ? decimal(dice) : kind === 'h' ? hexadecimal(dice) : stateWord(dice),
  );

const two = (number) => String(number).padStart(2, '0');
const dateOf = (dice) =>
  `2026-${two(1 + dice.below(12))}-${two(1 + dice.below(28))} ${two(dice.below(24))}:${two(dice.below(60))}:${two(dice.below(60))}`;
const threadOf = (sid, className) =>
  className.includes('$')
    ? `WorkerReceiver[myid=${sid}]`
    : `QuorumPeer[myid=${sid}](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled)`;
const loggerOf = (className) => `org.apache.zookeeper.server.quorum.${className.replace(/\$.*/, '')}`;

/** How a record can be laid out: `at` the date, `sid` of the server, `name` of the class, `text` of the message. */
const LAYOUTS = [
  ({ at, sid, name, text }) => `${at},123 [myid:${sid}] - INFO  [${threadOf(sid, name)}:${name}@391] - ${text}`,
  ({ at, sid, name, text }) => `${at},123 [myid:] - INFO  [${threadOf(sid, name)}:o.a.z.s.q.${name}@391] - ${text}`,
  ({ at, sid, name, text }) => `${at},123 - INFO  [${threadOf(sid, name)}:${name}@391] - ${text}`,
  ({ at, sid, name, text }) => `${at},123 - DEBUG [${threadOf(sid, name)}:${name}@391][] - ${text}`,
  ({ at, name, text }) => `[${at},123] INFO ${text} (${loggerOf(name)})`,
  ({ at, sid, name, text }) => `${at},123 INFO ${text} (${loggerOf(name)}) [${threadOf(sid, name)}]`,
  ({ at, name, text }) => `${at},123 INFO ${loggerOf(name)}: ${text}`,
  ({ at, sid, name, text }) => `${at}.123 [${threadOf(sid, name)}] INFO  ${loggerOf(name)} -- ${text}`,
  ({ at, sid, text }) => `${at},123 [myid:${sid}] - ${text}`,
  ({ at, sid, name, text }) =>
    `Oct 03 ${at.slice(11)} host-1 java[2847]: [${threadOf(sid, name)}:${name}@391] - ${text}`,
  ({ at, sid, name, text }) =>
    `zoo${sid}_1  | ${at},123 [myid:${sid}] - INFO  [${threadOf(sid, name)}:${name}@391] - ${text}`,
  ({ at, sid, name, text }) =>
    `${at.replace(' ', 'T')}.000Z stdout F ${at},123 [myid:${sid}] - INFO  [main:${name}@391] - ${text}`,
  ({ at, sid, name, text }) =>
    JSON.stringify({ log: `${at},123 - INFO  [${threadOf(sid, name)}:${name}@391] - ${text}\n` }),
  ({ at, sid, name, text }) =>
    JSON.stringify({
      '@timestamp': at,
      level: 'INFO',
      logger_name: loggerOf(name),
      thread_name: threadOf(sid, name),
      message: text,
    }),
  ({ text }) => text,
];

/** A record as a server might have printed it, values apart. */
export function record(dice) {
  const [name, text] = dice.pick(MESSAGES);
  const layout = dice.once(2) ? LAYOUTS[0] : dice.pick(LAYOUTS);
  return layout({
    at: dateOf(dice),
    sid: dice.once(50) ? decimal(dice) : 1 + dice.below(5),
    name,
    text: filled(dice, text),
  });
}

const inserted = (text, at, piece) => text.slice(0, at) + piece + text.slice(at);

function withRun(dice, text) {
  const unit = dice.pick(BAIT);
  const length = dice.once(400) ? 70_000 : dice.once(4) ? 1000 + dice.below(3500) : 20 + dice.below(300);
  return inserted(text, dice.below(text.length + 1), unit.repeat(Math.ceil(length / unit.length)));
}

/** Every NUMBER of a text has the same chance to be replaced. */
function withNumber(dice, text) {
  const numbers = [...text.matchAll(/0x[0-9a-f]+|-?\d+/gi)];
  if (numbers.length === 0) return text;
  const { 0: word, index } = dice.pick(numbers);
  const other = word.startsWith('0x') ? `0x${hexadecimal(dice)}` : decimal(dice);
  return text.slice(0, index) + other + text.slice(index + word.length);
}

function withFields(dice, text) {
  const fields = text.split(', ');
  const [a, b] = [dice.below(fields.length), dice.below(fields.length)];
  if (dice.once(3)) fields.splice(a, 1);
  else if (dice.once(2)) fields.splice(a, 0, fields[b]);
  else [fields[a], fields[b]] = [fields[b], fields[a]];
  return fields.join(', ');
}

function withWord(dice, text) {
  const words = text.split(' ');
  words[dice.below(words.length)] = dice.pick(BORN_WITH);
  return words.join(' ');
}

const MUTATIONS = [
  withNumber,
  withNumber,
  withFields,
  withRun,
  withWord,
  (dice, text) => text.slice(0, dice.below(text.length + 1)),
  (dice, text) => text.slice(dice.below(text.length + 1)),
  (dice, text) => inserted(text, dice.below(text.length + 1), record(dice)),
  (dice, text) => text + record(dice),
  (dice, text) => inserted(text, dice.below(text.length + 1), dice.pick(ODD)),
  (dice, text) => inserted(text, dice.below(text.length + 1), dice.pick(ODD)),
  (dice, text) => inserted(text, dice.below(text.length + 1), '\n'),
  (dice, text) => dice.pick(['\ufeff', '\r', ' ', '\t', '> ', '{', '"', '\u001b[1m', '\0']) + text,
  (dice, text) => text + dice.pick(['\r', ' ', '\t', ']', ') [', '}', '\0', '\u2028', '   \r\r']),
  (dice, text) => `{"log":${JSON.stringify(text)}}`,
  (_, text) => text + text,
  (_, text) => text.toUpperCase(),
  () => '',
];

/** The line with this seed and number; it may hold line breaks. */
export function hostileLine(seed, index) {
  const dice = new Dice(seed, index);
  if (dice.once(100_000)) return endless(dice);
  let text = record(dice);
  for (let count = dice.below(4); count > 0; count -= 1) text = dice.pick(MUTATIONS)(dice, text);
  return text;
}

/** A line of megabytes. */
function endless(dice) {
  const unit = dice.once(2) ? dice.pick(BAIT) : record(dice);
  return unit.repeat(Math.ceil((1_000_000 + dice.below(3_000_000)) / unit.length));
}

/** The line as bytes, some of them wrong. */
export function asBytes(seed, index, text) {
  const bytes = Buffer.from(text, 'utf8');
  const dice = new Dice(seed, index + 0x40000000);
  for (let count = dice.once(10) ? 1 + dice.below(4) : 0; count > 0 && bytes.length > 0; count -= 1) {
    bytes[dice.below(bytes.length)] = dice.once(4) ? dice.below(256) : 0x80 + dice.below(128);
  }
  return bytes;
}

/** A stretch of a good log with some lines lost, doubled, moved, or holding other values. */
export function hostileLog(seed, index, lines) {
  const dice = new Dice(seed, index);
  const start = dice.once(3) ? dice.below(lines.length) : 0;
  const log = lines.slice(start, start + 20 + dice.below(120));
  for (let count = dice.below(6); count > 0; count -= 1) {
    const at = dice.below(log.length);
    const kind = dice.below(8);
    if (kind < 4) log[at] = withNumber(dice, log[at] ?? '');
    else if (kind === 4) log.splice(at, 1);
    else if (kind === 5) log.splice(at, 0, log[dice.below(log.length)] ?? '');
    else if (kind === 6) log.splice(at, 0, record(dice));
    else log[at] = dice.pick(MUTATIONS)(dice, log[at] ?? '');
  }
  return log;
}
