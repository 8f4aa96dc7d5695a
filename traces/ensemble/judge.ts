/** Judges the logs of several servers together: one verdict for the ensemble. */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Limits } from '../hypothesis-sets.js';
import { DEFAULT_LIMITS } from '../judge.js';
import type { EnsembleMachine } from '../machine.js';
import type { Observation } from '../observation.js';
import { circle, type Inquiry, neverSent, refusedTogether, unsent, type Waiting, waitingOf } from './contradiction.js';
import { outOfSight } from './sight.js';
import { Elections } from './elections.js';
import { type Followed, makeInquiry } from './inquiry.js';
import { type DeadEnd, JointJudge, type JointEnd } from './joint.js';
import { type EnsembleLog, overviewOf, type Received } from './log.js';
import { memberMachine } from './member.js';
import { establishedWithoutLeading, strangeSupporter, twoLeadersOfOneEpoch } from './rules.js';
import { timelineOf, turnsOf } from './timeline.js';
import { Track } from './track.js';
import type { EnsembleDivergence, EnsembleVerdict, QuotedLine } from './verdict.js';

export interface EnsembleOptions {
  readonly observers: ReadonlySet<Sid>;
  /** Voters of the configuration, if it is known. */
  readonly voters: readonly Sid[];
  /** Lines may be missing: what diverges is only inconclusive. */
  readonly gaps: boolean;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/** Precondition: at least two logs, of different servers. */
export async function judgeEnsemble<S>(
  machine: EnsembleMachine<S>,
  logs: readonly EnsembleLog[],
  options: EnsembleOptions,
): Promise<EnsembleVerdict> {
  const { limits = DEFAULT_LIMITS, signal } = options;
  const { received, spans } = await overviewOf(logs);
  const follow = { machine, received, observers: options.observers, spans, limits };
  const inquiry = makeInquiry(logs, follow);
  const proven: { alone: Proven | null } = { alone: null };
  const run = async (foresight: boolean): Promise<Run<S>> => {
    const tracks = logs.map((log) => trackOf(log, logs, { ...follow, foresight }));
    const judge = new JointJudge(tracks, {
      ...(signal === undefined ? {} : { signal }),
      isProven: async (end) => !foresight && (proven.alone = await provenAlone(end, inquiry)) !== null,
    });
    const end = await judge.run();
    await Promise.all(tracks.map(async (track) => track.close()));
    return { judge, end };
  };
  const single = logs.find(({ verdict }) => verdict.divergence !== null);
  // Whether the logs can be explained foresight tells sooner; where and why they cannot, only all hypotheses.
  const foreseen = single === undefined ? await run(true) : null;
  const { judge, end } = foreseen === null || foreseen.end.kind === 'deadEnd' ? await run(false) : foreseen;
  const elections = new Elections();
  for (const one of judge.told) elections.see(one);
  const told = logs.filter(({ sid }) => !elections.untold.has(sid)).map(({ sid }) => sid);
  const found =
    (single === undefined ? null : await ofOneServer(single, received, inquiry)) ??
    proven.alone?.divergence ??
    (await divergenceAt(end, inquiry)) ??
    establishedWithoutLeading(judge.told) ??
    twoLeadersOfOneEpoch(judge.told) ??
    (end.kind === 'explained'
      ? strangeSupporter(judge.told, {
          elections: elections.all,
          spans: new Map(told.map((sid) => [sid, spans.get(sid)])),
        })
      : null);
  const contested = proven.alone === null ? contestedIn(end) : [proven.alone.wait];
  const unseen = single === undefined ? outOfSight(contested, spans) : null;
  return verdictOf({ logs, options, elections, judge, end, found, unseen });
}

interface Run<S> {
  readonly judge: JointJudge<S>;
  readonly end: JointEnd<S>;
}

function trackOf<S>(
  { sid, hints, observations }: EnsembleLog,
  logs: readonly EnsembleLog[],
  { machine, received, observers, spans, limits, foresight }: Followed<S> & { readonly foresight: boolean },
): Track<S> {
  const receptions = new Map(
    logs
      .filter((log) => log.sid !== sid)
      .map((log) => [log.sid, (received.get(log.sid)?.get(sid) ?? []).map(notificationOf)]),
  );
  const member = memberMachine(machine, {
    receptions,
    observers: new Set([...observers].filter((one) => receptions.has(one))),
    fromBirth: spans.get(sid)?.fromBirth === true,
  });
  return new Track(member, hints, { source: observations(), limits, foresight });
}

const notificationOf = ({ said }: Observation): Notification => {
  if (said.what !== 'notification') throw new Error('internal error: not a notification');
  return said.notification;
};

interface Proven {
  readonly wait: Waiting;
  readonly divergence: EnsembleDivergence;
}

/** A message that its sender's log, alone, shows was never sent: then no other order of events helps. */
async function provenAlone<S>(end: DeadEnd<S>, inquiry: Inquiry): Promise<Proven | null> {
  if (end.kind === 'refused') return null;
  for (const one of end.waits) {
    const wait = waitingOf(one);
    const divergence = await unsent(wait, inquiry);
    if (divergence !== null) return { wait, divergence };
  }
  return null;
}

/** The messages that a dead end is about. */
function contestedIn<S>(end: JointEnd<S>): readonly Waiting[] {
  if (end.kind !== 'deadEnd') return [];
  if (end.end.kind === 'stuck') return end.end.waits.map(waitingOf);
  return end.end.asked === null ? [] : [waitingOf(end.end.asked)];
}

async function divergenceAt<S>(end: JointEnd<S>, inquiry: Inquiry): Promise<EnsembleDivergence | null> {
  if (end.kind !== 'deadEnd') return null;
  return end.end.kind === 'refused' ? refusedTogether(end.end) : circle(end.end.waits.map(waitingOf), inquiry);
}

/** What one server's log shows by itself; and if it heard before what nobody told it, that. */
async function ofOneServer(
  { sid, verdict: { divergence } }: EnsembleLog,
  received: Received,
  inquiry: Inquiry,
): Promise<EnsembleDivergence | null> {
  if (divergence === null) return null;
  const { at, line: text, reason, method, legal } = divergence;
  const line = { sid, at, text };
  const misheard = await heardBefore(line, received, inquiry);
  if (misheard === null) {
    return { kind: 'server', line, reason: `server ${sid}: ${reason}`, rule: method, evidence: [line], legal };
  }
  return {
    ...misheard,
    reason: `${misheard.reason}; so ${at.file}:${at.line} has no explanation (${reason})`,
    evidence: [...misheard.evidence, line],
  };
}

/** So many messages before the line that nothing explains are asked after. */
const HEARD_MAX = 24;

/** Of what the server of this line heard from the others shortly before it: what was never sent; null: all of it was. */
async function heardBefore(line: QuotedLine, received: Received, inquiry: Inquiry): Promise<EnsembleDivergence | null> {
  const waits = [...(received.get(line.sid) ?? [])]
    .filter(([sender]) => sender !== line.sid)
    .flatMap(([sender, all]) =>
      all.map((observation, index): Waiting => ({
        receiver: line.sid,
        sender,
        observation,
        notification: notificationOf(observation),
        index,
      })),
    )
    .filter(({ observation: { at } }) => at.file === line.at.file && at.line <= line.at.line)
    .sort((a, b) => b.observation.at.line - a.observation.at.line);
  for (const wait of waits.slice(0, HEARD_MAX)) {
    const divergence = await neverSent(wait, inquiry);
    if (divergence !== null) return divergence;
  }
  return null;
}

interface Found<S> {
  readonly logs: readonly EnsembleLog[];
  readonly options: EnsembleOptions;
  readonly elections: Elections;
  readonly judge: JointJudge<S>;
  readonly end: JointEnd<S>;
  readonly found: EnsembleDivergence | null;
  /** A sentence: a log may not reach to where it is needed; null: they all do. */
  readonly unseen: string | null;
}

function verdictOf<S>({ logs, options, elections, judge, end, found, unseen }: Found<S>): EnsembleVerdict {
  const notes = [...elections.notes];
  const uncertain = end.kind === 'deadEnd' && end.uncertain;
  const { events, cut } = timelineOf(judge.told);
  const sids = new Set(logs.map(({ sid }) => sid));
  let kind: EnsembleVerdict['kind'] = 'accepted';
  if (found !== null) kind = options.gaps || uncertain || unseen !== null ? 'inconclusive' : 'diverged';
  else if (end.kind === 'gaveUp' || logs.some(({ verdict }) => verdict.kind !== 'accepted')) kind = 'inconclusive';
  if (end.kind === 'gaveUp') notes.push(`not all orders of events were tried: ${end.why}`);
  if (found !== null && kind === 'inconclusive') {
    const why = options.gaps ? 'lines may be missing (--gaps)' : (unseen ?? 'not all of the past is known here');
    notes.push(`${found.line.at.file}:${found.line.at.line}: not explained (${found.reason}), but ${why}`);
  }
  for (const { at, why } of judge.skipped) {
    notes.push(
      `${at.at.file}:${at.at.line}: ${why} fit the logs so far: what server ${at.sid ?? '?'} sent until its next election is not known`,
    );
  }
  return {
    kind,
    servers: logs.map(({ sid, label, verdict }) => ({ sid, label, verdict })),
    missing: options.voters.filter((sid) => !sids.has(sid)),
    elections: elections.all,
    divergence: kind === 'diverged' ? found : null,
    timeline: events,
    timelineCut: cut,
    turns: turnsOf(judge.told),
    notes,
  };
}
