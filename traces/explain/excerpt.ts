/** The smallest set of lines that contradict each other: lines are let go as long as the rest still fails at the same place. */
import type { Sid } from '../../types/ids.js';
import { quote } from '../ensemble/contradiction.js';
import { judgeEnsemble } from '../ensemble/judge.js';
import { overviewOf } from '../ensemble/log.js';
import { hasSent, type Member, memberMachine } from '../ensemble/member.js';
import type { EnsembleDivergence } from '../ensemble/verdict.js';
import type { EnsembleMachine } from '../machine.js';
import type { Observation } from '../observation.js';
import { Follower, type FollowOptions } from './follow.js';
import { asEnsembleLog, type HeldLog } from './held.js';
import { minimalContradiction } from './minimal.js';
import { Excerptible, type Part } from './parts.js';
import type { Excerpt } from './reasons.js';

export interface ExcerptOptions extends FollowOptions {
  /** So often it is asked whether some lines contradict. */
  readonly questionsMax: number;
}

/** What all servers of an ensemble have in common. */
export interface Common {
  readonly observers: ReadonlySet<Sid>;
  readonly voters: readonly Sid[];
}

type Logs = ReadonlyMap<Sid, readonly Observation[]>;

interface Question {
  readonly logs: readonly HeldLog[];
  /** Never let go. */
  readonly always: ReadonlySet<Observation>;
  /** Lines of each server, those that are left out among them. Null: it cannot be told. */
  readonly contradicts: (logs: Logs) => Promise<boolean | null>;
}

/** Null: it does not diverge there, or that is not certain. Throws what `pause` throws. */
export async function excerptOfServer(
  machine: EnsembleMachine<unknown>,
  { sid, hints, log }: HeldLog,
  { diverging, options }: { readonly diverging: Observation; readonly options: ExcerptOptions },
): Promise<Excerpt | null> {
  const follower = new Follower(machine, hints, options);
  const contradicts = async (logs: Logs): Promise<boolean | null> => {
    const end = await follower.follow(logs.get(sid) ?? [], { last: diverging });
    if (end.kind === 'tooMany') return null;
    return end.kind === 'refused' && end.certain && end.observation === diverging;
  };
  return smallest({ logs: [{ sid, hints, log }], always: new Set([diverging]), contradicts }, options);
}

/** The same for logs that contradict each other: all other lines of all of them are let go. */
export async function excerptOfEnsemble(
  machine: EnsembleMachine<unknown>,
  logs: readonly HeldLog[],
  about: About,
): Promise<Excerpt | null> {
  const excerpt = await excerptAbout(machine, logs, about);
  if (excerpt === null) return null;
  const all = logs.reduce((sum, { log }) => sum + log.length, 0);
  return { ...excerpt, leftOut: all - excerpt.lines.length };
}

interface About {
  readonly divergence: EnsembleDivergence;
  readonly common: Common;
  readonly options: ExcerptOptions;
}

/** A divergence of one server is that server's. */
async function excerptAbout(
  machine: EnsembleMachine<unknown>,
  logs: readonly HeldLog[],
  {
    divergence,
    common,
    options,
  }: { readonly divergence: EnsembleDivergence; readonly common: Common; readonly options: ExcerptOptions },
): Promise<Excerpt | null> {
  const held = logs.find(({ sid }) => sid === divergence.line.sid);
  const diverging = held?.log.find(({ at }) => isAt(at, divergence.line.at));
  if (held === undefined || diverging === undefined) return null;
  switch (divergence.kind) {
    case 'server':
      return excerptOfServer(machine, held, { diverging, options });
    case 'message':
    case 'order':
      return excerptOfMessage(
        machine,
        { logs, held, diverging, inOrder: divergence.kind === 'order' },
        { common, options },
      );
    case 'together': {
      const always = new Set([diverging]);
      const contradicts = async (some: Logs): Promise<boolean> => {
        await options.pause();
        const inPart = logs.map((one) => asEnsembleLog({ ...one, log: some.get(one.sid) ?? [] }));
        const { kind, divergence: found } = await judgeEnsemble(machine, inPart, {
          ...common,
          gaps: false,
          limits: options.limits,
        });
        return kind === 'diverged' && found !== null && isAt(found.line.at, diverging.at);
      };
      return smallest({ logs, always, contradicts }, options);
    }
    case 'rule':
      return { lines: divergence.evidence, leftOut: 0, isMinimal: true };
    case 'absence':
      return null;
  }
}

const isAt = (a: Observation['at'], b: Observation['at']): boolean => a.line === b.line && a.file === b.file;

interface Message {
  readonly logs: readonly HeldLog[];
  /** The receiver's. */
  readonly held: HeldLog;
  readonly diverging: Observation;
  /** After all that the receiver had received from that server before. */
  readonly inOrder: boolean;
}

/** The sender's log does not allow that it was sent: at all, or after what was received before. */
async function excerptOfMessage(
  machine: EnsembleMachine<unknown>,
  { logs, held, diverging, inOrder }: Message,
  { common, options }: { readonly common: Common; readonly options: ExcerptOptions },
): Promise<Excerpt | null> {
  const { said } = diverging;
  const sender = said.what === 'notification' ? logs.find(({ sid }) => sid === said.notification.from) : undefined;
  if (sender === undefined) return null;
  const isOfSender = ({ said: one }: Observation): boolean =>
    one.what === 'notification' && one.notification.from === sender.sid;
  const received = inOrder ? held.log.slice(0, held.log.indexOf(diverging)).filter(isOfSender) : [];
  const observers = new Set(common.observers.has(held.sid) ? [held.sid] : []);
  const followers = new Map<string, Follower<Member<unknown>>>();
  const followerOf = (before: readonly Observation[], fromBirth: boolean): Follower<Member<unknown>> => {
    const key = `${fromBirth} ${before.map(({ at }) => at.line).join()}`;
    const receptions = before.flatMap(({ said: one }) => (one.what === 'notification' ? [one.notification] : []));
    const receivers = { receptions: new Map([[held.sid, receptions]]), observers, fromBirth };
    const follower = followers.get(key) ?? new Follower(memberMachine(machine, receivers), sender.hints, options);
    followers.set(key, follower);
    return follower;
  };
  const contradicts = async (some: Logs): Promise<boolean | null> => {
    const log = some.get(sender.sid) ?? [];
    const { spans } = await overviewOf([asEnsembleLog({ ...sender, log })]);
    const before = (some.get(held.sid) ?? []).filter(isOfSender);
    const follower = followerOf(before, spans.get(sender.sid)?.fromBirth === true);
    const end = await follower.follow(log, { until: (state) => hasSent(state, held.sid, before.length - 1) });
    return end.kind === 'tooMany' ? null : end.kind === 'explained';
  };
  const parts = [{ ...held, log: [...received, diverging] }, sender];
  return smallest({ logs: parts, always: new Set([diverging]), contradicts }, options);
}

interface Item {
  readonly log: Excerptible;
  readonly part: Part;
  /** From what is never let go, in lines. */
  readonly distance: number;
}

async function smallest({ logs, always, contradicts }: Question, options: ExcerptOptions): Promise<Excerpt | null> {
  const excerptible = logs.map(({ sid, log }) => new Excerptible(sid, log));
  const isKept = (log: Excerptible, part: Part): boolean =>
    part.some((index) => always.has(log.log[index] as Observation));
  const items = excerptible.flatMap((log) => itemsOf(log, always));
  const base = excerptible.flatMap((log) =>
    log.parts.filter((part) => isKept(log, part)).map((part) => ({ log, part })),
  );
  const keptBy = (chosen: readonly Pick<Item, 'log' | 'part'>[], log: Excerptible): ReadonlySet<number> =>
    new Set([...base, ...chosen].filter((one) => one.log === log).flatMap(({ part }) => part));
  const ask = async (chosen: readonly Item[]): Promise<boolean | null> =>
    contradicts(new Map(excerptible.map((log) => [log.sid, log.only(keptBy(chosen, log))])));
  if ((await ask(items)) !== true) return null;
  const found = await minimalContradiction(items, ask, options);
  const isLast = (log: Excerptible): boolean => log.log.some((one) => always.has(one));
  const lines = [...excerptible.filter((log) => !isLast(log)), ...excerptible.filter(isLast)].flatMap((log) => {
    const kept = keptBy(found.items, log);
    return log.log.filter((_, index) => kept.has(index)).map((observation) => quote(log.sid, observation));
  });
  const all = excerptible.reduce((sum, { log }) => sum + log.length, 0);
  return { lines, leftOut: all - lines.length, isMinimal: found.isMinimal };
}

/** Nearest first: where there is a choice, what stands near is kept. */
function itemsOf(log: Excerptible, always: ReadonlySet<Observation>): readonly Item[] {
  const anchor = log.log.findIndex((one) => always.has(one));
  return log.parts
    .filter((part) => !part.some((index) => always.has(log.log[index] as Observation)))
    .map((part) => ({ log, part, distance: Math.abs((part[0] ?? 0) - (anchor < 0 ? 0 : anchor)) }))
    .sort((a, b) => a.distance - b.distance);
}
