/**
 * Two sizes of steps. `windowed`: every rule is a step of its own, so other servers see what lies between. `strict`:
 * rules that the official FastLeaderElection.tla has in one action are one step. The rules know nothing of it: a
 * strict step is a composition of windowed ones.
 */
import type { Sid } from '../types/ids.js';
import type { Action, LocalAction } from './action.js';
import { nextStates, whyNotEnabled, type Step } from './next.js';
import type { State } from './state.js';

export interface Grain {
  readonly name: 'windowed' | 'strict';
  /** null: enabled. */
  whyNot(state: State, action: Action): string | null;
  /** None if the action is not enabled. */
  next(state: State, action: Action): readonly Step[];
}

export const windowed: Grain = { name: 'windowed', whyNot: whyNotEnabled, next: nextStates };

type LocalName = LocalAction['name'];

const WORKER: readonly LocalName[] = ['TestState', 'Enqueue', 'CompareRound', 'SendReply'];

/**
 * What follows an action at once, in this order, each where it is enabled. Receive: the whole of WorkerReceiver.
 * Leave, Restart, and what throws or replaces the election object: Begin. A decision: its publication.
 */
const CONTINUED: { readonly [Name in Action['name']]?: readonly LocalName[] } = {
  Receive: WORKER,
  ConfigGossip: [...WORKER, 'Begin'],
  Restart: ['Begin'],
  Leave: ['Begin'],
  Silence: ['FinalEnd', 'Publish'],
  Handle: ['Publish', 'Begin'],
  Resend: ['Publish'],
  FinalStep: ['Begin'],
};

/** Actions that only ever follow another. */
const INNER: ReadonlySet<Action['name']> = new Set(Object.values(CONTINUED).flat());

export const strict: Grain = {
  name: 'strict',
  whyNot(state, action) {
    return INNER.has(action.name) ? `${action.name} is part of another step` : whyNotEnabled(state, action);
  },
  next(state, action) {
    if (INNER.has(action.name)) return [];
    const first = nextStates(state, action);
    const continuations = CONTINUED[action.name];
    if (continuations === undefined || !('s' in action)) return first;
    return continuations.reduce<readonly Step[]>(
      (steps, name) => steps.flatMap((step) => continuedWith(step, { name, s: action.s })),
      first,
    );
  },
};

/** The step and then `action`; the step alone where that is not enabled. */
function continuedWith(step: Step, action: { readonly name: LocalName; readonly s: Sid }): readonly Step[] {
  if (whyNotEnabled(step.state, action) !== null) return [step];
  return nextStates(step.state, action).map((later) => ({
    state: later.state,
    cases: [...step.cases, ...later.cases],
    sends: [...step.sends, ...later.sends],
  }));
}

export const GRAINS = { windowed, strict } as const;
