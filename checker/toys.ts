/** Small systems whose state spaces can be derived by hand: for tests, and to read as examples of systems. */
import { encode } from './encode.js';
import type { Broken, Label, Outcome, Property, Rule, System, Value } from './system.js';

/** One bit that ticks for ever. */
export function binaryClock(): System {
  const tick: Rule = {
    name: 'tick',
    reads: [0],
    step: ([bit]) => [outcome(by('clock', 'tick'), [1 - Number(bit)])],
  };
  return {
    name: 'binary clock',
    slots: [{ name: 'bit', kind: 'bit' }],
    initial: [[0], [1]],
    rules: [tick],
    properties: [always('a bit', ([bit]) => bit === '0' || bit === '1')],
    update: noUpdate,
    show: (_kind, value) => encode(value),
  };
}

const SMALL_JUG = 3;
const BIG_JUG = 5;

/** Two jugs, of three and five gallons, a tap and a drain. To measure four gallons takes six steps. */
export function dieHard(...properties: readonly Property[]): System {
  const pour = (text: string, reads: readonly number[], step: (amounts: readonly number[]) => number[]): Rule => ({
    name: text,
    reads,
    step: (values) => [outcome(by('hero', text), step(values.map(Number)))],
  });
  return {
    name: 'die hard',
    slots: [
      { name: 'small', kind: 'jug' },
      { name: 'big', kind: 'jug' },
    ],
    initial: [[0, 0]],
    rules: [
      pour('fill small', [0], () => [SMALL_JUG]),
      pour('fill big', [1], () => [BIG_JUG]),
      pour('empty small', [0], () => [0]),
      pour('empty big', [1], () => [0]),
      pour('small to big', [0, 1], ([small = 0, big = 0]) => {
        const poured = Math.min(small, BIG_JUG - big);
        return [small - poured, big + poured];
      }),
      pour('big to small', [0, 1], ([small = 0, big = 0]) => {
        const poured = Math.min(big, SMALL_JUG - small);
        return [small + poured, big - poured];
      }),
    ],
    properties,
    update: noUpdate,
    show: (_kind, value) => `${encode(value)} gallons`,
  };
}

/** The property to play with: the big jug never holds four gallons. */
export function neverFourGallons(): Property {
  return always('never four gallons', ([, big]) => big !== '4');
}

/** An edge of a literal graph. What is not said: the text is `from>to`, the actor is `walker`. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly text?: string;
  readonly actor?: string;
  readonly fault?: boolean;
  readonly breaks?: Broken;
}

export interface GraphOptions {
  readonly initial: readonly number[];
  readonly edges: readonly Edge[];
  readonly properties?: readonly Property[];
  /** Nodes outside the constraint. */
  readonly outside?: readonly number[];
  /** Where it may end; absent: anywhere. */
  readonly ends?: readonly number[];
}

/** A directed graph, edge by edge; its one slot is the node. */
export function graph({ initial, edges, properties = [], outside = [], ends }: GraphOptions): System {
  const walk: Rule = {
    name: 'walk',
    reads: [0],
    step: ([node]) =>
      edges
        .filter(({ from }) => from === node)
        .map(({ from, to, text = `${from}>${to}`, actor = 'walker', fault = false, breaks }) => ({
          ...outcome({ text, action: 'walk', actor, fault }, [to]),
          ...(breaks && { breaks }),
        })),
  };
  return {
    name: 'graph',
    slots: [{ name: 'node', kind: 'node' }],
    initial: initial.map((node) => [node]),
    rules: [walk],
    properties,
    update: noUpdate,
    within: (_kind, value) => !outside.includes(Number(value)),
    ...(ends && { mayEnd: seeingAll(([node]) => ends.includes(Number(node))) }),
    show: (_kind, value) => `node ${encode(value)}`,
  };
}

/** Looks for x and y with a·x + b·y = c modulo m, by counting both up from 0. */
export function linearEquation({ a, b, c, m }: Readonly<Record<'a' | 'b' | 'c' | 'm', number>>): System {
  const up = (slot: number, name: string): Rule => ({
    name: `${name} up`,
    reads: [slot],
    step: ([value]) => [outcome(by('solver', `${name} up`), [(Number(value) + 1) % m])],
  });
  return {
    name: 'linear equation',
    slots: [
      { name: 'x', kind: 'number' },
      { name: 'y', kind: 'number' },
    ],
    initial: [[0, 0]],
    rules: [up(0, 'x'), up(1, 'y')],
    properties: [
      {
        ...always('solvable', ([x, y]) => (a * Number(x) + b * Number(y)) % m === c % m),
        kind: 'reachable',
        sentence: `${a}x + ${b}y = ${c} modulo ${m}`,
      },
    ],
    update: noUpdate,
    show: (_kind, value) => encode(value),
  };
}

interface Memory {
  readonly flags: readonly [boolean, boolean];
  readonly turn: number;
}

/** A write on its way to the memory: a flag of its writer, or the turn. */
type Write = { readonly flag: boolean } | { readonly turn: number };

const MEMORY = 4;
const BUFFER_MAX = 2;

/**
 * Peterson's algorithm for two processes whose writes wait in a buffer, one for each, before they reach the memory. With a
 * fence a process looks at the memory only when its buffer is empty; without, both can be in the critical section.
 */
export function peterson({ fence }: { readonly fence: boolean }): System {
  return {
    name: fence ? 'Peterson with a fence' : 'Peterson without a fence',
    slots: [
      { name: 'process 0', kind: 'process' },
      { name: 'process 1', kind: 'process' },
      { name: 'buffer 0', kind: 'buffer' },
      { name: 'buffer 1', kind: 'buffer' },
      { name: 'memory', kind: 'memory' },
    ],
    initial: [['idle', 'idle', [], [], { flags: [false, false], turn: 0 } satisfies Memory]],
    rules: [0, 1].flatMap((me) => petersonRules(me, fence)),
    properties: [
      always('mutual exclusion', ([zero, one]) => zero !== '"critical"' || one !== '"critical"', [0, 1]),
      { ...always('process 1 gets in', ([, one]) => one === '"critical"', [1]), kind: 'reachable' },
    ],
    update: (kind, value, operation) =>
      kind === 'buffer' ? [...(value as Write[]), operation] : stored(value, operation),
    within: (kind, value) => kind !== 'buffer' || (value as Write[]).length <= BUFFER_MAX,
    mayEnd: seeingAll(() => false),
    show: (_kind, value) => encode(value),
  };
}

function petersonRules(me: number, fence: boolean): Rule[] {
  const other = 1 - me;
  const buffer = 2 + me;
  const label = (action: string): Label => ({ text: `${me} ${action}`, action, actor: `process ${me}`, fault: false });
  const writes = (from: string, to: string, write: Write): Rule => ({
    name: `${me} from ${from}`,
    reads: [me],
    step: ([process]) =>
      process === from ? [{ ...outcome(label(to), [to]), updates: [{ slot: buffer, operation: write }] }] : [],
  });
  const enter: Rule = {
    name: `${me} enters`,
    reads: [me, buffer, MEMORY],
    step: ([process, buffered, memory]) => {
      const waiting = buffered as readonly Write[];
      const { flags, turn } = memory as Memory;
      // A process sees its own writes at once: while its buffer holds any, the turn is the other's.
      const isMyTurn = turn === me && waiting.length === 0;
      const isFree = !flags[other] || isMyTurn;
      if (process !== 'waiting' || !isFree || (fence && waiting.length > 0)) return [];
      return [outcome(label('critical'), ['critical', buffered, memory])];
    },
  };
  const flush: Rule = {
    name: `${me} flushes`,
    reads: [buffer],
    step: ([buffered]) => {
      const [write, ...rest] = buffered as readonly Write[];
      if (write === undefined) return [];
      return [{ ...outcome(label('flush'), [rest]), updates: [{ slot: MEMORY, operation: { me, write } }] }];
    },
  };
  return [
    writes('idle', 'flagged', { flag: true }),
    writes('flagged', 'waiting', { turn: other }),
    enter,
    writes('critical', 'idle', { flag: false }),
    flush,
  ];
}

function stored(value: Value, operation: Value): Memory {
  const { flags, turn } = value as Memory;
  const { me, write } = operation as { readonly me: number; readonly write: Write };
  if ('turn' in write) return { flags, turn: write.turn };
  return { flags: me === 0 ? [write.flag, flags[1]] : [flags[0], write.flag], turn };
}

/** Each takes the left fork, then the right one, eats and puts both down: when all hold one fork, nobody moves. */
export function philosophers(count: number): System {
  const seats = Array.from({ length: count }, (_, seat) => seat);
  const rule = (seat: number, reads: readonly number[], change: readonly [string, readonly Value[], Value[]]): Rule => {
    const [action, before, after] = change;
    const label = { text: `${seat} ${action}`, action, actor: `philosopher ${seat}`, fault: false };
    return {
      name: label.text,
      reads,
      step: (values) => (values.every((value, i) => value === before[i]) ? [outcome(label, after)] : []),
    };
  };
  return {
    name: `${count} philosophers`,
    slots: [
      ...seats.map((seat) => ({ name: `philosopher ${seat}`, kind: 'philosopher' })),
      ...seats.map((seat) => ({ name: `fork ${seat}`, kind: 'fork' })),
    ],
    initial: [[...seats.map(() => 'thinks'), ...seats.map(() => 'free')]],
    rules: seats.flatMap((seat) => {
      const left = count + seat;
      const right = count + ((seat + 1) % count);
      return [
        rule(seat, [seat, left], ['takes left', ['thinks', 'free'], ['waits', 'taken']]),
        rule(seat, [seat, right], ['takes right', ['waits', 'free'], ['eats', 'taken']]),
        rule(seat, [seat, left, right], ['puts down', ['eats', 'taken', 'taken'], ['thinks', 'free', 'free']]),
      ];
    }),
    properties: [],
    update: noUpdate,
    mayEnd: seeingAll(() => false),
    show: (_kind, value) => String(value),
  };
}

/** A property of all states; what is seen of a slot is the text of its value. */
export function always(
  name: string,
  holds: (seen: readonly (string | null)[]) => boolean,
  slots?: readonly number[],
): Property {
  return { name, kind: 'always', sentence: `${name} is violated`, ...(slots && { slots }), ...seeingAll(holds) };
}

function seeingAll(holds: (seen: readonly (string | null)[]) => boolean): Pick<Property, 'project' | 'holds'> {
  return { project: (value) => encode(value), holds };
}

function by(actor: string, text: string): Label {
  return { text, action: text, actor, fault: false };
}

function outcome(label: Label, writes: readonly Value[]): Outcome {
  return { label, writes, updates: [] };
}

function noUpdate(kind: string): never {
  throw new Error(`nothing updates a ${kind}`);
}

/** These nodes of a graph are not reached. */
export const never = (...nodes: readonly number[]): Property =>
  always(`never ${nodes}`, ([node]) => !nodes.includes(Number(node)));
/** This one is. */
export const reachable = (node: number): Property => ({
  ...always(`reaches ${node}`, ([at]) => at === `${node}`),
  kind: 'reachable',
});
