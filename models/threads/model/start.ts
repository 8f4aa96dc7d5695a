/** Where models of threads begin. */
import type { Value } from '../../../checker/system.js';
import { type Peer, peerAtRest } from '../../../impl/peer.js';
import { startMessenger } from '../../../impl/threads/process.js';
import type { CnxManager, Frame } from '../../../impl/threads/state.js';
import { transition } from '../../../impl/transition.js';
import { asPeerEpoch, asRound, asZxid, type Round, type Sid } from '../../../types/ids.js';
import { establishedServers } from '../../election/ensemble.js';
import { peerOf } from '../../spec-machine/convert.js';
import type { ThreadBudget } from '../bounds.js';
import { emptyPair, type End, type PairNet } from '../network.js';
import type { Outbox, Past, ServerSlots, ThreadModel } from './slots.js';

export function initialRow(model: ThreadModel): readonly Value[] {
  const row: Value[] = model.slots.map(() => null);
  const settled = model.bounds.start === 'settled' ? settledPeers(model) : null;
  for (const server of model.servers) {
    const { sendqueue, workerSender, recvQueue } = startMessenger();
    row[server.peer] = settled?.[server.at] ?? startPeer(model, server.at);
    row[server.outbox] = { sendqueue, workerSender } satisfies Outbox;
    row[server.inbox] = recvQueue;
    row[server.manager] = managerAtStart(model, server);
    row[server.past] = pastAtStart(model, server);
  }
  model.pairs.forEach(({ slot }, index) => (row[slot] = pairAtStart(model, index)));
  const { crashes, machines, cuts, leaves, timeouts } = model.bounds;
  row[model.budget] = { crashes, machines, cuts, leaves, timeouts } satisfies ThreadBudget;
  return row;
}

function startPeer({ configs, bounds }: ThreadModel, at: number): Peer {
  const { config } = known(configs[at]);
  const atRest = peerAtRest({ lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) });
  const { peer } = transition(config, atRest, { type: 'Restart' });
  const clock = bounds.clocks[at] ?? 0;
  return peer.process === null || clock === 0
    ? peer
    : { ...peer, process: { ...peer.process, logicalclock: asRound(BigInt(clock)) } };
}

function settledPeers({ configs, bounds }: ThreadModel): readonly Peer[] {
  const { committed } = known(configs[0]).config.membership;
  return establishedServers(committed).map((server, at) => {
    const { config } = known(configs[at]);
    const peer = peerOf(server, config.profile.minNotificationIntervalMs);
    const { process } = peer;
    const round = roundOf(bounds.clocks[at]);
    return process === null
      ? peer
      : { ...peer, process: { ...process, logicalclock: round, currentVote: { ...process.currentVote, round } } };
  });
}

const roundOf = (clock: number | undefined): Round => asRound(BigInt(clock ?? 1));

/** In each pair of a settled ensemble the larger id has opened the connection, the first socket of the pair. */
function managerAtStart(model: ThreadModel, { at, sid }: ServerSlots): CnxManager {
  const { manager } = startMessenger();
  if (model.bounds.start === 'unbound') return manager;
  const bound: CnxManager = { ...manager, listener: { at: 'accept' } };
  if (model.bounds.start === 'bound') return bound;
  const others = model.pairs.flatMap(({ i, j }, index) =>
    i === at || j === at ? [{ index, peer: known(model.servers[i === at ? j : i]).sid }] : [],
  );
  return {
    ...bound,
    queueSendMap: new Map(others.map(({ peer }) => [peer, []])),
    lastMessageSent: new Map(others.map(({ peer }) => [peer, lastVote(model, sid)])),
    senderWorkerMap: new Map(others.map(({ peer, index }) => [peer, emptyPair(index).base])),
    connections: new Map(
      others.map(({ peer, index }) => [
        emptyPair(index).base,
        { peer, running: true, send: { at: 'poll' }, recv: { at: 'read' } },
      ]),
    ),
  };
}

function pastAtStart(model: ThreadModel, { sid }: ServerSlots): Past {
  const others = model.bounds.start === 'settled' ? model.servers.filter((other) => other.sid !== sid) : [];
  return {
    heard: new Map(others.map((other) => [other.sid, lastVote(model, other.sid)])),
    strays: new Map(),
    late: [],
  };
}

/** What each server had last sent in the election that made the leader. */
function lastVote({ servers, configs, bounds }: ThreadModel, from: Sid): Frame {
  const leader = known(servers.at(-1)).sid;
  const at = servers.findIndex(({ sid }) => sid === from);
  const { version } = known(configs[0]).config.membership.committed;
  const vote = { leader, zxid: asZxid(0n), epoch: asPeerEpoch(0n), round: roundOf(bounds.clocks[at]) };
  return { ...vote, state: 'LOOKING', version: 2, configVersion: version };
}

function pairAtStart({ bounds, pairs, servers }: ThreadModel, index: number): PairNet {
  const empty = emptyPair(index);
  const pair = known(pairs[index]);
  const [low, high] = [known(servers[pair.i]).sid, known(servers[pair.j]).sid];
  if (bounds.start === 'unbound') return empty;
  const bound: PairNet = { ...empty, listening: [low, high] };
  if (bounds.start === 'bound') return bound;
  const end = (sid: Sid): End => ({ sid, open: true, held: true, arriving: [], told: false });
  return {
    ...bound,
    links: [{ socket: empty.base, opener: end(high), dialled: end(low), accepted: true, broken: false }],
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal error: a server that is not in the model');
  return value;
}
