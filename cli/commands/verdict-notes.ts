/** What is added to a verdict: why it is no more than it is, and what it rests on. */
import type { Sid } from '../../types/ids.js';
import { profileOfRelease } from '../../types/release.js';
import type { Verdict } from '../../traces/verdict.js';
import type { ReadStatistics } from './log-source.js';
import type { KnownConfig } from './known-config.js';

/** A divergence stays one, whatever would have followed; anything else is unknown. */
export function withInterruption(verdict: Verdict): Verdict {
  const notes = [...verdict.notes, 'interrupted: only the beginning of this log was judged'];
  return { ...verdict, kind: verdict.kind === 'diverged' ? 'diverged' : 'inconclusive', notes };
}

/** Says on whose word the lines are this server's, where the layout does not tell, and that a layout is not known. */
export function withAttribution(read: Verdict, sid: Sid | null, statistics: ReadStatistics): Verdict {
  const { ambiguous, anonymous } = statistics;
  const verdict = withStrangeness(read, statistics);
  if (statistics.settingsDiffer) {
    const note =
      'the servers in this file have different notification intervals, and the lines do not say which has which';
    return { ...verdict, kind: 'inconclusive', divergence: null, notes: [note, ...verdict.notes] };
  }
  const words = (count: number): string => `${count} election ${count === 1 ? 'line does' : 'lines do'} not say`;
  if (ambiguous > 0) {
    const note = `${words(ambiguous)} which of the servers in this file printed them: they cannot be told apart`;
    return {
      ...verdict,
      kind: verdict.kind === 'diverged' ? 'diverged' : 'inconclusive',
      notes: [note, ...verdict.notes],
    };
  }
  if (anonymous === 0) return verdict;
  const note = `${words(anonymous)} which server printed them: the file was taken for the log of server ${sid} alone`;
  return { ...verdict, notes: [...verdict.notes, note] };
}

function withStrangeness(verdict: Verdict, { strange }: ReadStatistics): Verdict {
  if (strange === 0) return verdict;
  const note =
    `${strange} election ${strange === 1 ? 'line stands' : 'lines stand'} in a layout that is not known, ` +
    'of which not every line is seen: describe it with --layout';
  return { ...verdict, notes: [...verdict.notes, note] };
}

/** Says what the file looked like when there was nothing in it to judge. */
export function withNothingRead(verdict: Verdict, statistics: ReadStatistics): Verdict {
  if (verdict.judged > 0 || verdict.unjudged > 0) return verdict;
  const why = nothingReadWords(statistics);
  return { ...verdict, kind: 'inconclusive', notes: [why] };
}

function nothingReadWords({ lines, foreign, hasNul }: ReadStatistics): string {
  if (lines === 0) return 'the log is empty';
  if (foreign > 0) return `all ${foreign} election lines that were read are of another server`;
  const binary = hasNul ? ' (it holds NUL bytes: is it a log?)' : '';
  return `${lines} ${lines === 1 ? 'line was' : 'lines were'} read, none of an election${binary}`;
}

/** Is this a release whose rules are known? None is held to be the latest. */
export const isCovered = (release: string | null): boolean => release === null || profileOfRelease(release) !== null;

/** A release of other rules: neither verdict would mean anything. */
export function withRelease(verdict: Verdict, release: string | null): Verdict {
  if (isCovered(release)) return verdict;
  const note = `ZooKeeper ${release} is not covered: this version judges 3.4.6 to 3.10 (--zookeeper-version overrides)`;
  return { ...verdict, kind: 'inconclusive', divergence: null, notes: [...verdict.notes, note] };
}

/** For people: voters and where they were found. */
export function configurationWords(config: KnownConfig | null, seen: readonly Sid[]): string {
  if (config === null) return `voters {${seen.join(', ')}} inferred from the log`;
  const voters = config.ensemble.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  const observers = config.ensemble.members.length - voters.length;
  return `voters {${voters.join(', ')}}${observers > 0 ? ` and ${observers} observing` : ''} from ${config.source}`;
}
