/**
 * What the machines of the thread grain share: a process is followed from its start, where every map of
 * QuorumCnxManager is empty, to its end; behind a hole nothing is known until the next start.
 */
import type { ConnectionLine, ConnectionMessage } from '../../types/connection-line.js';
import type { Hints, HiddenStep, Machine, Outcome, Refusal } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';

/** One aspect of one process, from its start. States are immutable; equal keys mean equal states. */
export interface Aspect<T> {
  readonly name: string;
  begin(hints: Hints): T;
  hidden(state: T): readonly HiddenStep<T>[];
  observe(state: T, said: ObservedLine): Outcome<T>;
  key(state: T): string;
  describe(state: T): string;
  /** What no process prints, whatever happened before; null: nothing speaks against the line. */
  never(line: ConnectionLine, hints: Hints): Refusal | null;
}

/** fresh: started, and no line of a connection yet. quiet: the manager does not print DEBUG. */
export type Life<T> =
  | { readonly at: 'unknown' | 'quiet'; readonly hints: Hints }
  | { readonly at: 'fresh' | 'known'; readonly hints: Hints; readonly state: T };

/** Printed at INFO or above. In a process that prints DEBUG, another line of a connection comes before any of these. */
const SHOWN_WITHOUT_DEBUG: ReadonlySet<ConnectionMessage['what']> = new Set([
  'accepting',
  'requestReceived',
  'listeningFailed',
  'requestFailed',
  'observerNumbered',
  'ownIdCalled',
  'peerInvalid',
  'submitFailed',
  'cannotOpen',
  'dialingFailed',
  'dropping',
  'workerBroken',
  'replayFailed',
  'senderInterrupted',
  'senderFailed',
  'senderLeft',
  'connectionBroken',
  'interruptingSender',
] as const);

/** Lines behind which the maps are not known: bytes are missing, or the manager is replaced. */
const HOLES: ReadonlySet<string> = new Set(['seam', 'unreadable', 'electionRestarted', 'reconfigured']);

export function lifeMachine<T>(aspect: Aspect<T>): Machine<Life<T>> {
  return {
    name: aspect.name,
    resumesAt: 'start of the process',
    start: (hints) => [{ at: 'unknown', hints }],
    hidden: (life) => {
      if (life.at !== 'known' && life.at !== 'fresh') return [];
      return aspect.hidden(life.state).map(({ label, next }) => ({ label, next: { ...life, state: next } }));
    },
    observe: (life, { said }) => observe(aspect, life, said),
    key: (life) => (life.at === 'known' || life.at === 'fresh' ? `${life.at} ${aspect.key(life.state)}` : life.at),
    describe: (life) =>
      life.at === 'known' || life.at === 'fresh' ? aspect.describe(life.state) : 'a process whose start was not seen',
    judging: ({ at }) => at === 'known',
    uncertain: () => false,
    decision: () => null,
  };
}

function observe<T>(aspect: Aspect<T>, life: Life<T>, said: ObservedLine): Outcome<Life<T>> {
  const { hints } = life;
  if (said.what === 'processStarted') {
    return { ok: true, next: [{ at: 'fresh', hints, state: aspect.begin(hints) }] };
  }
  if (HOLES.has(said.what)) return { ok: true, next: [{ at: 'unknown', hints }] };
  if (said.what === 'connection') {
    const refusal = aspect.never(said, hints);
    if (refusal !== null) return { ok: false, refusal };
    if (said.message.what === 'managerHalting') return { ok: true, next: [{ at: 'unknown', hints }] };
    if (life.at === 'fresh' && SHOWN_WITHOUT_DEBUG.has(said.message.what)) {
      return { ok: true, next: [{ at: 'quiet', hints }] };
    }
  }
  if (life.at !== 'known' && life.at !== 'fresh') return { ok: true, next: [life] };
  const at = said.what === 'connection' ? 'known' : life.at;
  const outcome = aspect.observe(life.state, said);
  if (outcome.ok) return { ok: true, next: outcome.next.map((state) => ({ at, hints, state })) };
  return outcome;
}
