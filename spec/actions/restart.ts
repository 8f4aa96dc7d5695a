/** Restart: a process starts (QuorumPeer.start). */
import { bootLife } from '../server.js';
import { serverOf, withServer } from '../world.js';
import { plainStep, type GlobalRule, type Of } from './rule.js';

/** The history is what the disk holds; it may end before what the server had in memory. */
export const restart: GlobalRule<Of<'Restart'>> = {
  name: 'Restart',
  whyNot(state, { s }) {
    const server = state.servers.get(s);
    if (server === undefined) return `server ${s} does not exist`;
    return server.life === null ? null : `server ${s} is up`;
  },
  next(state, { s }) {
    const server = serverOf(state, s);
    const loaded = { ...server, zx: server.logged };
    return plainStep(withServer(state, { ...loaded, life: bootLife(loaded) }));
  },
};
