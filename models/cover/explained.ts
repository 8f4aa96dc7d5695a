/**
 * What a log touches. A log is explained by many executions; all of those that survive to its end are followed, as the judge
 * follows them. Certain is what every one of them touches; possible, what at least one does.
 */
import type { Notification } from '../../types/vote.js';
import type { Ahead, EnsembleMachine, Hints } from '../../traces/machine.js';
import type { Observation } from '../../traces/observation.js';
import type { ServerHypothesis } from '../log-machine.js';
import type { LocalView, Place } from './local-view.js';
import type { Touched } from './touched.js';

/** An execution that explains the log so far, up to what does not matter any more. */
interface Node {
  readonly state: ServerHypothesis;
  readonly place: Place;
  /** Items that all, and that some, of the executions that lead here have touched. */
  must: bigint;
  may: bigint;
}

export interface Looks {
  readonly before: Ahead;
  readonly after: Ahead;
}

/** Judges give up here, too. */
const NODES_MAX = 20_000;

export interface Found {
  readonly certain: readonly string[];
  readonly possible: readonly string[];
}

export class Explained {
  readonly #machine: EnsembleMachine<ServerHypothesis>;
  readonly #view: LocalView;
  readonly #outside: Touched;
  readonly #items: string[] = [];
  readonly #bits = new Map<string, bigint>();
  #nodes: Map<string, Node>;
  /** What ended it; null: the log is explained so far. */
  ended: string | null = null;

  /** `outside`: where lines are noted after which no execution is in a state of the model. */
  constructor(
    machine: EnsembleMachine<ServerHypothesis>,
    hints: Hints,
    { view, outside }: { readonly view: LocalView; readonly outside: Touched },
  ) {
    this.#machine = machine;
    this.#view = view;
    this.#outside = outside;
    this.#nodes = new Map();
    for (const state of machine.start(hints))
      this.#enter(this.#nodes, { state, place: view.begin(state), must: 0n, may: 0n });
    outside.runs += 1;
  }

  /** `telling`: no step prints the line, so that nothing has to happen before it. */
  line(observation: Observation, looks: Looks, telling: boolean): void {
    if (this.ended !== null) return;
    // Whatever the process before did without a line it did before this one began.
    const isEnd = observation.said.what === 'processStarted';
    const closed = telling && !isEnd ? this.#nodes : this.#closed(looks.before);
    if (closed.size > NODES_MAX) return void (this.ended = 'too many executions explain it');
    const next = new Map<string, Node>();
    for (const { state, place, must, may } of closed.values()) {
      const outcome = this.#machine.observe(state, observation, looks.after);
      if (!outcome.ok) continue;
      for (const to of outcome.next) {
        if (this.#machine.hopeless?.(to, looks.after) === true) continue;
        const heard = observation.said.what === 'notification' ? observation.said.notification : null;
        this.#enter(
          next,
          this.#moved({ state, place, must, may }, to, heard === null ? null : { label: 'Receive', heard }),
        );
      }
    }
    if (next.size === 0) return void (this.ended = 'no execution explains it');
    this.#nodes = next;
    this.#outside.steps += 1;
    const whys = [...next.values()].map(({ place }) => place.why);
    const [why] = whys;
    if (why !== undefined && why !== null && !whys.includes(null)) this.#outside.addOutside(why);
  }

  /** At the end of the log: what no line tells any more may have happened, or not. Precondition: it is not ended. */
  found(ahead: Ahead): Found {
    const nodes = [...this.#nodes.values()];
    const may = [...this.#closed(ahead).values()].reduce((all, node) => all | node.may, 0n);
    const must = nodes.reduce((all, node) => all & node.must, (1n << BigInt(this.#items.length)) - 1n);
    return { certain: this.#named(must), possible: this.#named(may) };
  }

  #named(set: bigint): readonly string[] {
    return this.#items.filter((_, index) => ((set >> BigInt(index)) & 1n) === 1n);
  }

  /** Everything that can happen without a line. */
  #closed(ahead: Ahead): Map<string, Node> {
    const all = new Map(this.#nodes);
    const queue = [...all.values()];
    for (let at = 0; at < queue.length && all.size <= NODES_MAX; at += 1) {
      const node = queue[at] as Node;
      for (const { label, next } of this.#machine.hidden(node.state, ahead)) {
        if (this.#machine.hopeless?.(next, ahead) === true) continue;
        const changed = this.#enter(all, this.#moved(node, next, { label, heard: null }));
        if (changed !== null) queue.push(changed);
      }
    }
    return all;
  }

  #moved(
    { state, place, must, may }: Node,
    to: ServerHypothesis,
    step: { readonly label: string; readonly heard: Notification | null } | null,
  ): Node {
    const {
      place: next,
      touched,
      unsure = false,
    } = step === null ? this.#view.told(place, state, to) : this.#view.stepped(place, state, { ...step, to });
    const bits = touched.reduce((all, item) => all | this.#bit(item), 0n);
    return { state: to, place: next, must: unsure ? must : must | bits, may: may | bits };
  }

  #bit(item: string): bigint {
    const known = this.#bits.get(item);
    if (known !== undefined) return known;
    const bit = 1n << BigInt(this.#items.push(item) - 1);
    this.#bits.set(item, bit);
    return bit;
  }

  /** The node, if anything about it is new. */
  #enter(nodes: Map<string, Node>, node: Node): Node | null {
    const key = `${this.#view.key(node.place)}\n${this.#machine.key(node.state)}`;
    const known = nodes.get(key);
    if (known === undefined) {
      nodes.set(key, node);
      return node;
    }
    const must = known.must & node.must;
    const may = known.may | node.may;
    if (must === known.must && may === known.may) return null;
    const joined = { ...known, must, may };
    nodes.set(key, joined);
    return joined;
  }
}
