/** Reasons for a divergence, within bounds: its excerpt and its nearest legal story. */
import type { Notification } from '../../types/vote.js';
import { judgeEnsemble } from '../ensemble/judge.js';
import type { EnsembleDivergence } from '../ensemble/verdict.js';
import type { EnsembleMachine, Remedies } from '../machine.js';
import type { Observation, ReadLine, SourcePosition } from '../observation.js';
import type { Limits } from '../hypothesis-sets.js';
import { changesOfAssumptions } from './assumptions.js';
import type { Change } from './change.js';
import { changesOfLogs } from './changes-of-ensemble.js';
import { changesOfLog } from './changes-of-server.js';
import { type Common, excerptOfEnsemble, excerptOfServer } from './excerpt.js';
import { sameLine } from './fields.js';
import { Follower } from './follow.js';
import { asEnsembleLog, type HeldLog } from './held.js';
import type { Patience } from './pause.js';
import type { Excerpt, Reasons, Story } from './reasons.js';
import { type Reach, reachOf } from './story.js';

/** A line that more hypotheses contradict is not explained further. */
const LIMITS: Limits = { hypothesesMax: 4000, charactersMax: 1_000_000 };
const QUESTIONS_MAX = 160;
const CHANGES_MAX = 200;
/** So many changes that explain a log alone are tried with the others; fewer if all logs together have more than so many lines. */
const TOGETHER_MAX = 16;
const LINES_TOGETHER_MAX = 60_000;

/** Why the log of one server diverges at this line. Throws what `pause` throws. */
export async function reasonsOfServer<S>(
  machine: EnsembleMachine<S>,
  held: HeldLog,
  { line, options }: { readonly line: SourcePosition; readonly options: Patience },
): Promise<Reasons> {
  const found = await contradictionIn(machine, held, { line, options });
  if (found === null) return { excerpt: null, story: null, bounds: [TOO_FAR] };
  const { excerpt } = found;
  const search = await reachOf(
    machine,
    { ...found, held, changes: changesOf(held, found) },
    { ...bounds(options), enough: 1 },
  );
  const [best] = search.reached;
  return {
    excerpt,
    story: best === undefined ? null : storyOf(best, best.stopsAt?.at ?? null, 'this log'),
    bounds: boundsMet(excerpt, search.isCut),
  };
}

/** Why logs contradict each other. Throws what `pause` throws. */
export async function reasonsOfEnsemble<S>(
  machine: EnsembleMachine<S>,
  logs: readonly HeldLog[],
  {
    divergence,
    common,
    options,
  }: { readonly divergence: EnsembleDivergence; readonly common: Common; readonly options: Patience },
): Promise<Reasons> {
  const { line, kind } = divergence;
  const held = logs.find(({ sid }) => sid === line.sid);
  if (held === undefined) return { excerpt: null, story: null, bounds: [TOO_FAR] };
  const alone = kind === 'server' ? await contradictionIn(machine, held, { line: line.at, options }) : null;
  const excerpt =
    alone?.excerpt ??
    (machine.ofExcerpts === undefined
      ? null
      : await excerptOfEnsemble(machine.ofExcerpts, logs, { divergence, common, options: bounds(options) }));
  const changes = alone === null ? changesOfLogs({ divergence, logs }) : changesOf(held, alone);
  const together = await storyTogether(machine, { logs, changes, at: alone?.at ?? -1, common, options });
  return { excerpt, story: together.story, bounds: boundsMet(excerpt, together.isCut) };
}

const TOO_FAR = 'what contradicts this line lies further back than is looked';

function boundsMet(excerpt: Excerpt | null, storiesCut: boolean): readonly string[] {
  return [
    ...(excerpt === null || excerpt.isMinimal
      ? []
      : ['not every line was tried: fewer lines may contradict each other']),
    ...(storiesCut ? ['not every change was tried: a nearer story may exist'] : []),
  ];
}

const bounds = ({ pause, isOver }: Patience) => ({
  limits: LIMITS,
  questionsMax: QUESTIONS_MAX,
  changesMax: CHANGES_MAX,
  pause,
  isOver,
});

interface Alone {
  /** Index of the line that nothing explains. */
  readonly at: number;
  readonly excerpt: Excerpt | null;
  readonly remedies: Remedies;
}

/** Null: the lines that are held do not contradict there. */
async function contradictionIn<S>(
  machine: EnsembleMachine<S>,
  held: HeldLog,
  { line, options }: { readonly line: SourcePosition; readonly options: Patience },
): Promise<Alone | null> {
  const end = await new Follower(machine, held.hints, bounds(options)).follow(held.log);
  if (end.kind !== 'refused' || end.observation.at.line !== line.line || end.observation.at.file !== line.file)
    return null;
  const { observation, states } = end;
  const excerpt =
    machine.ofExcerpts === undefined
      ? null
      : await excerptOfServer(machine.ofExcerpts, held, { diverging: observation, options: bounds(options) });
  const remedies = states.map((state) => machine.remedies?.(state, observation) ?? { instead: [], heard: [] });
  return { at: held.log.indexOf(observation), excerpt, remedies: allOf(remedies) };
}

/** Each once. */
function allOf(remedies: readonly Remedies[]): Remedies {
  const instead: ReadLine[] = [];
  const heard: Notification[] = [];
  const asLine = (notification: Notification): ReadLine => ({ what: 'notification', myState: 'LOOKING', notification });
  for (const one of remedies) {
    for (const said of one.instead) if (!instead.some((other) => sameLine(other, said))) instead.push(said);
    for (const n of one.heard) if (!heard.some((other) => sameLine(asLine(other), asLine(n)))) heard.push(n);
  }
  return { instead, heard };
}

function changesOf(held: HeldLog, { at, excerpt, remedies }: Alone): readonly Change[] {
  const isIn = ({ at: place }: Observation): boolean =>
    excerpt?.lines.some((line) => line.at.line === place.line && line.at.file === place.file) === true;
  const others = [...held.log.keys()].filter((index) => index !== at && isIn(held.log[index] as Observation));
  return [...changesOfLog({ held, at, excerpt: others, remedies }), ...changesOfAssumptions(held, at)];
}

interface Together {
  readonly logs: readonly HeldLog[];
  readonly changes: readonly Change[];
  /** Index of the line that one server's log does not explain by itself; −1: each does. */
  readonly at: number;
  readonly common: Common;
  readonly options: Patience;
}

/** A change explains the log that it changes, and then all logs together. */
async function storyTogether<S>(
  machine: EnsembleMachine<S>,
  { logs, changes, at, common, options }: Together,
): Promise<{ readonly story: Story | null; readonly isCut: boolean }> {
  const reached: Reach[] = [];
  let isCut = false;
  for (const held of logs) {
    const ofLog = changes.filter(({ sid }) => sid === held.sid);
    if (ofLog.length === 0) continue;
    const search = await reachOf(machine, { held, at, changes: ofLog }, { ...bounds(options), enough: TOGETHER_MAX });
    reached.push(...search.reached);
    isCut ||= search.isCut;
  }
  const whole = reached.filter(({ stopsAt }) => stopsAt === null).sort((a, b) => a.change.cost - b.change.cost);
  let partly: Story | null = null;
  const lines = logs.reduce((sum, { log }) => sum + log.length, 0);
  const triesMax = Math.min(TOGETHER_MAX, Math.ceil(LINES_TOGETHER_MAX / lines));
  for (const reach of whole.slice(0, triesMax)) {
    await options.pause();
    if (options.isOver()) break;
    const stop = await stopsTogether(machine, { logs, common, reach });
    if (stop === null) return { story: storyOf(reach, null, 'all logs'), isCut };
    if (stop !== 'here') partly ??= storyOf(reach, stop, 'all logs');
  }
  const [first] = reached;
  const besides = first === undefined || at < 0 ? null : storyOf(first, first.stopsAt?.at ?? null, 'this log');
  return { story: partly ?? besides, isCut: isCut || whole.length > triesMax || options.isOver() };
}

/** Where the changed logs still contradict each other: null, nowhere; `here`: where the change is, or it cannot be told. */
async function stopsTogether<S>(
  machine: EnsembleMachine<S>,
  { logs, common, reach }: { readonly logs: readonly HeldLog[]; readonly common: Common; readonly reach: Reach },
): Promise<SourcePosition | 'here' | null> {
  const { change, placed } = reach;
  const judged = logs.map((held) => {
    const ofAll = change.kind === 'voters' ? change.hints : {};
    const changed = { ...held, hints: { ...held.hints, ...ofAll } };
    if (held.sid !== change.sid) return asEnsembleLog(changed);
    const log = placed.map(({ observation }) => observation);
    return asEnsembleLog({ ...changed, hints: { ...held.hints, ...change.hints }, log });
  });
  const verdict = await judgeEnsemble(machine, judged, { ...common, gaps: false, limits: LIMITS });
  if (verdict.kind === 'accepted') return null;
  const stop = verdict.divergence?.line ?? null;
  const isChanged = placed.some(
    ({ observation, isChanged: changed }) =>
      changed && observation.at.line === stop?.at.line && observation.at.file === stop.at.file,
  );
  return stop === null || isChanged ? 'here' : stop.at;
}

function storyOf({ change, placed }: Reach, next: SourcePosition | null, whole: 'this log' | 'all logs'): Story {
  const rest = whole === 'all logs' ? 'then all logs are explained' : 'then all of this log is explained';
  const then = next === null ? rest : `but then ${next.file}:${next.line} is not explained`;
  const log = placed.map(({ observation }) => observation);
  const sentence = `would be legal if ${change.words}; ${then}`;
  return { sentence, kind: change.kind, sid: change.sid, log, explainsAll: next === null, next };
}
