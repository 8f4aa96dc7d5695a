/**
 * What WorkerReceiver.run may answer without a line: a LOOKING server whose round is behind, while this server is
 * LOOKING; and whoever does not vote. Also whether logger FastLeaderElection tells at all what is sent.
 */
import type { Round, Sid } from '../../types/ids.js';
import type { Hints } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';

export interface Answers {
  readonly me: Sid;
  /** The notification told last, if it asks. `looking`: this server was, then or since. */
  readonly heard: { readonly from: Sid; readonly round: Round; readonly looking: boolean } | null;
  /** What the clock may have come to by new elections, and the highest round that it may have taken over. */
  readonly raised: bigint;
  readonly received: bigint;
  /** The state told last is one that an election led to. */
  readonly decided: boolean;
  /** A configuration other than the first was named: who votes is not known. */
  readonly reconfigured: boolean;
  /** Does FastLeaderElection print DEBUG? Undecided until its first line in this process. */
  readonly told: boolean | null;
}

export function noAnswers({ sid }: Hints): Answers {
  return { me: sid, heard: null, raised: 1n, received: 0n, decided: false, reconfigured: false, told: null };
}

/** Printed at DEBUG before any line of a higher level of the same logger. */
const FIRST_AT_DEBUG: ReadonlySet<string> = new Set(['updatingProposal', 'receiving', 'sending', 'compared']);
const FIRST_AT_INFO: ReadonlySet<string> = new Set(['newElection', 'notification', 'timedOut']);

/** No clock of this server can be above this: it takes over a round, or begins the next one. */
const clockMax = ({ raised, received }: Answers): bigint => (raised > received ? raised : received);

/** The server that may be answered now without a line; null: nobody. */
export function askerInSilence(answers: Answers): Sid | null {
  const { heard } = answers;
  return heard !== null && heard.looking && heard.round < clockMax(answers) ? heard.from : null;
}

/** Whoever does not vote is answered without a line, and without a line of what it sent. */
export function mayAskUnheard({ reconfigured }: Answers, hints: Hints, peer: Sid): boolean {
  const votes = hints.configs.some(({ members }) =>
    members.some(({ sid, type }) => sid === peer && type === 'PARTICIPANT'),
  );
  return reconfigured || !votes;
}

/** What a line of the election changes. */
export function answersAfter(before: Answers, said: ObservedLine): Answers {
  const answers = withTold(before, said);
  switch (said.what) {
    case 'sending':
      return { ...answers, raised: said.round };
    case 'mainLoopException':
      return { ...answers, raised: clockMax(answers) + 1n };
    case 'leavingElection':
      // Only if logger QuorumPeer tells of states is it known that no new election begins before it says LOOKING.
      return answers.decided ? answers : { ...answers, raised: clockMax(answers) + 1n };
    case 'stateChanged': {
      if (said.state !== 'LOOKING') return { ...answers, decided: true };
      const heard = answers.heard === null ? null : { ...answers.heard, looking: true };
      return { ...answers, decided: false, raised: clockMax(answers) + 1n, heard };
    }
    case 'receiving':
      return { ...answers, heard: null };
    case 'answering':
      return { ...answers, heard: null, reconfigured: answers.reconfigured || said.configVersion !== 0n };
    case 'notification': {
      const { from, round, state, configVersion } = said.notification;
      const received = round > answers.received ? round : answers.received;
      const asks = state === 'LOOKING' && from !== answers.me;
      // Version 0 is that of a configuration file; any other is of one that changed, or may.
      const reconfigured = answers.reconfigured || configVersion !== 0n;
      const heard = asks ? { from, round, looking: said.myState === 'LOOKING' } : null;
      return { ...answers, received, reconfigured, heard };
    }
    default:
      return answers;
  }
}

function withTold(answers: Answers, { what }: ObservedLine): Answers {
  if (answers.told !== null) return answers;
  if (FIRST_AT_DEBUG.has(what)) return { ...answers, told: true };
  return FIRST_AT_INFO.has(what) ? { ...answers, told: false } : answers;
}

export function answersKey({ heard, raised, received, decided, reconfigured, told }: Answers): string {
  const asking = heard === null ? '' : `${heard.from} ${heard.round} ${heard.looking}`;
  return `${asking},${raised},${received},${decided},${reconfigured},${told}`;
}
