/**
 * Can an ensemble print these logs? Decided by trying every schedule of real peers (`impl`), step by step, with a set of the
 * states that were met. Nothing of the judge is used. Small logs only: voters, no Zab steps.
 */
import type { Effect } from '../impl/effect.js';
import type { PeerEvent } from '../impl/event.js';
import { type Peer, peerAtRest } from '../impl/peer.js';
import { makePeerConfig, type PeerConfig } from '../impl/peer-config.js';
import { transition } from '../impl/transition.js';
import type { ObservedLine } from '../traces/observation.js';
import { asPeerEpoch, type PeerEpoch, type Sid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import { type Answer, epochsOf, type Question } from './brute-force/question.js';
import { sameText, textOf } from './brute-force/text-of.js';

interface Server {
  readonly config: PeerConfig;
  readonly peer: Peer;
  /** What each thread has still to do, in order. */
  readonly main: readonly Effect[];
  readonly worker: readonly Effect[];
  /** Lines of its log that are printed. */
  readonly printed: number;
}

interface Channel {
  readonly queue: readonly Notification[];
  readonly delivered: Notification | null;
}

interface World {
  readonly servers: ReadonlyMap<Sid, Server>;
  /** By `receiver<sender`. */
  readonly channels: ReadonlyMap<string, Channel>;
}

const NOBODY: Channel = { queue: [], delivered: null };

export function canPrint(question: Question): Answer {
  const sids = [...question.logs.keys()];
  let answer: Answer = 'impossible';
  const epochs = sids.map((sid) => epochsOf(question, sid));
  const tried = (chosen: readonly PeerEpoch[]): boolean => {
    const [next, ...rest] = epochs.slice(chosen.length, chosen.length + 1);
    if (next !== undefined && rest.length === 0) return next.some((epoch) => tried([...chosen, epoch]));
    const found = search(question, new Map(sids.map((sid, index) => [sid, chosen[index] ?? asPeerEpoch(0n)])));
    if (found === 'undecided') answer = 'undecided';
    return found === 'possible';
  };
  return tried([]) ? 'possible' : answer;
}

function search(question: Question, epochs: ReadonlyMap<Sid, PeerEpoch>): Answer {
  const servers = new Map<Sid, Server>();
  for (const sid of question.logs.keys()) {
    const config = makePeerConfig({ sid, membership: { committed: question.ensemble, lastSeen: null } });
    const currentEpoch = epochs.get(sid) ?? asPeerEpoch(0n);
    const peer = peerAtRest({ ...question.durable(sid), currentEpoch, acceptedEpoch: currentEpoch });
    servers.set(sid, { config, peer, main: [], worker: [], printed: 0 });
  }
  const stack: World[] = [{ servers, channels: new Map() }];
  const met = new Set<string>();
  for (let world = stack.pop(); world !== undefined; world = stack.pop()) {
    if (isDone(world, question)) return 'possible';
    for (const next of steps(world, question)) {
      const key = keyOf(next);
      if (met.has(key)) continue;
      if (met.size >= question.statesMax) return 'undecided';
      met.add(key);
      stack.push(next);
    }
  }
  return 'impossible';
}

function isDone({ servers }: World, { logs }: Question): boolean {
  return [...servers].every(([sid, { printed }]) => printed === (logs.get(sid)?.length ?? 0));
}

/**
 * Every step of every thread, and every fault, that the logs allow. Nobody else can do anything to a server whose
 * WorkerReceiver is at work: if it has lines left to print, its steps go first, because those of the others can as well
 * come later.
 */
function* steps(world: World, question: Question): Generator<World> {
  const all = [...world.servers.values()];
  const busy = all.find(({ config, peer, worker, printed }) => {
    const atWork = peer.process !== null && (worker.length > 0 || peer.process.worker.stage !== 'idle');
    return atWork && printed < (question.logs.get(config.sid)?.length ?? 0);
  });
  for (const server of busy === undefined ? all : [busy]) {
    const place = { world, server, question };
    const line = nextLine(place);
    if (server.peer.process === null) yield* started(place, line);
    else {
      if (line?.what === 'processStarted') yield* crashed(place);
      if (line !== undefined && OF_THE_DISK.has(line.what) && server.printed > 0)
        yield put(place, { ...server, printed: server.printed + 1 });
      else yield* [...mainSteps(place), ...workerSteps(place)];
    }
  }
}

interface Place {
  readonly world: World;
  readonly server: Server;
  readonly question: Question;
}

function nextLine({ server, question }: Place): ObservedLine | undefined {
  return question.logs.get(server.config.sid)?.[server.printed]?.said;
}

function put({ world, question }: Place, server: Server, channels = world.channels): World {
  const rest = { main: withoutIdle(server.main, question), worker: withoutIdle(server.worker, question) };
  return { servers: new Map(world.servers).set(server.config.sid, { ...server, ...rest }), channels };
}

/** Timers and lines that are not printed come to nothing here. */
function withoutIdle(effects: readonly Effect[], { debug }: Question): readonly Effect[] {
  const idle = (effect: Effect): boolean =>
    effect.type === 'log' ? !debug && effect.level === 'debug' : effect.type !== 'send';
  return effects.some(idle) ? effects.filter((effect) => !idle(effect)) : effects;
}

function* started(place: Place, line: ObservedLine | undefined): Generator<World> {
  if (line?.what !== 'processStarted') return;
  const { server } = place;
  const { peer, effects } = transition(server.config, server.peer, { type: 'Restart' });
  yield put(place, { ...server, peer, main: effects, worker: [], printed: server.printed + 1 });
}

/** Whatever was on its way to it is lost. */
function* crashed(place: Place): Generator<World> {
  const { server, world } = place;
  const { sid } = server.config;
  const { peer } = transition(server.config, server.peer, { type: 'Crash' });
  const channels = new Map(world.channels);
  for (const [key, channel] of channels) if (key.startsWith(`${sid}<`)) channels.set(key, { ...channel, queue: [] });
  yield put(place, { ...server, peer, main: [], worker: [] }, channels);
}

/** What is never received may as well be lost at once; a copy to itself stands in the way of the next one. */
function isStillReceived({ world, server, question }: Place, to: Sid, message: Notification): boolean {
  if (to === server.config.sid) return true;
  const lines = (question.logs.get(to) ?? []).slice(world.servers.get(to)?.printed ?? 0);
  return lines.some(({ said }) => said.what === 'notification' && sameText(said.notification, message));
}

/** Can the lines of these effects be the next of their thread? */
function canBeNext(place: Place, effects: readonly Effect[], thread: 'main' | 'worker'): boolean {
  const first = effects.find((effect) => effect.type === 'log' && (place.question.debug || effect.level !== 'debug'));
  if (first?.type !== 'log') return true;
  const lines = place.question.logs.get(place.server.config.sid) ?? [];
  for (let at = place.server.printed; at < lines.length; at += 1) {
    const said = lines[at]?.said;
    if (said === undefined || said.what === 'processStarted') break;
    if (WORKER_LINES.has(said.what) === (thread === 'worker') && !OF_THE_DISK.has(said.what)) {
      return said.what === 'sending' && first.line.what === 'sending' ? true : textOf(said) === textOf(first.line);
    }
  }
  // Its process may be killed before it prints.
  return true;
}

/** Printed when a process starts: what is on disk is part of the question. */
const OF_THE_DISK: ReadonlySet<string> = new Set(['snapshotLoaded', 'epochDefault']);

const WORKER_LINES: ReadonlySet<string> = new Set(['receiving', 'notification', 'answering']);

/** Does what stands first; null: a line that does not stand next in the log. */
function carriedOut(place: Place, thread: 'main' | 'worker'): World | null {
  const { server, world, question } = place;
  const [effect, ...rest] = server[thread];
  const after: Server = thread === 'main' ? { ...server, main: rest } : { ...server, worker: rest };
  if (effect?.type === 'log' && (question.debug || effect.level !== 'debug')) {
    const line = nextLine(place);
    if (line === undefined || textOf(line) !== textOf(effect.line)) return null;
    return put(place, { ...after, printed: server.printed + 1 });
  }
  if (effect?.type !== 'send') return put(place, after);
  const { sid } = server.config;
  const message = { ...effect.message, from: sid };
  if (!isStillReceived(place, effect.to, message)) return put(place, after);
  const key = `${effect.to}<${sid}`;
  const channel = world.channels.get(key) ?? NOBODY;
  return put(place, after, new Map(world.channels).set(key, { ...channel, queue: [...channel.queue, message] }));
}

function* mainSteps(place: Place): Generator<World> {
  const { server } = place;
  if (server.main.length > 0) {
    const next = carriedOut(place, 'main');
    if (next !== null) yield next;
    return;
  }
  for (const event of mainEvents(server)) {
    const { peer, effects } = transition(server.config, server.peer, event);
    if (!canBeNext(place, effects, 'main')) continue;
    const stepped = { ...server, peer, main: effects };
    const world = put(place, stepped);
    const locked = upToStateChange({ ...place, world, server: stepped });
    if (locked !== null) yield locked;
  }
}

/** The line of a state change is printed before anybody can read the state. */
function upToStateChange(place: Place): World | null {
  const { server } = place;
  if (!server.main.some((effect) => effect.type === 'log' && effect.line.what === 'stateChanged')) return place.world;
  const world = carriedOut(place, 'main');
  const next = world?.servers.get(server.config.sid);
  return world === null || next === undefined ? null : upToStateChange({ ...place, world, server: next });
}

function mainEvents({ peer: { process } }: Server): readonly PeerEvent[] {
  if (process === null) return [];
  const waiting = process.recvqueue.length > 0;
  switch (process.main.at) {
    case 'enter':
      return [{ type: 'Begin' }];
    case 'poll':
      if (waiting) return [{ type: 'Handle', oracleSays: false }];
      return [true, false].map((haveDelivered) => ({ type: 'TimeOut', haveDelivered, oracleSays: false }));
    case 'final':
      return [{ type: waiting ? 'FinalStep' : 'Silence' }];
    case 'silent':
      return [{ type: 'FinalEnd' }];
    case 'decided':
      return [{ type: 'Publish' }];
    case 'role':
      return [{ type: 'Leave' }];
  }
}

const EVENT_OF = {
  printed: { type: 'TestState' },
  tested: { type: 'Enqueue' },
  enqueued: { type: 'CompareRound' },
  replying: { type: 'SendReply' },
} as const;

function* workerSteps(place: Place): Generator<World> {
  const { server, world } = place;
  const { process } = server.peer;
  if (process === null) return;
  if (server.worker.length > 0) {
    const next = carriedOut(place, 'worker');
    if (next !== null) yield next;
    return;
  }
  if (process.worker.stage !== 'idle') {
    const { peer, effects } = transition(server.config, server.peer, EVENT_OF[process.worker.stage]);
    yield put(place, { ...server, peer, worker: effects });
    return;
  }
  for (const sender of world.servers.keys()) {
    const key = `${server.config.sid}<${sender}`;
    for (const { notification, channel } of arrivals(world.channels.get(key) ?? NOBODY, sender === server.config.sid)) {
      const { peer, effects } = transition(server.config, server.peer, { type: 'Receive', notification });
      if (!canBeNext(place, effects, 'worker')) continue;
      yield put(place, { ...server, peer, worker: effects }, new Map(world.channels).set(key, channel));
    }
  }
}

/** The next message; to others also a later one (those before it are lost), or the last one again. */
function arrivals(
  channel: Channel,
  own: boolean,
): readonly { readonly notification: Notification; readonly channel: Channel }[] {
  const { queue, delivered } = channel;
  const next = (own ? queue.slice(0, 1) : queue).map((notification, index) => ({
    notification,
    channel: { queue: queue.slice(index + 1), delivered: notification },
  }));
  return own || delivered === null ? next : [...next, { notification: delivered, channel }];
}

function keyOf({ servers, channels }: World): string {
  let key = '';
  for (const { peer, main, worker, printed } of servers.values()) {
    key += `${printed};${textOf(peer)};${main.map(textOf).join()};${worker.map(textOf).join()}\n`;
  }
  for (const [name, { queue, delivered }] of [...channels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    key += `${name};${queue.map(textOf).join()};${delivered === null ? '' : textOf(delivered)}\n`;
  }
  return key;
}
