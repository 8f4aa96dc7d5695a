/** `impl` as a subject: the pure transition function with its state held in a closure. */
import type { PeerEvent } from '../../impl/event.js';
import { makePeerConfig, type PeerConfig } from '../../impl/peer-config.js';
import { peerAtRest, type Peer as ImplPeer, type Process } from '../../impl/peer.js';
import { P380, profileForRelease } from '../../impl/release-profile.js';
import { transition } from '../../impl/transition.js';
import type { Sid } from '../../types/ids.js';
import type { Vote } from '../../types/vote.js';
import type { Peer, PeerDisk, PeerInput, PeerSettings, PeerView, Place, Sent, Subject } from './peer.js';

type Transition = typeof transition;

/** The peer of this package. */
export const implSubject: Subject = subjectOf('impl', transition);

/** A subject made of any function with the shape of `transition`: how mutants are tested. */
export function subjectOf(name: string, step: Transition): Subject {
  return { name, boot: (settings, disk) => new ImplInstance(step, settings, disk) };
}

class ImplInstance implements Peer {
  readonly #step: Transition;
  #config: PeerConfig;
  #peer: ImplPeer;

  constructor(step: Transition, settings: PeerSettings, disk: PeerDisk) {
    this.#step = step;
    this.#config = configOf(settings);
    const { zxid, currentEpoch, acceptedEpoch } = disk;
    const rest = peerAtRest({ lastZxid: zxid, currentEpoch, acceptedEpoch });
    this.#peer = step(this.#config, rest, { type: 'Restart' }).peer;
  }

  take(input: PeerInput): readonly Sent[] {
    if (input.type === 'Configure') {
      const { committed } = this.#config.membership;
      this.#config = configOf(input.settings);
      return committed === input.settings.membership.committed ? NOTHING : this.#do({ type: 'SetQuorumVerifier' });
    }
    return this.#do(input);
  }

  #do(input: PeerEvent): readonly Sent[] {
    const { peer, effects } = this.#step(this.#config, this.#peer, input);
    this.#peer = peer;
    const sent: Sent[] = [];
    for (const effect of effects) if (effect.type === 'send') sent.push(effect);
    return sent;
  }

  view(): PeerView {
    return viewOf(this.#peer);
  }
}

function configOf(settings: PeerSettings): PeerConfig {
  const { release } = settings;
  const profile = release === undefined ? P380 : profileForRelease(release);
  if (profile === null) throw new Error(`no profile covers release ${release}`);
  return makePeerConfig({ ...settings, profile });
}

/** What a peer of `impl` shows. Precondition: it is up. */
export function viewOf({ durable, process }: ImplPeer): PeerView {
  if (process === null) throw new Error('internal error: a view of a server that is down');
  const { lastZxid, currentEpoch, acceptedEpoch } = durable;
  const { state, logicalclock, proposal, currentVote, recvqueue, main } = process;
  const call = 'call' in main ? main.call : null;
  return {
    state,
    round: logicalclock,
    proposal,
    vote: currentVote,
    zxid: lastZxid,
    currentEpoch,
    acceptedEpoch,
    place: PLACES[main.at],
    queue: recvqueue,
    recvset: call?.recvset ?? NO_VOTES,
    outofelection: call?.outofelection ?? NO_VOTES,
  };
}

const NOTHING: readonly Sent[] = [];
const NO_VOTES: ReadonlyMap<Sid, Vote> = new Map();

const PLACES = {
  enter: 'ENTER',
  poll: 'POLL',
  final: 'FINAL',
  silent: 'SILENT',
  decided: 'DECIDED',
  role: 'OUT',
} as const satisfies Record<Process['main']['at'], Place>;
