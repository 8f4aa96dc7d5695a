/** Silence: finalizeWait passes without a notification; the exit is due, whatever arrives from now on. */
import { lifeOf, live } from '../server.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/** `recvqueue.poll(finalizeWait)` gives null (TLA+: the guard of WaitNewNotmsg's exit). */
export const silence: LocalRule<Of<'Silence'>> = {
  name: 'Silence',
  whyNot: (server) => notAt(server, 'FINAL') ?? (lifeOf(server).nq.length > 0 ? 'recvqueue is not empty' : null),
  outcomes: (server) => quiet(live(server, { pc: 'SILENT' })),
};
