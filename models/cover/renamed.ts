/**
 * A server of a recorded election in the names of a model that begins with empty histories in round 1. The election compares
 * zxids, epochs and rounds with one another and copies them; it never computes with them, but for the round after the last. So a
 * server that knows a single zxid, a single epoch and a single round behaves as one that knows other numbers in their place.
 */
import type { Life, Message, Server } from '../../spec/state.js';
import { asConfigVersion, asPeerEpoch, asRound, asZxid } from '../../types/ids.js';
import type { Vote } from '../../types/vote.js';

export interface Renamed {
  readonly server: Server;
  readonly message: Message | null;
}

/** `why`: several values of a kind meet, and what the model knows has one. Precondition: what is dead was forgotten. */
export function renamed(server: Server, message: Message | null): Renamed | { readonly why: string } {
  const seen = new Seen();
  const { life } = server;
  seen.zxids.add(server.zx);
  seen.epochs.add(server.ce);
  if (message !== null) seen.vote(message);
  if (life !== null) seen.life(life);
  const why = seen.why();
  if (why !== null) return { why };
  return {
    server: {
      ...server,
      zx: NO_ZXID,
      logged: NO_ZXID,
      ce: NO_EPOCH,
      ae: NO_EPOCH,
      life: life === null ? null : lifeOf(life),
    },
    message: message === null ? null : messageOf(message),
  };
}

const NO_ZXID = asZxid(0n);
const NO_EPOCH = asPeerEpoch(0n);
const FIRST = asRound(1n);
const NO_CONFIG = asConfigVersion(0n);

/** What models/election/reduce.ts writes where nobody will read. */
const isForgotten = ({ leader, zxid }: Pick<Vote, 'leader' | 'zxid'>): boolean => leader === -1n && zxid === -1n;

class Seen {
  readonly zxids = new Set<bigint>();
  readonly epochs = new Set<bigint>();
  readonly rounds = new Set<bigint>();

  vote(vote: Vote): void {
    this.rounds.add(vote.round);
    this.proposal(vote);
  }

  proposal(proposal: Pick<Vote, 'leader' | 'zxid' | 'epoch'>): void {
    if (isForgotten(proposal)) return;
    this.zxids.add(proposal.zxid);
    this.epochs.add(proposal.epoch);
  }

  life({ clk, prop, cur, st, recvset, ooe, nq, end }: Life): void {
    this.rounds.add(clk);
    this.proposal(prop);
    // The published vote of a server that looks for a leader bears a round of before.
    if (st === 'LOOKING') this.proposal(cur);
    else this.vote(cur);
    if (end !== null) this.proposal(end);
    for (const vote of [...recvset.values(), ...ooe.values(), ...nq]) this.vote(vote);
  }

  why(): string | null {
    if (this.rounds.size > 1) return 'votes of several rounds meet';
    if (this.epochs.size > 1) return 'votes of several epochs meet';
    return this.zxids.size > 1 ? 'votes of several zxids meet' : null;
  }
}

const voteOf = <V extends Vote>(vote: V): V =>
  isForgotten(vote) ? vote : { ...vote, zxid: NO_ZXID, epoch: NO_EPOCH, round: FIRST };

const messageOf = <M extends Message>(message: M): M => ({ ...voteOf(message), configVersion: NO_CONFIG });

function lifeOf(life: Life): Life {
  const votes = (map: Life['recvset']): Life['recvset'] => new Map([...map].map(([sid, vote]) => [sid, voteOf(vote)]));
  const { prop, cur, st, end } = life;
  const proposal = isForgotten(prop) ? prop : { ...prop, zxid: NO_ZXID, epoch: NO_EPOCH };
  const published = st === 'LOOKING' && !isForgotten(cur) ? { ...cur, zxid: NO_ZXID, epoch: NO_EPOCH } : voteOf(cur);
  return {
    ...life,
    clk: FIRST,
    prop: proposal,
    cur: published,
    end: end === null ? null : { ...end, zxid: NO_ZXID, epoch: NO_EPOCH, round: FIRST },
    recvset: votes(life.recvset),
    ooe: votes(life.ooe),
    nq: life.nq.map(messageOf),
  };
}
