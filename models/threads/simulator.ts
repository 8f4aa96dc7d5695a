/**
 * A deterministic simulator: an ensemble of threads under virtual time. Equal options give equal runs. A server makes one step of one
 * of its threads at a time, some microseconds each; waits end when their time has come; faults come by the dice.
 */
import { TimeHeap } from '../../base/heap.js';
import { makeRng, type Rng } from '../../base/rng.js';
import type { Effect } from '../../impl/effect.js';
import { NO_DEFECTS, type ThreadProfile } from '../../impl/threads/profile.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { cut, tell, untold } from './network.js';
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

export interface SimulationOptions {
  readonly config: EnsembleConfig;
  readonly seed: number;
  /** How long it lasts, virtual milliseconds. */
  readonly ms: number;
  /** Mean time between faults, virtual milliseconds; null: none. */
  readonly faultEveryMs: number | null;
  readonly profile?: ThreadProfile;
  /** Sees each step before it is made. */
  readonly watch?: (world: World, step: Step, ms: number) => void;
}

export interface SimulationReport {
  readonly steps: number;
  readonly ms: number;
  /** Elections that ended: a leader was established. */
  readonly established: number;
  /** Roles entered, by role. */
  readonly roles: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  /** The longest time without an established leader that a quorum follows, and when it began. */
  readonly longestGapMs: number;
  readonly longestGapAtMs: number;
  /** From the last fault before it to the establishment of a leader: the longest. */
  readonly slowestMs: number;
  readonly worldAtEnd: World;
}

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

export function simulate(options: SimulationOptions): SimulationReport {
  return new Simulation(options).run();
}

/** What the simulator knows of a server besides its state. */
interface Clocks {
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

class Simulation {
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
  #leaderlessSince = 0;
  #hasLeader = false;
  #gap = { longest: 0, at: 0 };
  #lastFault = 0;
  #slowest = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#rng = makeRng(options.seed);
    this.#world = makeWorld(options.config, options.profile ?? NO_DEFECTS);
    this.#clocks = this.#world.sids.map(() => freshClocks());
  }

  run(): SimulationReport {
    const { ms, faultEveryMs } = this.#options;
    this.#world.sids.forEach((_, at) => this.#boot(at));
    this.#heap.push(ROLES_EVERY, { what: 'roles' });
    if (faultEveryMs !== null) this.#nextFault(faultEveryMs);
    for (let next = this.#heap.pop(); next !== null && next.time <= ms * 1000; next = this.#heap.pop()) {
      this.#now = next.time;
      this.#happen(next.item);
    }
    if (!this.#hasLeader) this.#endGap(ms * 1000);
    return {
      steps: this.#steps,
      ms,
      established: this.#established,
      roles: this.#roles,
      faults: this.#faults,
      longestGapMs: this.#gap.longest / 1000,
      longestGapAtMs: this.#gap.at / 1000,
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
    this.#heap.push(this.#now + STEP.least + this.#rng.below(STEP.spread), { what: 'run', at });
  }

  #step(at: number): void {
    const step = this.#choose(at);
    if (step === null) return;
    this.#options.watch?.(this.#world, step, this.#now / 1000);
    this.#steps += 1;
    this.#heed(at, perform(this.#world, step));
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
    this.#clocks[at] = { ...freshClocks(), timer: clocks.timer + 1, running: clocks.running };
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
    this.#heed(at, perform(this.#world, { at, event: { thread: 'QuorumPeer', step: 'Leave' }, pair: -1, net: null }));
    this.#wake(at);
  }

  #judgeLeader(): void {
    const has = this.#world.sids.some(
      (_, at) =>
        this.#clock(at).established && inRole(this.#world, at)?.state === 'LEADING' && hasQuorum(this.#world, at),
    );
    if (has && !this.#hasLeader) this.#endGap(this.#now);
    if (!has && this.#hasLeader) this.#leaderlessSince = this.#now;
    this.#hasLeader = has;
  }

  #endGap(now: number): void {
    const gap = now - this.#leaderlessSince;
    if (gap > this.#gap.longest) this.#gap = { longest: gap, at: this.#leaderlessSince };
  }

  #nextFault(everyMs: number): void {
    const wait = -Math.log(1 - this.#rng.next()) * everyMs * 1000;
    this.#heap.push(this.#now + Math.ceil(wait), { what: 'fault' });
  }

  /** Crashes that leave a majority up, and connections that break in silence. */
  #fault(): void {
    const { faultEveryMs } = this.#options;
    if (faultEveryMs !== null) this.#nextFault(faultEveryMs);
    const down = this.#world.servers.filter(({ messenger }) => messenger === null).length;
    const count_ = this.#world.sids.length;
    const at = this.#rng.below(count_);
    const mayDie = 2 * (count_ - down - 1) > count_ && serverAt(this.#world, at).messenger !== null;
    const kind = this.#rng.below(4);
    this.#lastFault = this.#now;
    if (kind <= 1 && mayDie) return this.#crash(at, kind === 1);
    this.#cut();
  }

  #crash(at: number, silently: boolean): void {
    count(this.#faults, silently ? 'machine dies' : 'process dies');
    crash(this.#world, at, silently);
    this.#clock(at).established = false;
    this.#heap.push(this.#now + 200_000 + this.#rng.below(3_000_000), { what: 'restart', at });
    this.#world.sids.forEach((_, other) => this.#wake(other));
    if (silently) this.#world.pairs.forEach((_, pair) => this.#tellLater(pair));
  }

  #cut(): void {
    const pair = this.#rng.below(this.#world.pairs.length);
    const links = this.#world.pairs[pair]?.links ?? [];
    const link = links[this.#rng.below(links.length)];
    if (link === undefined) return;
    count(this.#faults, 'connection breaks');
    changePair(this.#world, pair, (net) => cut(net, link.socket));
    this.#tellLater(pair);
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

function freshClocks(): Clocks {
  return { running: false, deadline: 0, timer: 0, roleSince: 0, lackingSince: -1, established: false };
}

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
