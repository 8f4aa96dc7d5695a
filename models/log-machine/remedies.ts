/** What would have to be otherwise for a hypothesis to print a line: lines that it could print instead, messages that could lead to it. */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Remedies } from '../../traces/machine.js';
import type { ObservedLine, ReadLine } from '../../traces/observation.js';
import type { Process } from '../../impl/peer.js';
import type { KnownLife } from './state.js';

type Received = Extract<ReadLine, { what: 'notification' }>;

export function remediesFor(state: KnownLife, said: ObservedLine): Remedies {
  const { process } = state.peer;
  if (process === null) return { instead: [], heard: [] };
  const instead = [...dueOf(state), ...begun(state, process, said), ...received(state, said)];
  return { instead, heard: heardBy(state, process, said) };
}

/** An election of whose beginning nothing tells: with the zxid that its first vote, or the disk, tells. */
function begun({ disk: { zxid }, config, owed }: KnownLife, process: Process, said: ObservedLine): readonly ReadLine[] {
  if (process.main.at !== 'enter' || owed.length > 0) return [];
  const told = said.what === 'notification' && said.notification.from === config.sid ? said.notification.zxid : null;
  const known = told ?? (zxid.known === 'nothing' ? null : zxid.value);
  return known === null ? [] : [{ what: 'newElection', myId: config.sid, zxid: known }];
}

/** The next line of each thread that is certain. */
function dueOf(state: KnownLife): readonly ReadLine[] {
  const main = state.owed[0]?.line ?? null;
  const [receiver] = state.receiverOwed;
  return [...(main === null ? [] : [main]), ...(receiver === undefined ? [] : [receiver])];
}

/** The copy of its own that comes next; the same message in another state. */
function received(state: KnownLife, said: ObservedLine): readonly ReadLine[] {
  if (said.what !== 'notification') return ownCopy(state, null);
  const own = said.notification.from === state.config.sid ? ownCopy(state, said) : [];
  const states = state.statesSeen.includes(said.myState) ? [] : state.statesSeen;
  return [...own, ...states.map((myState) => ({ ...said, myState }))];
}

function ownCopy({ loopback, statesSeen }: KnownLife, like: Received | null): readonly ReadLine[] {
  const [copy] = loopback;
  const [seen] = statesSeen;
  const myState = like !== null && statesSeen.includes(like.myState) ? like.myState : seen;
  if (copy === undefined || myState === undefined) return [];
  const { notification } = copy;
  const configVersion = like?.notification.configVersion ?? notification.configVersion;
  return [{ what: 'notification', myState, notification: { ...notification, configVersion } }];
}

/** Messages that would make it vote so, or decide so. */
function heardBy(state: KnownLife, process: Process, said: ObservedLine): readonly Notification[] {
  const { config } = state;
  const others = config.voters.filter((sid) => sid !== config.sid);
  if (said.what === 'notification') {
    const { notification: n } = said;
    return n.from === config.sid && n.state === 'LOOKING' ? others.map((from) => ({ ...n, from })) : [];
  }
  const role = said.what === 'stateChanged' ? said.state : said.what === 'roleEntered' ? said.role : 'LOOKING';
  const { main } = process;
  if (role === 'LOOKING' || (main.at !== 'poll' && main.at !== 'final')) return [];
  const carried = {
    round: process.logicalclock,
    version: config.profile.messageVersion,
    configVersion: config.membership.committed.version,
  };
  const vote = { ...process.proposal, ...carried, state: 'LOOKING' as const };
  const agreeing = new Set<Sid>(state.rules.agreeing(main.call.recvset, { ...vote, version: 0 }));
  const support = others.filter((from) => !agreeing.has(from)).map((from): Notification => ({ ...vote, from }));
  if (role === 'LEADING') return support;
  const reports = [...main.call.outofelection.values(), vote].filter(({ leader }) => leader !== config.sid);
  const joins = reports.flatMap((report) =>
    others.map((from): Notification => ({
      ...report,
      ...carried,
      round: report.round,
      from,
      state: from === report.leader ? 'LEADING' : 'FOLLOWING',
    })),
  );
  return [...support, ...joins];
}
