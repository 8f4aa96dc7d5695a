/**
 * fast-check commands for model-based tests. Commands name positions, not ids, and mean "the next main step of
 * server 2": whatever is left out while shrinking, the rest still makes sense.
 */
import fc from 'fast-check';
import { type Action, EXTENTS } from '../../spec/action.js';
import { enabledLocal } from '../../spec/enabled-actions.js';
import { whyNotEnabled } from '../../spec/next.js';
import type { State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import type { Conformance } from '../conformance/conformance.js';
import { printAction } from './action-text.js';

/** What the commands know: the specification's state, moved on by the real step's outcome. */
export interface Model {
  state: State;
}

export type ElectionCommand = fc.Command<Model, Conformance>;

/** Finds the action that a command means in a state; null if there is none. */
type Meaning = (state: State, sids: readonly Sid[]) => Action | null;

class StepCommand implements ElectionCommand {
  readonly #words: string;
  readonly #meaning: Meaning;
  #done: Action | null = null;

  constructor(words: string, meaning: Meaning) {
    this.#words = words;
    this.#meaning = meaning;
  }

  check({ state }: Readonly<Model>): boolean {
    const action = this.#action(state);
    return action !== null && whyNotEnabled(state, action) === null;
  }

  run(model: Model, real: Conformance): void {
    const action = this.#action(model.state);
    if (action === null) throw new Error('internal error: the command was checked');
    this.#done = action;
    model.state = real.step(action).state;
  }

  toString(): string {
    return this.#done === null ? this.#words : printAction(this.#done);
  }

  #action(state: State): Action | null {
    return this.#meaning(state, [...state.servers.keys()]);
  }
}

function at(sids: readonly Sid[], place: number): Sid | null {
  return sids[place % sids.length] ?? null;
}

const place = fc.nat({ max: 8 });
const two = fc.tuple(place, place);

const WAITS = new Set(['Resend', 'Silence', 'Leave']);
const WORKER = new Set(['TestState', 'Enqueue', 'CompareRound', 'SendReply']);

/** The step that the server's thread takes next, by kind. */
function local(state: State, sid: Sid | null, want: (name: string) => boolean): Action | null {
  const server = sid === null ? undefined : state.servers.get(sid);
  if (server === undefined || server.life === null) return null;
  return enabledLocal(server).find(({ name }) => want(name)) ?? null;
}

const mainStep = place.map(
  (s) =>
    new StepCommand(`next main step of #${s}`, (state, sids) =>
      local(state, at(sids, s), (name) => !WORKER.has(name) && !WAITS.has(name)),
    ),
);

const workerStep = place.map(
  (s) =>
    new StepCommand(`next worker step of #${s}`, (state, sids) =>
      local(state, at(sids, s), (name) => WORKER.has(name)),
    ),
);

const wait = fc.tuple(place, fc.boolean()).map(
  ([s, delivered]) =>
    new StepCommand(`a wait of #${s} runs out`, (state, sids) => {
      const action = local(state, at(sids, s), (name) => name === 'Resend' || name === 'Silence');
      return action?.name === 'Resend' ? { ...action, delivered } : action;
    }),
);

const leave = place.map(
  (s) => new StepCommand(`Leave #${s}`, (state, sids) => local(state, at(sids, s), (name) => name === 'Leave')),
);

const receive = two.map(
  ([from, s]) =>
    new StepCommand(`Receive #${from}->#${s}`, (state, sids) => {
      const sender = at(sids, from);
      const receiver = at(sids, s);
      if (sender === null || receiver === null) return null;
      const taken: Action = { name: 'Receive', from: sender, s: receiver };
      return whyNotEnabled(state, taken) === null ? taken : { name: 'ConfigGossip', from: sender, s: receiver };
    }),
);

function ofServer(name: 'Crash' | 'Restart' | 'CatchUp'): fc.Arbitrary<ElectionCommand> {
  return place.map(
    (s) =>
      new StepCommand(`${name} #${s}`, (_, sids) => {
        const sid = at(sids, s);
        return sid === null ? null : { name, s: sid };
      }),
  );
}

const activate = fc.tuple(place, fc.nat({ max: 255 }), fc.constantFrom(...EXTENTS)).map(
  ([s, mask, extent]) =>
    new StepCommand(`Activate #${s} ${extent}`, (_, sids) => {
      const leader = at(sids, s);
      if (leader === null) return null;
      const followers = sids.filter((sid, index) => sid !== leader && (mask >> index) % 2 === 0);
      return { name: 'Activate', leader, followers, extent };
    }),
);

const write = place.map(
  (s) =>
    new StepCommand(`Write #${s}`, (_, sids) => {
      const leader = at(sids, s);
      return leader === null ? null : { name: 'Write', leader };
    }),
);

function ofPair(name: 'Replay' | 'Lose' | 'Break'): fc.Arbitrary<ElectionCommand> {
  return fc.tuple(place, place, fc.nat({ max: 3 }), fc.nat({ max: 3 })).map(
    ([i, j, x, y]) =>
      new StepCommand(`${name} #${i}, #${j}`, (state, sids) => {
        const from = at(sids, i);
        const to = at(sids, j);
        if (from === null || to === null) return null;
        if (name === 'Replay') return { name, from, to };
        if (name === 'Lose') return { name, from, to, index: x };
        const length = (a: Sid, b: Sid): number => state.channels.get(a)?.get(b)?.queue.length ?? 0;
        return { name, a: from, b: to, keepAB: Math.min(x, length(from, to)), keepBA: Math.min(y, length(to, from)) };
      }),
  );
}

const oracle = fc.tuple(place, fc.nat({ max: 2 })).map(
  ([s, kind]) =>
    new StepCommand('the oracle', (_, sids) => {
      const leader = at(sids, s);
      if (kind === 0 || leader === null) return { name: 'OracleFlip' };
      return { name: 'CountFollowers', leader, none: kind === 1 };
    }),
);

const reconfigure = fc.tuple(place, place, fc.boolean()).map(
  ([s, d, commit]) =>
    new StepCommand(`reconfiguration at #${s}`, (state, sids) => {
      const sid = at(sids, s);
      const designated = at(sids, d);
      const version = [...state.configs.keys()].at(-1);
      if (sid === null || designated === null || version === undefined) return null;
      return commit ? { name: 'CommitConfig', s: sid, designated } : { name: 'ProposeConfig', s: sid, version };
    }),
);

/** The commands with their weights: threads mostly, waits seldom, faults now and then. */
export function electionCommands(maxCommands: number): fc.Arbitrary<Iterable<ElectionCommand>> {
  const weighted: readonly (readonly [number, fc.Arbitrary<ElectionCommand>])[] = [
    [12, mainStep],
    [14, workerStep],
    [14, receive],
    [4, wait],
    [1, leave],
    [1, ofServer('Crash')],
    [3, ofServer('Restart')],
    [2, activate],
    [1, ofServer('CatchUp')],
    [1, write],
    [1, ofPair('Replay')],
    [1, ofPair('Lose')],
    [1, ofPair('Break')],
    [1, oracle],
    [1, reconfigure],
  ];
  const pool = weighted.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary));
  return fc.commands(pool, { maxCommands, size: 'max' });
}
