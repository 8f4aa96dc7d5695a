/**
 * Can an ensemble print these logs? Decided by trying every schedule of real peers (`impl`), step by step, with a set of the
 * states that were met. Nothing of the judge is used. Small logs only: voters, no Zab steps.
 */
import type { Effect } from '../impl/effect.js';
import type { PeerEvent } from '../impl/event.js';
import { peerAtRest, type Process } from '../impl/peer.js';
import { makePeerConfig } from '../impl/peer-config.js';
import { transition } from '../impl/transition.js';
import type { ObservedLine } from '../traces/observation.js';
import type { ElectionLine } from '../types/election-line.js';
import { asPeerEpoch, type PeerEpoch, type Sid } from '../types/ids.js';
import { type Answer, epochsOf, isDebug, type Question } from './brute-force/question.js';
import { arrival, isStillReceived, wantedBy } from './brute-force/channels.js';
import { sameText, textOf } from './brute-force/text-of.js';
import { keyOf, NOBODY, nextLine, type Place, type Server, WORKER_LINES, type World } from './brute-force/world.js';

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
 * Every step of every thread, and every fault, that the logs allow. If nothing that others do can add to what one server
 * can do now, only its steps are tried: those of the others can as well come later (a persistent set).
 */
function* steps(world: World, question: Question): Generator<World> {
  const all = [...world.servers.values()].map((server): Place => ({ world, server, question }));
  const alone = all.find(needsNobody);
  for (const place of alone === undefined ? all : [alone]) {
    const { server } = place;
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

/**
 * A server needs others only for a message that it does not have: the one that its log says it receives next. What it has it
 * keeps, and of equal messages the oldest leaves most to come.
 */
function needsNobody(place: Place): boolean {
  const { process } = place.server.peer;
  if (nextLine(place) === undefined) return false;
  if (process === null || place.server.worker.length > 0 || process.worker.stage !== 'idle') return true;
  const wanted = wantedBy(place);
  return wanted === null || arrival(place, wanted) !== null;
}

function put({ world, question }: Place, server: Server, channels = world.channels): World {
  const debug = isDebug(question, server.config.sid);
  const rest = { main: withoutIdle(server.main, debug), worker: withoutIdle(server.worker, debug) };
  return { servers: new Map(world.servers).set(server.config.sid, { ...server, ...rest }), channels };
}

/** Timers and lines that are not printed come to nothing here. */
function withoutIdle(effects: readonly Effect[], debug: boolean): readonly Effect[] {
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

/** Its own copies are lost; what others sent may wait for the next process. */
function* crashed(place: Place): Generator<World> {
  const { server, world } = place;
  const { sid } = server.config;
  const { peer } = transition(server.config, server.peer, { type: 'Crash' });
  const channels = new Map(world.channels);
  channels.delete(`${sid}<${sid}`);
  yield put(place, { ...server, peer, main: [], worker: [] }, channels);
}

/** Can the lines of these effects be the next of their thread? */
function canBeNext(place: Place, effects: readonly Effect[], thread: 'main' | 'worker'): boolean {
  const first = effects.find(
    (effect) => effect.type === 'log' && (isDebug(place.question, place.server.config.sid) || effect.level !== 'debug'),
  );
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

/** The state that a notification tells is read a moment before its line is printed. */
function isPrinted(line: ObservedLine, owed: ElectionLine, process: Process | null): boolean {
  if (line.what !== 'notification' || owed.what !== 'notification') return textOf(line) === textOf(owed);
  const state = line.myState === owed.myState || line.myState === process?.state;
  return state && sameText(line.notification, owed.notification);
}

/** Does what stands first; null: a line that does not stand next in the log. */
function carriedOut(place: Place, thread: 'main' | 'worker'): World | null {
  const { server, world, question } = place;
  const [effect, ...rest] = inLogOrder(server[thread], nextLine(place));
  const after: Server = thread === 'main' ? { ...server, main: rest } : { ...server, worker: rest };
  if (effect?.type === 'log' && (isDebug(question, server.config.sid) || effect.level !== 'debug')) {
    const line = nextLine(place);
    if (line === undefined || !isPrinted(line, effect.line, server.peer.process)) return null;
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

/** A broadcast goes through a set of recipients: its lines come in any order, each before its message. */
function inLogOrder(effects: readonly Effect[], line: ObservedLine | undefined): readonly Effect[] {
  if (line?.what !== 'sending') return effects;
  const isSending = (effect: Effect | undefined): boolean =>
    effect?.type === 'send' || (effect?.type === 'log' && effect.line.what === 'sending');
  for (let at = 0; isSending(effects[at]); at += 1) {
    const effect = effects[at];
    if (effect?.type !== 'log' || textOf(effect.line) !== textOf(line)) continue;
    const pair = effects.slice(at, effects[at + 1]?.type === 'send' ? at + 2 : at + 1);
    return [...pair, ...effects.slice(0, at), ...effects.slice(at + pair.length)];
  }
  return effects;
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
  const { server } = place;
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
  yield* received(place);
}

/** An announcement (DEBUG) whose notification was not printed any more says nothing: anything may have come. */
function* received(place: Place): Generator<World> {
  const { server, world } = place;
  const wanted = wantedBy(place);
  if (wanted === null) {
    if (nextLine(place)?.what === 'receiving') yield put(place, { ...server, printed: server.printed + 1 });
    return;
  }
  const one = arrival(place, wanted);
  if (one === null) return;
  const { peer, effects } = transition(server.config, server.peer, { type: 'Receive', notification: one.notification });
  yield put(place, { ...server, peer, worker: effects }, new Map(world.channels).set(one.key, one.channel));
}
