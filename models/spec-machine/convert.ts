/**
 * A server of the specification in the data layout that the log machine keeps (`impl`'s), and back. Only names change
 * places here; votes, maps and queues are handed over as they are.
 */
import { assert, unreachable } from '../../base/assert.js';
import type { CapturedReply, MainLoop, Peer, Process, Worker as PeerWorker } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import { specProfile } from '../../spec/profile.js';
import { CALL_OVER, learnerTypeIn } from '../../spec/server.js';
import type { Captured, Life, ProgramCounter, Server, Worker } from '../../spec/state.js';

/** The server that the peer stands for. What only reconfiguration and Zab set is as after a plain start. */
export function serverOf(config: PeerConfig, { durable, process }: Peer): Server {
  return {
    ...standingOf(config),
    zx: durable.lastZxid,
    logged: durable.lastZxid,
    ce: durable.currentEpoch,
    ae: durable.acceptedEpoch,
    life: process === null ? null : lifeOf(process),
  };
}

type Standing = Pick<Server, 'profile' | 'sid' | 'learnerType' | 'membership'>;

const standings = new WeakMap<PeerConfig, Standing>();

/** What follows from the configuration alone. */
function standingOf(config: PeerConfig): Standing {
  const known = standings.get(config);
  if (known !== undefined) return known;
  const { sid, membership, profile } = config;
  const ofRelease = specProfile(profile.release);
  const standing: Standing = {
    ...(ofRelease === null ? {} : { profile: ofRelease }),
    sid,
    learnerType: learnerTypeIn(membership.committed, sid),
    membership,
  };
  standings.set(config, standing);
  return standing;
}

const COUNTER = {
  enter: 'ENTER',
  poll: 'POLL',
  final: 'FINAL',
  silent: 'SILENT',
  decided: 'DECIDED',
  role: 'OUT',
} as const satisfies Record<MainLoop['at'], ProgramCounter>;

function lifeOf(process: Process): Life {
  const { main } = process;
  const call = 'call' in main ? main.call : null;
  return {
    recvset: call === null ? CALL_OVER.recvset : call.recvset,
    ooe: call === null ? CALL_OVER.ooe : call.outofelection,
    counted: call === null ? CALL_OVER.counted : call.voteSet,
    st: process.state,
    pc: COUNTER[main.at],
    clk: process.logicalclock,
    prop: process.proposal,
    cur: process.currentVote,
    ...(process.bcVote === undefined ? {} : { old: process.bcVote }),
    end: main.at === 'decided' ? main.endVote : null,
    nq: process.recvqueue,
    needOracle: process.needOracle,
    reconfigFlag: false,
    worker: workerOf(process.worker),
    leadership: 'none',
  };
}

function workerOf(worker: PeerWorker): Worker {
  switch (worker.stage) {
    case 'idle':
      return { stage: 'IDLE' };
    case 'printed':
      return { stage: 'TAKEN', n: worker.notification };
    case 'tested':
      return { stage: 'TESTED', n: worker.notification };
    case 'enqueued':
      return { stage: 'QUEUED', n: worker.notification };
    case 'replying':
      return { stage: 'REPLY', to: worker.to, captured: capturedOf(worker.reply) };
    default:
      return unreachable(worker);
  }
}

function capturedOf(reply: CapturedReply): Captured {
  return reply.kind === 'looking' ? { kind: 'looking', proposal: reply.vote } : reply;
}

/** The peer that stands for the server. The specification knows no timers: the next wait is told by the caller. */
export function peerOf(server: Server, notTimeoutMs: number): Peer {
  const durable = { lastZxid: server.zx, currentEpoch: server.ce, acceptedEpoch: server.ae };
  const { life } = server;
  if (life === null) return { durable, process: null };
  return {
    durable,
    process: {
      state: life.st,
      currentVote: life.cur,
      ...(life.old === undefined ? {} : { bcVote: life.old }),
      logicalclock: life.clk,
      proposal: life.prop,
      recvqueue: life.nq,
      needOracle: life.needOracle,
      main: mainOf(life, notTimeoutMs),
      worker: peerWorkerOf(life.worker),
    },
  };
}

function mainOf(life: Life, notTimeoutMs: number): MainLoop {
  const call = { recvset: life.recvset, outofelection: life.ooe, notTimeoutMs, voteSet: life.counted };
  switch (life.pc) {
    case 'ENTER':
      return { at: 'enter' };
    case 'POLL':
      return { at: 'poll', call };
    case 'FINAL':
      return { at: 'final', call };
    case 'SILENT':
      return { at: 'silent', call };
    case 'DECIDED':
      assert(life.end !== null, 'a decided server has an end vote');
      return { at: 'decided', endVote: life.end };
    case 'OUT':
      return { at: 'role' };
    default:
      return unreachable(life.pc);
  }
}

function peerWorkerOf(worker: Worker): PeerWorker {
  switch (worker.stage) {
    case 'IDLE':
      return { stage: 'idle' };
    case 'TAKEN':
      return { stage: 'printed', notification: worker.n };
    case 'TESTED':
      return { stage: 'tested', notification: worker.n };
    case 'QUEUED':
      return { stage: 'enqueued', notification: worker.n };
    case 'REPLY':
      return { stage: 'replying', to: worker.to, reply: replyOf(worker.captured) };
    default:
      return unreachable(worker);
  }
}

function replyOf(captured: Captured): CapturedReply {
  return captured.kind === 'looking' ? { kind: 'looking', vote: captured.proposal } : captured;
}
