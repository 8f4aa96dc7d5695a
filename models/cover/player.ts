/** Plays steps of a model with real peers: an action, what follows it at once, what is overwritten in a channel. */
import type { Action } from '../../spec/action.js';
import type { InitialSituation } from '../../spec/init.js';
import type { Step } from '../../spec/next.js';
import { actorOf } from '../../spec/properties/terms.js';
import { channelOf, serverOf } from '../../spec/world.js';
import { asPeerEpoch, asZxid } from '../../types/ids.js';
import { Conformance } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';
import { continuedIn } from '../election/courses.js';
import { parseAction } from '../fuzz/action-text.js';
import { Follower } from './follower.js';
import type { Rest } from './rest.js';
import type { Space } from './space.js';
import type { Touched } from './touched.js';

/** The ensemble of the model: empty disks, all servers down. */
export function situationOf({ config, bounds }: Space): InitialSituation {
  const disk = { zxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
  return {
    servers: config.members.map(({ sid }) => ({ sid, ...disk })),
    config,
    laterConfigs: [],
    oracle: false,
    ...(bounds.release === null ? {} : { release: bounds.release }),
  };
}

export interface PlayerOptions {
  readonly space: Space;
  readonly rest: Rest;
  readonly touched: Touched;
  readonly subject: Subject;
}

export class Player {
  readonly run: Conformance;
  readonly follower: Follower;
  /** Every action that was taken. */
  readonly actions: Action[] = [];
  readonly #space: Space;
  readonly #rest: Rest;
  readonly #continued: ReturnType<typeof continuedIn>;

  constructor({ space, rest, touched, subject }: PlayerOptions) {
    this.#space = space;
    this.#rest = rest;
    this.#continued = continuedIn(space.bounds);
    this.run = new Conformance(subject, situationOf(space));
    this.follower = new Follower(space, rest, touched);
  }

  /** All servers begin their first election: where models with a cold start begin. */
  begin(): void {
    for (const { sid: s } of this.#space.config.members) {
      this.#take({ name: 'Restart', s });
      this.#take({ name: 'Begin', s });
    }
    if (this.follower.at < 0) throw new Error('internal error: the walk does not begin where the model begins');
  }

  /** One step of the model. Throws `ConformanceError`, and where it leads out of the space. */
  play(action: Action): void {
    this.#take(action);
    const actor = actorOf(action);
    for (const name of actor === null ? [] : (this.#continued[action.name] ?? [])) {
      const next: Action = { name, s: actor as NonNullable<typeof actor> };
      if (this.run.whyNot(next) === null) this.#take(next);
    }
    for (let full = this.#rest.overfull(this.run.state); full !== null; full = this.#rest.overfull(this.run.state)) {
      if (full.from === full.to) throw new Error('internal error: more own copies than the model holds');
      this.#take({ name: 'Lose', ...full, index: this.#rest.room(false) - 1 });
    }
  }

  /** A step by what a label of the model calls it; silent steps that it presumes are made first. */
  playHead(head: string): void {
    const action = parseAction(head);
    if (!action.ok) throw new Error(`internal error: ${action.error}`);
    const { value } = action;
    const actor = actorOf(value);
    if (actor !== null) this.#beSilent(actor);
    if (value.name !== 'Lose' || this.run.whyNot(value) === null) return this.play(value);
    // The newest message goes with its connection.
    const { from, to, index } = value;
    const back = channelOf(this.run.state, to, from).queue.length;
    this.play({ name: 'Break', a: from, b: to, keepAB: index, keepBA: back });
  }

  #beSilent(s: NonNullable<ReturnType<typeof actorOf>>): void {
    for (let deed = this.#rest.silent(serverOf(this.run.state, s)); deed !== null;) {
      this.#take(deed);
      deed = this.#rest.silent(serverOf(this.run.state, s));
    }
  }

  #take(action: Action): Step {
    const before = this.run.state;
    this.actions.push(action);
    const step = this.run.step(action);
    this.follower.see(before, action, step);
    return step;
  }
}
