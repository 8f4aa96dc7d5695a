/** Logs of a simulated ensemble: what faithful servers would print, under any scheduling and with faults. */
import { makeRng, type Rng } from '../base/rng.js';
import type { Durable } from '../impl/peer.js';
import { makePeerConfig } from '../impl/peer-config.js';
import { P380, profileForRelease } from '../impl/release-profile.js';
import { hasAllQuorums } from '../impl/vote-tracker.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asPeerEpoch, type PeerEpoch, type Round, type Sid, zxidCounter, makeZxid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import type { Observation } from '../traces/observation.js';
import { SimulatedServer, type Wire } from './simulated-log/server.js';

export interface SimulationOptions {
  readonly ensemble: EnsembleConfig;
  /** What each server has on disk at first. */
  readonly durable: (sid: Sid) => Durable;
  readonly seed: number;
  /** Thread steps to take. */
  readonly steps: number;
  readonly debug: boolean;
  /** Of all servers, 3.4.6 to 3.10: what they do and what they print. Absent: 3.8.0. */
  readonly release?: string;
  /** Does a process print its release? Default: no. */
  readonly tellsRelease?: boolean;
  /** Probabilities per step. */
  readonly crashChance?: number;
  readonly activateChance?: number;
  readonly loseChance?: number;
  /** A message is delivered once more, later: what a connection manager replays. */
  readonly replayChance?: number;
}

/** A leader that a quorum acknowledged: what the logs should tell. */
export interface EstablishedLeader {
  readonly leader: Sid;
  readonly epoch: PeerEpoch;
  readonly round: Round;
  /** Itself and those that acknowledged its epoch. */
  readonly supporters: readonly Sid[];
}

export interface SimulatedEnsemble {
  readonly logs: ReadonlyMap<Sid, readonly Observation[]>;
  /** In the order of their establishment. */
  readonly established: readonly EstablishedLeader[];
  /** By server and line from 0: thread steps that had been taken when it was printed. */
  readonly moments: ReadonlyMap<Sid, readonly number[]>;
  /** What `Besides` has, by line. */
  readonly comparedEpochs: ReadonlyMap<Observation, readonly [PeerEpoch, PeerEpoch]>;
}

/** The log of every server, in the order in which it printed. Equal options give equal logs. */
export function simulateLogs(options: SimulationOptions): ReadonlyMap<Sid, readonly Observation[]> {
  return simulateEnsemble(options).logs;
}

/** The same, and what really happened. */
export function simulateEnsemble(options: SimulationOptions): SimulatedEnsemble {
  const rng = makeRng(options.seed);
  const wire = new SimulatedWire(rng, options);
  const { release = P380.release, tellsRelease = false, debug } = options;
  const profile = profileForRelease(release);
  if (profile === null) throw new Error(`no profile covers release ${release}`);
  const servers = options.ensemble.members.map(({ sid }) => {
    const config = makePeerConfig({ sid, membership: { committed: options.ensemble, lastSeen: null }, profile });
    return new SimulatedServer({ config, durable: options.durable(sid), debug, tellsRelease, rng, wire });
  });
  const established: EstablishedLeader[] = [];
  const moments = new Map(servers.map(({ config }): [Sid, number[]] => [config.sid, []]));
  const stamp = (step: number): void => {
    for (const { config, log } of servers) {
      const printed = moments.get(config.sid) ?? [];
      while (printed.length < log.length) printed.push(step);
    }
  };
  for (const server of servers) server.start();
  for (let step = 0; step < options.steps; step += 1) {
    stamp(step);
    const server = servers[rng.below(servers.length)];
    if (server === undefined) break;
    if (server.process === null) {
      if (rng.chance(0.05)) server.start();
    } else if (rng.chance(options.crashChance ?? 0.0005)) {
      server.crash();
      wire.breakConnections(server.config.sid);
    } else if (rng.chance(options.activateChance ?? 0.01)) {
      const one = activate(server, servers, rng);
      if (one !== null) established.push(one);
    } else server.stepSomething();
  }
  stamp(options.steps);
  return {
    logs: new Map(servers.map((server) => [server.config.sid, server.log])),
    established,
    moments,
    comparedEpochs: new Map(servers.flatMap((server) => [...server.comparedEpochs])),
  };
}

class SimulatedWire implements Wire {
  readonly #rng: Rng;
  readonly #options: SimulationOptions;
  readonly #channels = new Map<string, Notification[]>();
  /** What each channel delivered last: a new connection may bring it once more, but nothing older. */
  readonly #delivered = new Map<string, Notification>();

  constructor(rng: Rng, options: SimulationOptions) {
    this.#rng = rng;
    this.#options = options;
  }

  send(from: Sid, to: Sid, { message }: Parameters<Wire['send']>[2]): void {
    const key = `${to}<${from}`;
    const notification = { ...message, from };
    const channel = this.#channels.get(key) ?? [];
    if (from !== to && channel.length > 0 && this.#rng.chance(this.#options.loseChance ?? 0.1)) channel.pop();
    channel.push(notification);
    this.#channels.set(key, channel);
  }

  /** A server died: what was on its way to it is lost, its own copies too; what it had sent may still arrive. */
  breakConnections(sid: Sid): void {
    for (const key of this.#channels.keys()) if (key.startsWith(`${sid}<`)) this.#channels.delete(key);
  }

  take(to: Sid): Notification | null {
    const prefix = `${to}<`;
    const keys = [...this.#channels].filter(([key, queue]) => key.startsWith(prefix) && queue.length > 0);
    const [key, queue] = keys[this.#rng.below(keys.length)] ?? [];
    if (key === undefined || queue === undefined) return null;
    const own = key === `${to}<${to}`;
    const again = this.#delivered.get(key);
    if (!own && again !== undefined && this.#rng.chance(this.#options.replayChance ?? 0.02)) return again;
    const next = queue.shift() ?? null;
    if (next !== null) this.#delivered.set(key, next);
    return next;
  }
}

/** A leader with a quorum of followers gets a new epoch through to all of them (discovery and synchronisation). */
function activate(leader: SimulatedServer, servers: readonly SimulatedServer[], rng: Rng): EstablishedLeader | null {
  const { config } = leader;
  if (!leader.settled || leader.established || leader.process?.state !== 'LEADING') return null;
  const learners = servers.filter(
    ({ settled, process, peer }) =>
      settled &&
      (process?.state === 'FOLLOWING' || process?.state === 'OBSERVING') &&
      process.currentVote.leader === config.sid &&
      peer.durable.currentEpoch <= leader.peer.durable.currentEpoch,
  );
  const sids = [config.sid, ...learners.map((learner) => learner.config.sid)];
  if (!hasAllQuorums(config, sids, { needOracle: false, says: false })) return null;
  const all = [leader, ...learners];
  const highest = all.reduce(
    (max, { peer }) => (peer.durable.acceptedEpoch > max ? peer.durable.acceptedEpoch : max),
    0n,
  );
  const epoch = asPeerEpoch(highest + 1n);
  leader.zab({ type: 'ProposeEpoch', epoch });
  leader.zab({ type: 'CommitEpoch' });
  leader.say({ what: 'phase', state: 'LEADING', phase: 'synchronization', sync: null });
  for (const learner of learners) {
    const state = learner.process?.state ?? 'FOLLOWING';
    learner.zab({ type: 'AcceptEpoch', epoch });
    learner.say({ what: 'phase', state, phase: 'synchronization', sync: null });
    if (rng.chance(0.2)) continue;
    learner.say({ what: 'newLeaderReceived' });
    learner.zab({ type: 'Synchronize', zxid: leader.peer.durable.lastZxid, epoch });
    learner.say({ what: 'upToDateReceived' });
    learner.zab({ type: 'UpToDate', epoch });
  }
  leader.say({ what: 'quorumOfSupporters', sids, zxid: makeZxid(epoch, 0n) });
  leader.zab({ type: 'Establish' });
  leader.established = true;
  leader.zab({ type: 'CountFollowers', none: learners.length === 0 });
  if (rng.chance(0.5)) {
    const zxid = makeZxid(epoch, zxidCounter(leader.peer.durable.lastZxid) + 1n);
    leader.zab({ type: 'Write', zxid });
  }
  return { leader: config.sid, epoch, round: leader.process.logicalclock, supporters: sids };
}
