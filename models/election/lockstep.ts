/**
 * The specification's server and the peer of `impl` side by side. Both take every step; what the peer shows and
 * sends must be one of the outcomes that the specification allows, judged by the comparison of the conformance run.
 */
import type { Broken } from '../../checker/system.js';
import type { Server } from '../../spec/state.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { firstDifference, sendDifference } from '../conformance/compare.js';
import type { PeerView } from '../conformance/peer.js';
import { specProfileOf } from './ensemble.js';
import { implMachine, type ImplOptions, type PeerValue } from './impl-server.js';
import type { Deed, Machine, Moved } from './machine.js';
import { specMachine, type ServerValue } from './spec-server.js';

export interface Couple {
  readonly server: ServerValue;
  readonly peer: PeerValue;
}

export function lockstepMachine(config: EnsembleConfig, options: ImplOptions = {}): Machine<Couple> {
  const release = options.profile?.release ?? null;
  const spec = specMachine(config, specProfileOf({ release }));
  const impl = implMachine(config, options);
  return {
    name: 'impl beside spec',
    properties: ['refinement'],
    from: (server) => ({ server: spec.from(server), peer: impl.from(server) }),
    look: ({ server }) => spec.look(server),
    step(couples, deed) {
      const servers = couples.map(({ server }) => server);
      const peers = couples.map(({ peer }) => peer);
      const done = impl.step(peers, deed);
      const allowed = spec.step(servers, deed);
      if (done.length === 0) return allowed.length === 0 ? [] : [unable(couples, deed)];
      return done.map((one) => met(couples, one, { allowed, deed, impl, spec }));
    },
    changed: ({ server, peer }, change) => ({ server: spec.changed(server, change), peer: impl.changed(peer, change) }),
  };
}

const refused = (why: string): Broken => ({ property: 'refinement', why });

function unable(couples: readonly Couple[], { action }: Deed): Moved<Couple> {
  const why = `the specification allows ${action.name} here, the implementation does not`;
  return { values: couples, sends: [], breaks: refused(why) };
}

interface Meeting {
  readonly allowed: readonly Moved<ServerValue>[];
  readonly deed: Deed;
  readonly impl: Machine<PeerValue>;
  readonly spec: Machine<ServerValue>;
}

/** The couples after the step: the allowed outcome that the peers show; if there is none, with the first difference. */
function met(couples: readonly Couple[], done: Moved<PeerValue>, meeting: Meeting): Moved<Couple> {
  const { allowed, deed } = meeting;
  const paired = (one: Moved<ServerValue> | undefined): readonly Couple[] =>
    couples.map(({ server }, i) => ({
      server: one?.values[i] ?? server,
      peer: done.values[i] ?? couples[i]?.peer ?? never(),
    }));
  const { sends } = done;
  if (done.breaks !== null) return { values: couples, sends, breaks: done.breaks };
  const differences = allowed.map((one) => difference(done, one, meeting));
  const at = differences.indexOf(null);
  if (at >= 0) return { values: paired(allowed[at]), sends, breaks: null };
  const after = `after ${deed.action.name}`;
  const why = differences[0] ?? `the specification does not allow ${deed.action.name} here`;
  return { values: paired(allowed[0]), sends, breaks: refused(differences.length === 0 ? why : `${after}: ${why}`) };
}

function never(): never {
  throw new Error('internal error: a step loses a server');
}

function difference(done: Moved<PeerValue>, one: Moved<ServerValue>, { impl, spec }: Meeting): string | null {
  const sends = sendDifference(done.sends, one.sends);
  if (sends !== null) return sends;
  for (const [i, value] of one.values.entries()) {
    const peer = done.values[i];
    const why = peer === undefined ? 'no peer' : between(spec.look(value), impl.look(peer));
    if (why !== null) return `server ${value.sid}: ${why}`;
  }
  return null;
}

/** `shown`: the peer, in the layout of the specification. */
function between(server: Server, shown: Server): string | null {
  if (server.life === null || shown.life === null) {
    return server.life === shown.life ? null : `up where it should be down, or down where it should be up`;
  }
  const { st, clk, prop, cur, pc, nq, recvset, ooe } = shown.life;
  const view: PeerView = {
    state: st,
    round: clk,
    proposal: prop,
    vote: cur,
    zxid: shown.zx,
    currentEpoch: shown.ce,
    acceptedEpoch: shown.ae,
    place: pc,
    queue: nq,
    recvset,
    outofelection: ooe,
  };
  return firstDifference(server, view);
}
