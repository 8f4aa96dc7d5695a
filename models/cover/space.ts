/**
 * The denominator: everything that a finite model of an election can reach. States and steps of the whole ensemble are those of
 * the graph; states and steps of one server are taken from them.
 */
import { encode } from '../../checker/encode.js';
import type { Graph } from '../../checker/live/graph.js';
import type { Label } from '../../checker/system.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Message } from '../../spec/state.js';
import type { ElectionBounds } from '../election/bounds.js';
import type { Queue } from '../election/channels.js';
import { configOf, specProfileOf } from '../election/ensemble.js';
import { layoutOf, type Layout } from '../election/layout.js';
import type { Machine } from '../election/machine.js';
import { type ServerValue, specMachine } from '../election/spec-server.js';

/** A step of one server: what it was, what it did with which message, what it became. */
export interface LocalStep {
  /** Numbers of values of the server's slot. */
  readonly before: number;
  readonly after: number;
  readonly slot: number;
  /** Number of the action with its parameters (`heads`). */
  readonly head: number;
  /** Number of the message that it receives (`messages`); −1: none. */
  readonly message: number;
  /** Of a step of the graph that shows it, the first one: its source, and its place in the graph's list. */
  readonly state: number;
  readonly edge: number;
}

/** The first action of a step, as text: a label may tell what followed, too. */
export const headOf = ({ text }: Pick<Label, 'text'>): string => text.split(', then ', 1)[0] ?? text;

/** Numbers things by their text. */
export class Numbers {
  readonly texts: string[] = [];
  readonly #known = new Map<string, number>();

  of(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

const EMPTY: readonly number[] = [];

export class Space {
  readonly graph: Graph;
  readonly bounds: ElectionBounds;
  readonly config: EnsembleConfig;
  readonly layout: Layout;
  readonly machine: Machine<ServerValue>;
  /** Actions with their parameters, as labels print them. */
  readonly heads = new Numbers();
  /** Messages, as texts of values. */
  readonly messages = new Numbers();
  /** By label of the graph: its head. */
  readonly headOfLabel: Int32Array;
  /** Numbers of values that some server has in some state, each with the first such state. */
  readonly locals = new Map<number, number>();
  readonly localSteps: LocalStep[] = [];
  /** By edge: its step of the server that acts; −1: nobody's. */
  readonly localOfEdge: Int32Array;
  /** Steps of others that the same edge changes (Activate). */
  readonly #alsoOfEdge = new Map<number, readonly number[]>();
  readonly #stepNumbers = new Map<number, Map<string, number>>();
  readonly #heads = new Map<number, number>();

  /** Precondition: the graph is complete, and of the specification within these bounds. */
  constructor(graph: Graph, bounds: ElectionBounds) {
    this.graph = graph;
    this.bounds = bounds;
    this.config = configOf(bounds);
    this.layout = layoutOf(this.config, bounds);
    this.machine = specMachine(this.config, specProfileOf(bounds));
    this.headOfLabel = Int32Array.from(graph.labels, (label) => this.heads.of(headOf(label)));
    this.localOfEdge = new Int32Array(this.edges).fill(-1);
    for (let state = 0; state < graph.states; state += 1) this.#take(state);
  }

  get states(): number {
    return this.graph.states;
  }

  /** Steps between different states. */
  get edges(): number {
    return this.graph.first[this.graph.states] ?? 0;
  }

  /** The steps of servers that an edge consists of. */
  localsOf(edge: number): readonly number[] {
    const own = this.localOfEdge[edge] as number;
    const also = this.#alsoOfEdge.get(edge) ?? EMPTY;
    return own < 0 ? also : [own, ...also];
  }

  /** The number of a server's step; −1: it is none of the model. */
  localStep(slot: number, step: Pick<LocalStep, 'before' | 'after' | 'head' | 'message'>): number {
    return this.#stepNumbers.get(step.before)?.get(keyOf(slot, step)) ?? -1;
  }

  #take(state: number): void {
    const { graph, layout } = this;
    const row = graph.numbered(state);
    for (const slot of layout.servers) {
      const value = row[slot] as number;
      if (!this.locals.has(value)) this.locals.set(value, state);
    }
    const end = graph.first[state + 1] as number;
    for (let edge = graph.first[state] as number; edge < end; edge += 1) this.#takeEdge(state, edge);
  }

  #takeEdge(state: number, edge: number): void {
    const { graph, layout } = this;
    const before = graph.numbered(state);
    const after = graph.numbered(graph.targets[edge] as number);
    const label = graph.labels[graph.kinds[edge] as number] as Label;
    const acts = layout.sids.findIndex((sid) => label.actor === `server ${sid}`);
    const others: number[] = [];
    layout.servers.forEach((slot, index) => {
      if (index !== acts && before[slot] === after[slot]) return;
      const step = {
        before: before[slot] as number,
        after: after[slot] as number,
        head: this.headOfLabel[graph.kinds[edge] as number] as number,
        message: index === acts ? this.#received(label, before) : -1,
      };
      const number = this.#stepNumber(slot, { ...step, state, edge, slot });
      if (index === acts) this.localOfEdge[edge] = number;
      else others.push(number);
    });
    if (others.length > 0) this.#alsoOfEdge.set(edge, others);
  }

  #stepNumber(slot: number, step: LocalStep): number {
    let known = this.#stepNumbers.get(step.before);
    if (known === undefined) this.#stepNumbers.set(step.before, (known = new Map()));
    const key = keyOf(slot, step);
    const number = known.get(key);
    if (number !== undefined) return number;
    known.set(key, this.localSteps.length);
    return this.localSteps.push(step) - 1;
  }

  /** The message at the head of the channel that a Receive takes from. */
  #received(label: Label, row: Uint32Array): number {
    const [, from, to] = /^Receive (-?\d+)->(-?\d+)/.exec(label.text) ?? [];
    if (from === undefined || to === undefined) return -1;
    const { own, pairs, sids } = this.layout;
    const sid = sids.find((one) => `${one}` === from);
    const pair = pairs.find((one) => `${one.from}` === from && `${one.to}` === to);
    const slot = pair?.slot ?? (sid === undefined ? undefined : own.get(sid));
    if (slot === undefined) throw new Error(`internal error: no channel for ${label.text}`);
    const place = (row[slot] as number) * this.layout.slots.length + slot;
    const known = this.#heads.get(place);
    if (known !== undefined) return known;
    const [head] = this.graph.valueOf(slot, row[slot] as number) as Queue;
    const number = head === undefined ? -1 : this.messageNumber(head);
    this.#heads.set(place, number);
    return number;
  }

  messageNumber(message: Message): number {
    return this.messages.of(encode(message));
  }
}

function keyOf(slot: number, { head, message, after }: Pick<LocalStep, 'head' | 'message' | 'after'>): string {
  return `${slot} ${head} ${message} ${after}`;
}
