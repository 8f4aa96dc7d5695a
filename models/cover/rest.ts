/** How a state of the specification stands in rows of a model: at rest, without what the model forgets. */
import { encode } from '../../checker/encode.js';
import type { Action } from '../../spec/action.js';
import { live } from '../../spec/server.js';
import type { Message, Server, State } from '../../spec/state.js';
import { channelOf } from '../../spec/world.js';
import type { Sid } from '../../types/ids.js';
import type { Epochs } from '../election/activation.js';
import type { Budget } from '../election/bounds.js';
import { EMPTY, type Queue } from '../election/channels.js';
import { forgetful, losesOwnCopies, silentStep, wasSilent } from '../election/reduce.js';
import { renamed } from './renamed.js';
import type { Space } from './space.js';

/** What the specification's state does not hold, but a row does. */
export interface Account {
  readonly budget: Budget;
  readonly epochs: Epochs;
}

/** Its thread is between two steps that are one step in the model. */
export const BUSY = -2;

/** The longest row of silent steps: each takes a message from recvqueue. */
const SILENT_MOST = 10_000;

export class Rest {
  readonly #space: Space;
  readonly #forget: ((server: Server) => Server) | null;
  readonly #renames: boolean;
  readonly #servers = new WeakMap<Server, number>();
  readonly #queues = new WeakMap<readonly Message[], number>();
  /** Own copies are numbered apart from messages to others. */
  readonly #copies = new WeakMap<readonly Message[], number>();
  readonly #accounts = new Map<string, number>();

  /** `renames`: servers of other histories are seen as those of the model, one by one (renamed.ts). */
  constructor(space: Space, { renames = false }: { readonly renames?: boolean } = {}) {
    this.#space = space;
    this.#renames = renames;
    this.#forget = space.bounds.reduce.dead ? forgetful(space.bounds) : null;
  }

  /** The number of the value that stands for the server; `BUSY`: nothing does just now. */
  server(server: Server): number {
    const known = this.#servers.get(server);
    if (known !== undefined) return known;
    const number = this.isBusy(server) ? BUSY : this.#numberOf(server);
    this.#servers.set(server, number);
    return number;
  }

  /** Is one of its threads within what is one step in the model? */
  isBusy({ life }: Server): boolean {
    if (life === null) return false;
    if (life.worker.stage !== 'IDLE' || life.pc === 'SILENT') return true;
    return this.#space.bounds.grain === 'strict' && (life.pc === 'ENTER' || life.pc === 'DECIDED');
  }

  #numberOf(server: Server): number {
    return this.#named(server, null)?.server ?? -1;
  }

  /** A server about to receive a message, as numbers of the space; −1: the model has no such. */
  receiving(server: Server, message: Message): { readonly server: number; readonly message: number } {
    if (this.isBusy(server)) return { server: BUSY, message: -1 };
    return this.#named(server, message) ?? { server: -1, message: -1 };
  }

  #named(server: Server, message: Message | null): { readonly server: number; readonly message: number } | null {
    const { machine, graph, layout } = this.#space;
    const slot = layout.servers[layout.sids.indexOf(server.sid)];
    if (slot === undefined) return null;
    const settled = this.settled(server);
    const rest = this.#forget === null ? settled : this.#forget(settled);
    const names = this.#renames ? renamed(rest, message) : { server: rest, message };
    if ('why' in names) return null;
    return {
      server: graph.numberOf(slot, machine.from(names.server)),
      message: names.message === null ? -1 : this.#space.messageNumber(names.message),
    };
  }

  /** The server after its silent steps; see models/election/reduce.ts. */
  settled(server: Server): Server {
    if (!this.#space.bounds.reduce.merge) return server;
    let settled = server;
    for (let taken = 0; taken < SILENT_MOST; taken += 1) {
      const after = this.#afterSilence(settled);
      if (after === null) break;
      settled = after.server;
    }
    return settled;
  }

  /** The silent step that the server would take next; null: none. */
  silent(server: Server): Action | null {
    return this.#space.bounds.reduce.merge !== false ? (this.#afterSilence(server)?.action ?? null) : null;
  }

  #afterSilence(server: Server): { readonly server: Server; readonly action: Action } | null {
    const { machine } = this.#space;
    const value = machine.from(server);
    const deed = silentStep(machine, value, this.#space.bounds.reduce.merge);
    const [moved, ...others] = deed === null ? [] : machine.step([value], deed);
    const [after] = moved?.values ?? [];
    if (deed === null || moved === undefined || after === undefined || others.length > 0) return null;
    const look = machine.look(after);
    return wasSilent(machine.look(value), look, moved) ? { server: look, action: deed.action } : null;
  }

  /** How many messages the slot holds at most; of more, some are about to be overwritten. */
  room(own: boolean): number {
    const { loopback, channel } = this.#space.bounds;
    if (own) return loopback;
    return channel === 'ow1' ? 1 : 2;
  }

  /** A channel that holds more than the model's ever does; null: none. */
  overfull(state: State): { readonly from: Sid; readonly to: Sid } | null {
    for (const [from, row] of state.channels) {
      for (const [to, { queue }] of row) if (queue.length > this.room(from === to)) return { from, to };
    }
    return null;
  }

  /** The row, as numbers; `BUSY` where no row stands for the state. Precondition: the servers are the model's. */
  row(state: State, account: Account): Uint32Array | typeof BUSY {
    const { layout } = this.#space;
    const row = new Uint32Array(layout.slots.length);
    for (const [index, sid] of layout.sids.entries()) {
      const server = state.servers.get(sid);
      const number = server === undefined ? BUSY : this.server(server);
      if (number === BUSY) return BUSY;
      row[layout.servers[index] ?? -1] = number;
    }
    if (this.overfull(state) !== null) return BUSY;
    for (const { from, to, slot } of layout.pairs)
      row[slot] = this.#queue(this.#queues, slot, channelOf(state, from, to).queue);
    for (const [sid, slot] of layout.own) {
      const server = state.servers.get(sid);
      const copies = server !== undefined && this.#forgetsCopies(server) ? EMPTY : channelOf(state, sid, sid).queue;
      row[slot] = this.#queue(this.#copies, slot, copies);
    }
    row[layout.budget] = this.#account(layout.budget, account.budget);
    if (layout.epochs !== null) row[layout.epochs] = this.#account(layout.epochs, account.epochs);
    return row;
  }

  /** In a role that will not be left nobody reads them: losesOwnCopies says it of the step into the role. */
  #forgetsCopies(server: Server): boolean {
    const { life } = server;
    if (life === null || life.st === 'LOOKING') return false;
    return losesOwnCopies(this.#space.bounds, live(server, { st: 'LOOKING' }), server);
  }

  #queue(numbers: WeakMap<readonly Message[], number>, slot: number, queue: Queue): number {
    const known = numbers.get(queue);
    if (known !== undefined) return known;
    const number = this.#space.graph.numberOf(slot, queue);
    numbers.set(queue, number);
    return number;
  }

  #account(slot: number, value: Budget | Epochs): number {
    const key = `${slot} ${encode(value)}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const number = this.#space.graph.numberOf(slot, value);
    this.#accounts.set(key, number);
    return number;
  }
}
