/**
 * Does each step of a thread refine the algorithm grain? What it does to its server must be an outcome that the specification allows
 * for the action of that name; what it does to the channels must be one of its steps there (channel-steps.ts).
 */
import { assert } from '../../base/assert.js';
import type { Effect } from '../../impl/effect.js';
import type { Peer } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { ThreadEvent, ThreadedServer } from '../../impl/threads/process.js';
import { haveDelivered } from '../../impl/threads/quorum-peer.js';
import type { Frame, Message } from '../../impl/threads/state.js';
import { isMalformed } from '../../impl/threads/worker-receiver.js';
import type { CaseName, LocalAction, LocalOutcome } from '../../spec/action.js';
import { localOutcomes, takeMessage } from '../../spec/next.js';
import type { Server } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import { encode } from '../../checker/encode.js';
import { firstDifference, sendDifference } from '../conformance/compare.js';
import { viewOf } from '../conformance/impl-subject.js';
import { sceneOf } from '../election/ensemble.js';
import { serverOf } from '../spec-machine/convert.js';
import { type ChannelStep, channelStep, type Deed } from './channel-steps.js';
import { channelOf } from './abstraction.js';
import { pairIndex, perform, serverAt, sidAt, type Step, type World } from './world.js';

type ElectionEvent = Extract<ThreadEvent, { thread: 'QuorumPeer' | 'WorkerReceiver' }>;

export interface Refined {
  readonly effects: readonly Effect[];
  /** What the channels saw, stutters left out. */
  readonly channels: readonly ChannelStep[];
  /** Channels whose newest message was lost, and will not be repeated by the sender's next connection. */
  readonly forgotten: readonly { readonly from: number; readonly to: number }[];
}

/** A step that the algorithm grain does not allow. */
export class RefinementError extends Error {
  override readonly name = 'RefinementError';
}

/** Makes the step and judges it. Throws `RefinementError`. */
export function refined(world: World, step: Step): Refined {
  const { at, event } = step;
  const was = serverAt(world, at);
  const before = channelsAt(world, at);
  const effects = perform(world, step);
  const now = serverAt(world, at);
  const isElection = event.thread === 'QuorumPeer' || event.thread === 'WorkerReceiver';
  const sends = isElection ? electionSends(world, at, { event, was, now, effects }) : null;
  const after = channelsAt(world, at);
  const channels: ChannelStep[] = [];
  const forgotten: { from: number; to: number }[] = [];
  for (const [index, frames] of before.entries()) {
    const found =
      sends === null ? judgeChannel(world, step, { index, was, before: frames, after: after[index] ?? [] }) : null;
    if (found !== null && found !== 'stutter') channels.push(found);
    if (found === 'Break' && isForgotten(world, endsOf(world, at, index), { frames, now: after[index] ?? [] })) {
      forgotten.push(endsOf(world, at, index));
    }
    if (sends !== null) sameAfterSends(world, at, { index, before: frames, after: after[index] ?? [], ...sends });
  }
  return { effects, channels, forgotten };
}

/** Was the newest lost, and lastMessageSent is another? */
function isForgotten(
  world: World,
  { from, to }: { readonly from: number; readonly to: number },
  { frames, now }: { readonly frames: readonly Frame[]; readonly now: readonly Frame[] },
): boolean {
  const newest = frames.at(-1);
  const { messenger } = serverAt(world, from);
  if (newest === undefined || messenger === null || now.includes(newest)) return false;
  return messenger.manager.lastMessageSent.get(sidAt(world, to)) !== newest;
}

/** Channels from `at` to everybody, itself included, then from everybody else to it. */
export function channelsAt(world: World, at: number): Frame[][] {
  const count = world.sids.length;
  const result: Frame[][] = [];
  for (let other = 0; other < count; other += 1) result.push(channelBetween(world, at, other));
  for (let other = 0; other < count; other += 1) if (other !== at) result.push(channelBetween(world, other, at));
  return result;
}

export function channelBetween(world: World, i: number, j: number): Frame[] {
  const net = i === j ? null : (world.pairs[pairIndex(world.sids.length, i, j)] ?? null);
  return channelOf({
    from: sidAt(world, i),
    to: sidAt(world, j),
    sender: serverAt(world, i).messenger,
    receiver: serverAt(world, j).messenger,
    net,
  });
}

/** The two ends of a channel of `channelsAt`. */
function endsOf({ sids }: World, at: number, index: number): { readonly from: number; readonly to: number } {
  if (index < sids.length) return { from: at, to: index };
  const rest = index - sids.length;
  return { from: rest < at ? rest : rest + 1, to: at };
}

const DEEDS: Readonly<Record<string, Deed>> = {
  HandOver: 'offers',
  Append: 'appends',
  Start: 'starts',
  Write: 'writes',
  Take: 'moves',
  Poll: 'moves',
  Note: 'moves',
};

interface Judging {
  readonly index: number;
  readonly was: ThreadedServer;
  readonly before: readonly Frame[];
  readonly after: readonly Frame[];
}

function judgeChannel(world: World, { at, event }: Step, { index, was, before, after }: Judging): ChannelStep {
  const { from, to } = endsOf(world, at, index);
  const peer = sidAt(world, to);
  const manager = was.messenger?.manager;
  const deed = from === at && to === at ? 'appends' : (DEEDS[event.step] ?? 'ends');
  const last = manager?.lastMessageSent.get(peer) ?? null;
  const found = channelStep(before, after, { deed, last, waiting: (manager?.queueSendMap.get(peer)?.length ?? 0) > 0 });
  if (typeof found !== 'string')
    throw new RefinementError(`${event.thread}.${event.step} of server ${sidAt(world, at)}: ${found.why}`);
  return found;
}

interface Sends {
  /** Whose message was taken, if one was. */
  readonly received: Sid | null;
  readonly sent: readonly { readonly to: Sid; readonly frame: Frame }[];
}

/** Judges the server's own part, and says what the channels must look like. */
function electionSends(
  world: World,
  at: number,
  {
    event,
    was,
    now,
    effects,
  }: {
    readonly event: ElectionEvent;
    readonly was: ThreadedServer;
    readonly now: ThreadedServer;
    readonly effects: readonly Effect[];
  },
): Sends {
  const config = world.configs[at]?.config;
  assert(config !== undefined && was.messenger !== null, 'a server that runs');
  const message = event.step === 'Receive' ? (was.messenger.recvQueue[0] ?? null) : null;
  const sent: { to: Sid; message: Extract<Effect, { type: 'send' }>['message'] }[] = [];
  for (const effect of effects) if (effect.type === 'send') sent.push({ to: effect.to, message: effect.message });
  if (message === null || !isMalformed(message.frame)) {
    const why = notAllowed(config, {
      was: was.peer,
      now: now.peer,
      event,
      message,
      delivered: haveDelivered(was.messenger.manager),
      sent,
    });
    if (why !== null) throw new RefinementError(`${event.thread}.${event.step} of server ${config.sid}: ${why}`);
  }
  return { received: message?.from ?? null, sent: sent.map(({ to, message: frame }) => ({ to, frame })) };
}

export interface ServerStep {
  readonly was: Peer;
  readonly now: Peer;
  readonly event: ElectionEvent;
  readonly message: Message | null;
  readonly delivered: boolean;
  readonly sent: Parameters<typeof sendDifference>[0];
}

/** Null: the specification has this outcome. */
function notAllowed(config: PeerConfig, step: ServerStep): string | null {
  const found = allowedCase(config, step);
  return 'why' in found ? found.why : null;
}

/** The branches of the specification's action that the step took; or why it has no such outcome. */
export function allowedCase(
  config: PeerConfig,
  step: ServerStep,
): { readonly cases: readonly CaseName[] } | { readonly why: string } {
  const { event, now } = step;
  const outcomes = outcomesOf(serverOf(config, step.was), step);
  let first: string | null = null;
  for (const { server, sends, cases } of outcomes) {
    const why =
      sendDifference(step.sent, sends) ??
      firstDifference(server, viewOf(now)) ??
      workerDifference(server, serverOf(config, now));
    if (why === null) return { cases };
    first ??= why;
  }
  return { why: first ?? `the specification does not allow ${event.step} here` };
}

function outcomesOf(server: Server, { event, message, delivered }: ServerStep): readonly LocalOutcome[] {
  if (event.step === 'Receive') {
    if (message === null || isMalformed(message.frame)) return [];
    const taken = takeMessage(server, { ...message.frame, from: message.from });
    return taken === null ? [] : [taken];
  }
  const action: LocalAction =
    event.step === 'TimeOut' ? { name: 'Resend', s: server.sid, delivered } : { name: event.step, s: server.sid };
  return localOutcomes(server, action, sceneOf([server]));
}

function workerDifference(allowed: Server, found: Server): string | null {
  const [a, b] = [allowed.life?.worker, found.life?.worker];
  return a?.stage === b?.stage && encode(a) === encode(b)
    ? null
    : `WorkerReceiver is ${b?.stage} where the specification has ${a?.stage}`;
}

function sameAfterSends(
  world: World,
  at: number,
  {
    index,
    before,
    after,
    received,
    sent,
  }: { readonly index: number; readonly before: readonly Frame[]; readonly after: readonly Frame[] } & Sends,
): void {
  const { from, to } = endsOf(world, at, index);
  const rest = to === at && received === sidAt(world, from) ? before.slice(1) : before;
  const added = from === at ? sent.filter((send) => send.to === sidAt(world, to)).map(({ frame }) => frame) : [];
  const wanted = [...rest, ...added];
  const right = wanted.length === after.length && wanted.every((frame, i) => frame === after[i]);
  if (!right)
    throw new RefinementError(
      `server ${sidAt(world, at)}: a channel holds ${after.length} messages where ${wanted.length} belong`,
    );
}
