/**
 * What liveness of an election rests on, each assumption by itself, so that it can be dropped. Fairness: what is owed to whom.
 * Restrictions: what time rules out in a real ensemble, said of steps.
 */
import type { FairSteps, Predicate, Restriction } from '../../checker/live/question.js';
import type { Label } from '../../checker/system.js';
import { compareProposals } from '../../spec/order.js';
import { NO_HELP } from '../../spec/properties/terms.js';
import { isQuorum } from '../../spec/quorums.js';
import type { Life, Server } from '../../spec/state.js';
import type { ActionName } from '../../spec/action.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asPeerEpoch, asSid, asZxid, type Sid } from '../../types/ids.js';
import type { Proposal, Vote } from '../../types/vote.js';
import type { Queue } from './channels.js';
import type { Model } from './model.js';

/** By name: the sentence. Dropping one leaves the others. */
export const ASSUMPTIONS = {
  threads: 'Each main thread goes on while it can.',
  delivery: 'A message that can be received again and again is received.',
  resend: 'Who waits and hears nothing sends its votes again.',
  silence: 'A finalize wait that can end again and again ends: messages do not restart it for ever.',
  timeouts: 'A role that serves nobody ends: a leader without a quorum, a follower without a leader.',
  delay: 'No finalize wait ends while a better vote is on its way between running servers (delays below finalizeWait).',
  pause: 'Nobody sends again while anything is on its way between running servers (delays below the shortest wait).',
  patience:
    'No role ends while the election has not come to rest (initLimit and the connection attempts are longer than delays).',
} as const;

export type Assumption = keyof typeof ASSUMPTIONS;

export function isAssumption(name: string): name is Assumption {
  return Object.hasOwn(ASSUMPTIONS, name);
}

const MAIN: readonly ActionName[] = ['Begin', 'Handle', 'FinalStep', 'Publish'];

/** A step's first action: merged ones follow a comma. */
function isAction(label: Label, text: string): boolean {
  return label.text === text || label.text.startsWith(`${text},`);
}

export function fairnessOf<V>({ layout, bounds }: Model<V>, without: readonly Assumption[]): readonly FairSteps[] {
  const given = (assumption: Assumption): boolean => !without.includes(assumption);
  const steps = (kind: FairSteps['kind'], text: string, prefix = text): FairSteps => ({
    name: text,
    kind,
    has: (label) => isAction(label, prefix),
  });
  const { sids, pairs, own } = layout;
  const ways = [...pairs.map(({ from, to }) => `${from}->${to}`), ...[...own.keys()].map((sid) => `${sid}->${sid}`)];
  return [
    ...(given('threads') ? sids.flatMap((sid) => MAIN.map((name) => steps('weak', `${name} ${sid}`))) : []),
    ...(given('threads') ? sids.map((sid) => steps(given('silence') ? 'strong' : 'weak', `Silence ${sid}`)) : []),
    ...(given('delivery') ? ways.map((way) => steps('strong', `Receive ${way}`)) : []),
    ...(given('resend') && bounds.resend !== 'none'
      ? sids.map((sid) => steps('strong', `Resend ${sid}`, `Resend ${sid} delivered`))
      : []),
    ...(given('timeouts') ? sids.map((sid) => steps('strong', `Leave ${sid}`)) : []),
  ];
}

export function restrictionsOf<V>(
  model: Model<V>,
  config: EnsembleConfig,
  without: readonly Assumption[],
): readonly Restriction[] {
  const { sids } = model.layout;
  return [
    ...sids.map((sid) => fruitless(model, config, sid)),
    ...(without.includes('delay') ? [] : sids.map((sid) => delay(model, sid))),
    ...(without.includes('pause') ? [] : [pause(model)]),
    ...(without.includes('patience') ? [] : [patience(model)]),
  ];
}

/** Seen of servers: what each shows, by id. */
export function ofServers<V>(
  { layout, machine }: Model<V>,
  project: (server: Server) => string | null,
  holds: (seen: ReadonlyMap<Sid, string | null>) => boolean,
): Predicate {
  const { sids, servers } = layout;
  return {
    slots: servers,
    project: (value) => project(machine.look(value as V)),
    holds: (seen) => holds(new Map(sids.map((sid, i) => [sid, seen[servers[i] ?? -1] ?? null]))),
  };
}

/** `LEADING 3` of a server in a role that names 3; null: undecided or down. */
export function roleOf({ life }: Server): string | null {
  return life === null || life.pc !== 'OUT' ? null : `${life.st} ${life.cur.leader}`;
}

/** Voters whose role names the leader, itself included. */
export function behind(roles: ReadonlyMap<Sid, string | null>, leader: Sid, voters: readonly Sid[]): readonly Sid[] {
  return voters.filter((sid) => roles.get(sid)?.endsWith(` ${leader}`) === true);
}

/** No assumption but what happens: nobody leaves a role that serves. */
function fruitless<V>(model: Model<V>, config: EnsembleConfig, sid: Sid): Restriction {
  const { voters } = model.layout;
  return {
    name: `Leave ${sid}`,
    sentence: 'A role ends only if it serves nobody.',
    has: (label) => isAction(label, `Leave ${sid}`),
    when: ofServers(model, roleOf, (roles) => {
      const [state, leader = ''] = roles.get(sid)?.split(' ') ?? [];
      const named = asSid(BigInt(leader === '' ? -1 : leader));
      if (state === 'LEADING') return !isQuorum(config, behind(roles, sid, voters), NO_HELP);
      return roles.get(named)?.startsWith('LEADING') !== true;
    }),
  };
}

interface Waiting {
  readonly round: bigint;
  readonly proposal: Proposal;
}

/** A vote as text and back: what is on its way, or what a server in its finalize wait stands for. */
const voteText = (round: bigint, { leader, zxid, epoch }: Proposal): string => `${round}/${leader}/${zxid}/${epoch}`;

function voteOf(text: string): Waiting {
  const [round = 0n, leader = 0n, zxid = 0n, epoch = 0n] = text.split('/').map(BigInt);
  return { round, proposal: { leader: asSid(leader), zxid: asZxid(zxid), epoch: asPeerEpoch(epoch) } };
}

/** Of any state: an answer may stand where the vote of an elector was overwritten. */
function textsOf(votes: readonly Vote[]): readonly string[] {
  return votes.map((vote) => voteText(vote.round, vote));
}

function delay<V>(model: Model<V>, sid: Sid): Restriction {
  const { layout, machine } = model;
  const own = layout.servers[layout.sids.indexOf(sid)] ?? -1;
  const others = new Map(layout.servers.map((slot, i) => [slot, layout.sids[i]]));
  const channels = new Map(layout.pairs.map(({ from, to, slot }) => [slot, { from, to }]));
  return {
    name: `delay ${sid}`,
    sentence: ASSUMPTIONS.delay,
    has: (label) => isAction(label, `Silence ${sid}`),
    when: {
      slots: [...layout.servers, ...channels.keys()],
      project: (value, slot) => {
        if (channels.has(slot)) return textsOf(value as Queue).join(' ') || null;
        const { life } = machine.look(value as V);
        if (life === null) return 'down';
        if (slot === own) return `own ${voteText(life.clk, life.prop)}`;
        return textsOf(life.nq).join(' ') || null;
      },
      holds: (seen) => {
        const text = seen[own];
        if (text?.startsWith('own ') !== true) return true;
        const { round, proposal } = voteOf(text.slice('own '.length));
        const down = new Set([...others].filter(([slot]) => seen[slot] === 'down').map(([, id]) => id));
        const between = [...channels].filter(([, { from, to }]) => !down.has(from) && !down.has(to));
        const waiting = [...between.map(([slot]) => slot), ...others.keys()].flatMap((slot) =>
          slot === own || seen[slot] === 'down' ? [] : (seen[slot]?.split(' ') ?? []),
        );
        return waiting.map(voteOf).every((vote) => !isBetter(vote, { round, proposal }));
      },
    },
  };
}

/** Would it change the mind of one who waits? The finalize wait compares proposals alone; of an older round they count for nothing. */
function isBetter(vote: Waiting, held: Waiting): boolean {
  return vote.round >= held.round && compareProposals(vote.proposal, held.proposal) > 0;
}

/** Nothing is on its way to a running server, and none has anything to do but to wait for others. */
function patience<V>(model: Model<V>): Restriction {
  const when = atRest(model, ({ pc, nq }) => pc === 'OUT' || (pc === 'POLL' && nq.length === 0));
  return { name: 'patience', sentence: ASSUMPTIONS.patience, has: (label) => label.action === 'Leave', when };
}

function pause<V>(model: Model<V>): Restriction {
  const when = atRest(model, ({ nq }) => nq.length === 0);
  return { name: 'pause', sentence: ASSUMPTIONS.pause, has: (label) => label.action === 'Resend', when };
}

/** No message is on its way between running servers, and `rests` is true of each. */
function atRest<V>({ layout, machine }: Model<V>, rests: (life: Life) => boolean): Predicate {
  const channels = [...layout.pairs, ...[...layout.own].map(([sid, slot]) => ({ from: sid, to: sid, slot }))];
  return {
    slots: [...layout.servers, ...channels.map(({ slot }) => slot)],
    project: (value, slot) => {
      if (!layout.servers.includes(slot)) return (value as Queue).length > 0 ? 'busy' : null;
      const { life } = machine.look(value as V);
      if (life === null) return 'down';
      return rests(life) ? null : 'busy';
    },
    holds: (seen) => {
      const isUp = (sid: Sid): boolean => seen[layout.servers[layout.sids.indexOf(sid)] ?? -1] !== 'down';
      if (layout.servers.some((slot) => seen[slot] === 'busy')) return false;
      return !channels.some(({ from, to, slot }) => isUp(from) && isUp(to) && seen[slot] === 'busy');
    },
  };
}
