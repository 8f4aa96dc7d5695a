/** What passed between servers, as far as properties of pairs ask for it. It only looks on. */
import type { Frame, SocketId } from '../../impl/threads/state.js';
import { isMalformed } from '../../impl/threads/worker-receiver.js';
import { indexOf, serverAt, type Step, type World } from './world.js';

interface Noted {
  readonly socket: SocketId;
  readonly time: number;
}

export class PairHistory {
  readonly #heard = new Map<number, Frame>();
  /** Over connections that were finished already. */
  readonly #strays = new Map<number, Frame>();
  readonly #noted = new Map<number, Noted>();
  /** When the SendWorker of a socket began, by server and socket. */
  readonly #began = new Map<string, number>();
  #time = 0;

  /** Before each step. */
  note(world: World, { at, event }: Step): void {
    this.#time += 1;
    if (event.thread !== 'RecvWorker' && event.thread !== 'SendWorker') return;
    const connection = serverAt(world, at).messenger?.manager.connections.get(event.socket);
    if (connection === undefined) return;
    const peer = indexOf(world, connection.peer);
    if (event.step === 'Append' && connection.recv.at === 'append' && !isMalformed(connection.recv.frame)) {
      (connection.running ? this.#heard : this.#strays).set(key(world, peer, at), connection.recv.frame);
    }
    if (event.step === 'Start') this.#began.set(`${at} ${event.socket}`, this.#time);
    else if (event.step === 'Note') this.#noted.set(key(world, at, peer), { socket: event.socket, time: this.#time });
  }

  /** What a server last heard from another: see `PairSide.heard`. */
  heard(world: World, from: number, to: number): readonly Frame[] {
    const place = key(world, from, to);
    return [this.#heard.get(place), this.#strays.get(place)].filter((frame) => frame !== undefined);
  }

  /**
   * Was lastMessageSent set by a retired worker after the worker in use had begun? Then the worker in use never repeats it: it has
   * looked already.
   */
  notedLate(world: World, from: number, to: number, socket: SocketId): boolean {
    const noted = this.#noted.get(key(world, from, to));
    if (noted === undefined || noted.socket === socket) return false;
    return noted.time > (this.#began.get(`${from} ${socket}`) ?? Number.POSITIVE_INFINITY);
  }
}

const key = (world: World, from: number, to: number): number => from * world.sids.length + to;
