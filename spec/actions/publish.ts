/** Publish: the result of lookForLeader becomes the current vote (QuorumPeer.run, setCurrentVote). */
import { assert } from '../../base/assert.js';
import { lifeOf, live } from '../server.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/** End votes are made by Vote's constructor of four longs: state LOOKING, version 0. The role begins. */
export const publish: LocalRule<Of<'Publish'>> = {
  name: 'Publish',
  whyNot: (server) => notAt(server, 'DECIDED'),
  outcomes(server) {
    const { end } = lifeOf(server);
    assert(end !== null, 'a decided server has an end vote');
    return quiet(live(server, { cur: { ...end, state: 'LOOKING', version: 0 }, end: null, pc: 'OUT' }));
  },
};
