/** A peer in another language as a subject: every call is a line to its process and the line that comes back. */
import { receiveMessageOnPort } from 'node:worker_threads';
import { PeerFault } from '../../models/conformance/conformance.js';
import type {
  Peer,
  PeerDisk,
  PeerInput,
  PeerSettings,
  PeerView,
  Sent,
  Subject,
} from '../../models/conformance/peer.js';
import type { Sid } from '../../types/ids.js';
import type { ExecLink, FromHost, ToHost } from './messages.js';
import { type Answer, bootRequest, inputRequest, parseAnswer } from './protocol.js';

/** Blocks the thread that calls it. Throws PeerFault: a peer that ends, is silent or slow, or answers nonsense. */
export class ExecSubject implements Subject {
  readonly name: string;
  readonly #link: ExecLink;
  readonly #bell: Int32Array;
  /** Servers whose process runs. */
  readonly #started = new Set<Sid>();
  #id = 0;

  constructor(link: ExecLink) {
    this.name = link.command;
    this.#link = link;
    this.#bell = new Int32Array(link.bell);
  }

  boot(settings: PeerSettings, disk: PeerDisk): Peer {
    const { sid } = settings;
    if (this.#link.fresh || !this.#started.has(sid)) {
      this.#send({ kind: 'start', sid: `${sid}` });
      this.#started.add(sid);
    }
    return new ExecPeer(
      this,
      settings,
      this.ask(sid, 'boot', (id) => bootRequest(id, settings, disk)),
    );
  }

  ask(sid: Sid, what: string, request: (id: number) => string): Answer {
    this.#id += 1;
    const id = this.#id;
    this.#send({ kind: 'line', sid: `${sid}`, line: request(id) });
    const answer = parseAnswer(this.#lineOf(sid, what), id);
    if (answer.ok) return answer.value;
    return this.#fail(sid, answer.error);
  }

  #lineOf(sid: Sid, what: string): string {
    const { answerWithinMs, port } = this.#link;
    const end = performance.now() + answerWithinMs;
    for (;;) {
      const seen = Atomics.load(this.#bell, 0);
      const received = receiveMessageOnPort(port);
      if (received === undefined) {
        const left = end - performance.now();
        if (left <= 0) return this.#fail(sid, `did not answer ${what} within ${answerWithinMs} ms`);
        Atomics.wait(this.#bell, 0, seen, left);
        continue;
      }
      const message = received.message as FromHost;
      if (message.sid !== `${sid}`) {
        if (message.kind === 'ended') this.#started.delete(BigInt(message.sid) as Sid);
        continue;
      }
      if (message.kind === 'line') return message.line;
      return this.#fail(sid, `did not answer ${what}: ${message.why}`);
    }
  }

  /** Whatever that process says later belongs to nothing. */
  #fail(sid: Sid, why: string): never {
    this.#send({ kind: 'stop', sid: `${sid}` });
    this.#started.delete(sid);
    throw new PeerFault(why);
  }

  #send(message: ToHost): void {
    this.#link.port.postMessage(message);
  }
}

class ExecPeer implements Peer {
  readonly #subject: ExecSubject;
  #settings: PeerSettings;
  #view: PeerView;

  constructor(subject: ExecSubject, settings: PeerSettings, answer: Answer) {
    this.#subject = subject;
    this.#settings = settings;
    this.#view = answer.view;
  }

  take(input: PeerInput): readonly Sent[] {
    const before = this.#settings;
    const { sent, view } = this.#subject.ask(before.sid, input.type, (id) => inputRequest(id, input, before));
    if (input.type === 'Configure') this.#settings = input.settings;
    this.#view = view;
    return sent;
  }

  view(): PeerView {
    return this.#view;
  }
}
