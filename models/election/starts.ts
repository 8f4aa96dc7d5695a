/** Where models begin: ensembles that an election finds, the plain one and those that old defects need. */
import { assert } from '../../base/assert.js';
import { nextStates } from '../../spec/next.js';
import type { Profile } from '../../spec/profile.js';
import { lifeOf, live } from '../../spec/server.js';
import type { Server } from '../../spec/state.js';
import { serverOf } from '../../spec/world.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asPeerEpoch, asRound } from '../../types/ids.js';
import type { Start } from './bounds.js';
import { establishedServers, sceneOf, serversAtRest } from './ensemble.js';

/** A server, and what it does before the first step of the model. */
export interface Beginning {
  readonly server: Server;
  /** restart: Restart and Begin. begin: Begin. */
  readonly first: 'restart' | 'begin' | 'nothing';
}

/**
 * cold: all begin with equal, empty histories. established: the highest voter leads all others in epoch 1.
 *
 * split: cold, but the lowest voter alone has taken epoch 1 for current before everything ended; the zxids are equal still
 * (ZOOKEEPER-1419). left: the established leader has given up and looks in round 2; nobody has noticed (ZOOKEEPER-1514, its
 * FLEBackwardElectionRoundTest). apart: an established leader and a follower whose votes tell of different rounds, and the lowest
 * voter, which has just begun (ZOOKEEPER-1732).
 */
export function beginningsOf(config: EnsembleConfig, start: Start, profile?: Profile): readonly Beginning[] {
  const atRest = serversAtRest(config, profile);
  const established = establishedServers(config, profile);
  const lowest = atRest[0]?.sid;
  const leader = established.findLast(({ life }) => life?.st === 'LEADING')?.sid;
  const restart = (server: Server): Beginning => ({ server, first: 'restart' });
  const asItIs = (server: Server): Beginning => ({ server, first: 'nothing' });
  switch (start) {
    case 'cold':
      return atRest.map(restart);
    case 'established':
      return established.map(asItIs);
    case 'split':
      return atRest.map((server) => {
        const accepted = { ...server, ae: ONE };
        return restart(server.sid === lowest ? { ...accepted, ce: ONE } : accepted);
      });
    case 'left':
      return established.map((server) =>
        server.sid === leader ? { server: hasLeft(server, established), first: 'begin' } : asItIs(server),
      );
    case 'apart':
      return established.map((server, i) => {
        if (server.sid === lowest) return restart({ ...(atRest[i] ?? server), ae: ONE, ce: ONE });
        return asItIs(server.sid === leader ? inRoundTwo(server) : server);
      });
  }
}

const ONE = asPeerEpoch(1n);
const SECOND = asRound(2n);

function hasLeft(server: Server, all: readonly Server[]): Server {
  const [left] = nextStates(sceneOf(all), { name: 'Leave', s: server.sid });
  assert(left !== undefined, 'a role can be left');
  return serverOf(left.state, server.sid);
}

/** Elected once more than its followers tell of. */
function inRoundTwo(server: Server): Server {
  return live(server, { clk: SECOND, cur: { ...lifeOf(server).cur, round: SECOND } });
}
