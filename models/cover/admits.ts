/**
 * Which actions of the specification a model has, told from its bounds alone: the graph is not asked, so that a walk within
 * them that leaves the graph shows that one of the two is wrong.
 */
import type { Action } from '../../spec/action.js';
import type { Life, State } from '../../spec/state.js';
import { channelOf, serverOf } from '../../spec/world.js';
import { entriesOf, FULL, PARTIAL } from '../election/activation.js';
import { type Budget, spent } from '../election/bounds.js';
import { printAction } from '../fuzz/action-text.js';
import type { Account, Rest } from './rest.js';
import type { Space } from './space.js';

export interface Admitted {
  /** What the model calls the action; null: it changes nothing there. */
  readonly head: string | null;
  /** What it uses up of the budget. */
  readonly costs: keyof Budget | null;
}

type Answer = Admitted | { readonly why: string };

const FREE = (action: Action): Admitted => ({ head: printAction(action), costs: null });

/** Precondition: the action is enabled in the specification. `why`: the model has no such step here. */
export function admitted(
  { space, rest }: { readonly space: Space; readonly rest: Rest },
  state: State,
  action: Action,
  budget: Budget,
): Answer {
  const { bounds } = space;
  switch (action.name) {
    case 'Receive': {
      const { life } = rest.settled(serverOf(state, action.s));
      const waits = bounds.nq !== null && life !== null && life.nq.length >= bounds.nq;
      return waits ? { why: 'WorkerReceiver waits in the model while so much is unread (nq)' } : FREE(action);
    }
    case 'Resend':
      return bounds.resend === 'silence' && isSilence(rest, state, action) ? FREE(action) : noAction('Resend');
    case 'Leave': {
      const { clk } = serverOf(state, action.s).life as Life;
      if (clk + 1n > BigInt(bounds.rounds)) return { why: 'a round beyond those of the model' };
      return paid(action, budget, 'leaves');
    }
    case 'Crash':
      return paid(action, budget, 'crashes');
    case 'Restart':
      return bounds.crashes !== 0 ? FREE(action) : noAction('Restart');
    case 'Lose':
      return lost(rest, state, action, bounds.channel);
    case 'Break':
      return broken(space, state, action, budget);
    case 'Activate':
      if (PARTIAL.includes(action.extent)) return paid(action, budget, 'partial');
      return FULL.includes(action.extent) ? paid(action, budget, 'full') : noAction(`Activate ${action.extent}`);
    case 'Replay':
    case 'Overflow':
    case 'Write':
    case 'CatchUp':
    case 'CountFollowers':
    case 'OracleFlip':
    case 'ConfigGossip':
    case 'ProposeConfig':
    case 'CommitConfig':
      return noAction(action.name);
    default:
      return FREE(action);
  }
}

const noAction = (name: string): Answer => ({ why: `${name} is no step of the model` });

function paid(action: Action, budget: Budget, costs: keyof Budget): Answer {
  if (budget[costs] === 0) return { why: `more ${costs} than the model has` };
  return { head: printAction(action), costs };
}

/** Nothing is unread at the server, and nothing on its way to it. */
function isSilence(rest: Rest, state: State, action: Extract<Action, { name: 'Resend' }>): boolean {
  const { life } = rest.settled(serverOf(state, action.s));
  if (action.delivered !== true || life?.pc !== 'POLL' || life.nq.length > 0) return false;
  return [...state.channels.values()].every((row) => (row.get(action.s)?.queue.length ?? 0) === 0);
}

/** Overwritten by a later one: what makes room is part of the send; where two may wait, the older may go at any time. */
function lost(rest: Rest, state: State, action: Extract<Action, { name: 'Lose' }>, channel: 'ow1' | 'f2'): Answer {
  const { length } = channelOf(state, action.from, action.to).queue;
  if (length > rest.room(false)) {
    const overwritten = action.index === rest.room(false) - 1;
    return overwritten ? { head: null, costs: null } : noAction('Lose of another message than the one overwritten');
  }
  return channel === 'f2' ? FREE(action) : noAction('Lose');
}

/** A connection that takes one message with it is a loss; the model has no other breaks. */
function broken(space: Space, state: State, action: Extract<Action, { name: 'Break' }>, budget: Budget): Answer {
  const { a, b, keepAB, keepBA } = action;
  const gone = [
    { from: a, to: b, index: keepAB, many: channelOf(state, a, b).queue.length - keepAB },
    { from: b, to: a, index: keepBA, many: channelOf(state, b, a).queue.length - keepBA },
  ].filter(({ many }) => many > 0);
  const [one, ...more] = gone;
  if (one === undefined) return { head: null, costs: null };
  if (more.length > 0 || one.many > 1) return noAction('Break that loses several messages');
  const { from, to, index } = one;
  const head = printAction({ name: 'Lose', from, to, index });
  const isDown = serverOf(state, from).life === null;
  if (isDown && space.bounds.crashes !== 0) return { head, costs: null };
  return budget.losses === 0 ? { why: 'more losses than the model has' } : { head, costs: 'losses' };
}

/** The account after an admitted action. */
export function accounted(
  { budget, epochs }: Account,
  costs: keyof Budget | null,
  { before, action, after }: { readonly before: State; readonly action: Action; readonly after: State },
): Account {
  const left = costs === null ? budget : spent(budget, costs);
  if (left === null) throw new Error(`internal error: ${costs} were used up before`);
  if (action.name !== 'Activate') return { budget: left, epochs };
  const leader = action.leader;
  const entries = entriesOf(serverOf(before, leader), serverOf(after, leader), action.extent);
  return { budget: left, epochs: [...epochs, ...entries] };
}
