/**
 * Judges the DEBUG log of one server by thread. What QuorumCnxManager holds for one peer does not depend on what it
 * holds for another, so every peer has a judge of its own, with its own hypotheses; one more follows each thread's
 * lines, and one the send queue. The log is accepted if all of them explain it.
 */
import type { ConnectionLine } from '../types/connection-line.js';
import { threadKind } from '../types/connection-line.js';
import type { Sid } from '../types/ids.js';
import { DEFAULT_LIMITS, Judge } from './judge.js';
import { type JudgeLogOptions, withAssumptions } from './judge-log.js';
import type { Hints, ThreadMachines } from './machine.js';
import type { Observation, SourcePosition } from './observation.js';
import type { Verdict } from './verdict.js';

/** So many servers are followed; who names more is no server. */
export const PEERS_MAX = 64;

/** Lines after which no map is known, until the process starts anew. */
const HOLES: ReadonlySet<string> = new Set(['seam', 'unreadable', 'electionRestarted', 'reconfigured']);

/** Lines of the election that the order of the main loop's lines depends on. */
const AROUND_QUEUES: ReadonlySet<string> = new Set([
  'updatingProposal',
  'sending',
  'timedOut',
  'newElection',
  'stateChanged',
  'roleEntered',
  'mainLoopException',
]);

/** Lines of the election that tell what is sent, or what may be. */
const OF_SENDS: ReadonlySet<string> = new Set([
  'updatingProposal',
  'newElection',
  'compared',
  'timedOut',
  'sending',
  'answering',
  'receiving',
  'notification',
  'stateChanged',
  'leavingElection',
  'mainLoopException',
]);

const NO_THREADS = 'the layout of this log does not say which thread prints a line';
const NOTHING_JUDGED =
  'nothing could be judged by thread: the log holds no process from its start on (Starting quorum peer) whose ' +
  'logger QuorumCnxManager prints DEBUG';
const TOO_MANY_PEERS = `more than ${PEERS_MAX} servers are named: of the others no connection was judged`;

/** Push observations in file order, with those of connections among them; then call `finish`. */
export class ThreadJudge<S> {
  readonly #machines: ThreadMachines<S>;
  readonly #hints: Hints;
  readonly #programs: Judge<S>;
  readonly #sends: Judge<S>;
  readonly #peers = new Map<Sid, Judge<S>>();
  readonly #order = new WeakMap<SourcePosition, number>();
  /** The start of the process and its first line of a connection; null: its start was not seen. */
  #prelude: Observation[] | null = null;
  #pushed = 0;
  #nameless = false;
  #crowd = false;

  constructor(machines: ThreadMachines<S>, hints: Hints) {
    this.#machines = machines;
    this.#hints = hints;
    this.#programs = new Judge(machines.programs, hints, DEFAULT_LIMITS);
    this.#sends = new Judge(machines.sends, hints, DEFAULT_LIMITS);
  }

  push(whole: Observation): void {
    this.#pushed += 1;
    const observation = this.#readable(whole);
    const { said, at } = observation;
    this.#order.set(at, this.#pushed);
    if (said.what === 'connection') {
      this.#pushConnection(observation, said);
      return;
    }
    const starts = said.what === 'processStarted';
    if (starts) {
      this.#prelude = [observation];
      this.#pushToPeers(observation);
    }
    if (HOLES.has(said.what)) this.#prelude = null;
    this.#sends.push(observation);
    if (starts) this.#followAll();
    else if (HOLES.has(said.what) || OF_SENDS.has(said.what)) this.#pushToPeers(observation);
    if (starts || HOLES.has(said.what) || AROUND_QUEUES.has(said.what)) this.#programs.push(observation);
  }

  finish(): Verdict {
    const programs = this.#programs.finish();
    const peers = [...this.#peers.values()].map((judge) => judge.finish());
    const verdicts = [programs, this.#sends.finish(), ...peers];
    const diverged = verdicts
      .flatMap(({ divergence }) => (divergence === null ? [] : [divergence]))
      .sort((a, b) => (this.#order.get(a.at) ?? 0) - (this.#order.get(b.at) ?? 0));
    const doubtful = verdicts.filter(({ kind, judged }) => kind === 'inconclusive' && judged > 0);
    const notes = new Set(verdicts.filter(({ judged }) => judged > 0).flatMap((verdict) => verdict.notes));
    if (this.#crowd) notes.add(TOO_MANY_PEERS);
    if (programs.judged === 0) notes.add(this.#nameless ? NO_THREADS : NOTHING_JUDGED);
    const sure = programs.judged > 0 && doubtful.length === 0 && !this.#crowd;
    const otherwise = sure ? 'accepted' : 'inconclusive';
    return {
      kind: diverged.length > 0 ? 'diverged' : otherwise,
      judged: programs.judged,
      unjudged: programs.unjudged,
      hiddenSteps: verdicts.reduce((sum, { hiddenSteps }) => sum + hiddenSteps, 0),
      hypothesesMax: Math.max(...verdicts.map(({ hypothesesMax }) => hypothesesMax)),
      elections: [],
      divergence: diverged[0] ?? null,
      notes: [...notes],
    };
  }

  /** A line of a connection that cannot be used is as one that cannot be read. */
  #readable(observation: Observation): Observation {
    const { said } = observation;
    if (said.what !== 'connection') return observation;
    const { message, thread } = said;
    if (message.what === 'garbled') {
      return { ...observation, said: { what: 'unreadable', text: message.text, why: 'a line of a connection' } };
    }
    if (this.#machines.isReadable(said)) return observation;
    this.#nameless = true;
    return { ...observation, said: { what: 'unreadable', text: thread, why: NO_THREADS } };
  }

  #pushConnection(observation: Observation, line: ConnectionLine): void {
    this.#programs.push(observation);
    this.#sends.push(observation);
    const peer = this.#machines.peerOf(line);
    if (peer !== null && !this.#peers.has(peer)) this.#follow(peer);
    if (this.#prelude?.length === 1) this.#prelude.push(observation);
    if (line.message.what === 'managerHalting') this.#prelude = null;
    const kind = threadKind(line.thread);
    if (kind === 'sendWorker' || kind === 'recvWorker') {
      if (peer !== null) this.#peers.get(peer)?.push(observation);
      return;
    }
    this.#pushToPeers(observation);
  }

  #pushToPeers(observation: Observation): void {
    for (const judge of this.#peers.values()) judge.push(observation);
  }

  /** What is sent to those that vote is told from the start on. */
  #followAll(): void {
    for (const { members } of this.#hints.configs) {
      for (const { sid } of members) {
        if (sid !== this.#hints.sid && !this.#peers.has(sid)) this.#follow(sid);
      }
    }
  }

  /** What came before a server was named does not concern it, but that the process began. */
  #follow(peer: Sid): void {
    if (this.#peers.size >= PEERS_MAX) {
      this.#crowd = true;
      return;
    }
    const judge = new Judge(this.#machines.ofPeer(peer), this.#hints, DEFAULT_LIMITS);
    this.#peers.set(peer, judge);
    for (const observation of this.#prelude ?? []) judge.push(observation);
  }
}

/** Precondition: every observation is of this server, in file order; without a configuration there is a survey. */
export async function judgeThreads<S>(
  machines: ThreadMachines<S>,
  observations: AsyncIterable<readonly Observation[]>,
  { sid, config, survey, gaps }: JudgeLogOptions,
): Promise<Verdict> {
  const configs = config === null ? (survey?.candidateConfigs(sid) ?? []) : [config];
  const judge = new ThreadJudge(machines, { sid, configs, debug: true, maxNotificationIntervalMs: null });
  for await (const batch of observations) {
    for (const observation of batch) judge.push(observation);
  }
  return withAssumptions(judge.finish(), { gaps, voters: null });
}
