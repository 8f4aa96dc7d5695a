/**
 * A deterministic simulator: an ensemble of threads under virtual time. Equal options give equal runs. A server makes one step of one
 * of its threads at a time, some microseconds each; waits end when their time has come; faults come by the dice.
 */
import { TimeHeap } from '../../base/heap.js';
import { makeRng, type Rng } from '../../base/rng.js';
import type { Effect } from '../../impl/effect.js';
import { NO_DEFECTS } from '../../impl/threads/profile.js';
import { cut, tell, untold } from './network.js';
import type { SimulationOptions, SimulationReport } from './simulation.js';
import { chooseFault, Gaps } from './simulated-faults.js';
import {
  boot,
  changePair,
  crash,
  groupsOf,
  makeWorld,
  perform,
  serverAt,
  type Step,
  stepsOfGroup,
  type World,
} from './world.js';
import { activate, hasQuorum, inRole, leaderLeads, write } from './zab.js';

type Happening =
  | { readonly what: 'run'; readonly at: number }
  | { readonly what: 'wake'; readonly at: number; readonly timer: number }
  | { readonly what: 'roles' }
  | { readonly what: 'fault' }
  | { readonly what: 'restart'; readonly at: number }
  | { readonly what: 'told'; readonly pair: number };

/** Microseconds. */
const STEP = { least: 1, spread: 20 };
const ROLES_EVERY = 100_000;
/** tickTime 2 s, initLimit 10, syncLimit 5; milliseconds. */
const INIT_LIMIT_MS = 20_000;
const SYNC_LIMIT_MS = 10_000;
/** Five tries to reach the leader's quorum port, 100 ms apart (Learner.connectToLeader). */
const CONNECT_MS = 500;

/** What the simulator knows of a server besides its state. */
interface Clocks {
  /** Its next step, as it stands in the heap. */
  readonly run: Happening;
  /** Is a step of it due? */
  running: boolean;
  /** When the wait of thread QuorumPeer ends, microseconds; and which wait. */
  deadline: number;
  timer: number;
  roleSince: number;
  /** Since when the role has not what it needs; −1: it has. */
  lackingSince: number;
  established: boolean;
}

/** A run that can be advanced bit by bit. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #rng: Rng;
  readonly #world: World;
  readonly #heap = new TimeHeap<Happening>();
  readonly #clocks: Clocks[];
  readonly #roles = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  #now = 0;
  #steps = 0;
  #established = 0;
  readonly #gaps = new Gaps();
  #lastFault = 0;
  #slowest = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#rng = makeRng(options.seed);
    this.#world = makeWorld(options.config, options.profile ?? NO_DEFECTS);
    this.#clocks = this.#world.sids.map((_, at) => freshClocks(at));
    this.#world.sids.forEach((_, at) => this.#boot(at));
    this.#heap.push(ROLES_EVERY, { what: 'roles' });
    if (options.faultEveryMs !== null) this.#nextFault(options.faultEveryMs);
  }

  /** Until so many virtual milliseconds have passed since the beginning; what is due later stays due. */
  advance(toMs: number): void {
    const until = toMs * 1000;
    for (let due = this.#heap.time(); due !== null && due <= until; due = this.#heap.time()) {
      this.#now = due;
      this.#happen(this.#heap.pop());
    }
    this.#now = until;
  }

  report(): SimulationReport {
    const gap = this.#gaps.longest(this.#now);
    return {
      steps: this.#steps,
      ms: this.#now / 1000,
      established: this.#established,
      roles: this.#roles,
      faults: this.#faults,
      longestGapMs: gap.length / 1000,
      longestGapAtMs: gap.at / 1000,
      slowestMs: this.#slowest / 1000,
      worldAtEnd: this.#world,
    };
  }

  #happen(item: Happening): void {
    switch (item.what) {
      case 'run':
        this.#clock(item.at).running = false;
        return this.#step(item.at);
      case 'wake':
        if (this.#clock(item.at).timer === item.timer) this.#wake(item.at);
        return;
      case 'roles':
        this.#world.sids.forEach((_, at) => this.#judgeRole(at));
        this.#judgeLeader();
        this.#heap.push(this.#now + ROLES_EVERY, { what: 'roles' });
        return;
      case 'fault':
        return this.#fault();
      case 'restart':
        return this.#boot(item.at);
      case 'told':
        return this.#tell(item.pair);
    }
  }

  #clock(at: number): Clocks {
    const clocks = this.#clocks[at];
    if (clocks === undefined) throw new Error(`internal error: no server number ${at}`);
    return clocks;
  }

  /** Lets the server run, if it is not about to already. */
  #wake(at: number): void {
    const clocks = this.#clock(at);
    if (clocks.running) return;
    clocks.running = true;
    this.#heap.push(this.#now + STEP.least + this.#rng.below(STEP.spread), clocks.run);
  }

  #step(at: number): void {
    const step = this.#choose(at);
    if (step === null) return;
    this.#options.watch?.(this.#world, step, this.#now / 1000);
    this.#heed(at, this.#perform(step));
    if (step.event.step === 'Publish') this.#enterRole(at);
    this.#wake(at);
    if (step.pair >= 0) this.#wake(this.#partner(at, step.pair));
  }

  /** A due step of the first group of threads, counted from a random one, that has any. */
  #choose(at: number): Step | null {
    const groups = groupsOf(this.#world);
    const first = this.#rng.below(groups);
    for (let i = 0; i < groups; i += 1) {
      const steps = stepsOfGroup(this.#world, at, (first + i) % groups);
      const step = steps.length > 1 ? steps[this.#rng.below(steps.length)] : steps[0];
      if (step !== undefined && this.#isDue(at, step)) return step;
    }
    return null;
  }

  #perform(step: Step): readonly Effect[] {
    this.#steps += 1;
    return (this.#options.perform ?? perform)(this.#world, step);
  }

  #isDue(at: number, { event }: Step): boolean {
    if (event.step === 'Leave') return false;
    return (event.step !== 'TimeOut' && event.step !== 'Silence') || this.#now >= this.#clock(at).deadline;
  }

  #heed(at: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'setTimer') continue;
      const clocks = this.#clock(at);
      clocks.deadline = this.#now + effect.ms * 1000;
      clocks.timer += 1;
      this.#heap.push(clocks.deadline, { what: 'wake', at, timer: clocks.timer });
    }
  }

  /** The other server of a pair. */
  #partner(at: number, pair: number): number {
    const count = this.#world.sids.length;
    for (let low = 0, index = 0; low < count; low += 1) {
      const width = count - low - 1;
      if (pair < index + width) return at === low ? low + 1 + (pair - index) : low;
      index += width;
    }
    throw new Error(`internal error: no pair number ${pair}`);
  }

  #boot(at: number): void {
    if (serverAt(this.#world, at).messenger !== null) return;
    const clocks = this.#clock(at);
    this.#clocks[at] = { ...freshClocks(at), timer: clocks.timer + 1, running: clocks.running };
    this.#heed(at, boot(this.#world, at));
    this.#wake(at);
  }

  #enterRole(at: number): void {
    const role = inRole(this.#world, at)?.state;
    if (role === undefined) return;
    count(this.#roles, role);
    Object.assign(this.#clock(at), { roleSince: this.#now, lackingSince: -1, established: false });
  }

  /** The timeouts of roles, and activation. */
  #judgeRole(at: number): void {
    const process = inRole(this.#world, at);
    if (process === null) return;
    const clocks = this.#clock(at);
    const leads = process.state === 'LEADING';
    if (leads && !clocks.established && hasQuorum(this.#world, at)) this.#activate(at, clocks);
    const served = leads ? hasQuorum(this.#world, at) : leaderLeads(this.#world, at);
    if (served) clocks.lackingSince = -1;
    else if (clocks.lackingSince < 0) clocks.lackingSince = this.#now;
    const limit = leads ? (clocks.established ? SYNC_LIMIT_MS : INIT_LIMIT_MS) : CONNECT_MS;
    if (clocks.lackingSince >= 0 && this.#now - clocks.lackingSince >= limit * 1000) this.#leave(at);
  }

  #activate(at: number, clocks: Clocks): void {
    clocks.established = activate(this.#world, at);
    if (!clocks.established) return;
    this.#established += 1;
    this.#slowest = Math.max(this.#slowest, this.#now - Math.max(this.#lastFault, clocks.roleSince - 1_000_000));
    if (this.#rng.chance(0.5)) write(this.#world, at);
  }

  #leave(at: number): void {
    this.#heed(at, this.#perform({ at, event: { thread: 'QuorumPeer', step: 'Leave' }, pair: -1, net: null }));
    this.#wake(at);
  }

  #judgeLeader(): void {
    const has = this.#world.sids.some(
      (_, at) =>
        this.#clock(at).established && inRole(this.#world, at)?.state === 'LEADING' && hasQuorum(this.#world, at),
    );
    this.#gaps.note(has, this.#now);
  }

  #nextFault(everyMs: number): void {
    const wait = -Math.log(1 - this.#rng.next()) * everyMs * 1000;
    this.#heap.push(this.#now + Math.ceil(wait), { what: 'fault' });
  }

  #fault(): void {
    const { faultEveryMs } = this.#options;
    if (faultEveryMs !== null) this.#nextFault(faultEveryMs);
    const fault = chooseFault(this.#world, this.#rng);
    if (fault === null) return;
    this.#lastFault = this.#now;
    count(this.#faults, fault.kind);
    if (fault.kind === 'connection breaks') {
      changePair(this.#world, fault.pair, (net) => cut(net, fault.socket));
      return this.#tellLater(fault.pair);
    }
    const silently = fault.kind === 'machine dies';
    crash(this.#world, fault.at, silently);
    this.#clock(fault.at).established = false;
    this.#heap.push(this.#now + 200_000 + this.#rng.below(3_000_000), { what: 'restart', at: fault.at });
    this.#world.sids.forEach((_, other) => this.#wake(other));
    if (silently) this.#world.pairs.forEach((_, pair) => this.#tellLater(pair));
  }

  #tellLater(pair: number): void {
    this.#heap.push(this.#now + 10_000 + this.#rng.below(4_000_000), { what: 'told', pair });
  }

  #tell(pair: number): void {
    const net = this.#world.pairs[pair];
    for (const { at, socket } of net === undefined ? [] : untold(net))
      changePair(this.#world, pair, (now) => tell(now, at, socket));
    this.#world.sids.forEach((_, at) => this.#wake(at));
  }
}

function freshClocks(at: number): Clocks {
  return {
    run: { what: 'run', at },
    running: false,
    deadline: 0,
    timer: 0,
    roleSince: 0,
    lackingSince: -1,
    established: false,
  };
}

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
