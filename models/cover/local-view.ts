/** A logged server, seen as the server of a model: where it stands, and which steps of the model it has made. */
import { encode } from '../../checker/encode.js';
import type { Action } from '../../spec/action.js';
import type { Message, Server } from '../../spec/state.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { profileOfRelease } from '../../types/release.js';
import type { Notification } from '../../types/vote.js';
import { continuedIn } from '../election/courses.js';
import { forgetful, wasSilent } from '../election/reduce.js';
import { printAction } from '../fuzz/action-text.js';
import type { ServerHypothesis } from '../log-machine.js';
import { serverOf } from '../spec-machine/convert.js';
import { renamed } from './renamed.js';
import { BUSY, type Rest } from './rest.js';
import type { Space } from './space.js';

/** A step of the model that has begun, in a server's real numbers. */
interface Open {
  readonly name: string;
  readonly before: Server;
  readonly message: Message | null;
  readonly spoiled: boolean;
}

export interface Place {
  readonly open: Open | null;
  /** Why the server is in no state of the model; null: it is in one, or within one of its steps. */
  readonly why: string | null;
}

export interface Seen {
  readonly place: Place;
  /** `state N`, `step N`: numbers of the space's local states and steps. */
  readonly touched: readonly string[];
  /** Others like them may be touched in their place: they are possible, and not certain. */
  readonly unsure?: boolean;
}

interface Stepped {
  readonly label: string;
  readonly heard: Notification | null;
  readonly to: ServerHypothesis;
}

const NOTHING: readonly string[] = [];
const UNKNOWN = 'the server is not followed';

/** The specification's action; the machine that follows logs takes the silence and the exit at once where it can. */
function nameOf(label: string, { life }: Server): string {
  if (label === 'FinalEnd' && life?.pc === 'FINAL') return 'Silence';
  return label === 'TimeOut' ? 'Resend' : label;
}

export class LocalView {
  readonly #space: Space;
  readonly #rest: Rest;
  readonly #continued: ReturnType<typeof continuedIn>;
  readonly #forget: (server: Server) => Server;
  readonly #servers = new WeakMap<object, Server>();

  constructor(space: Space, rest: Rest) {
    this.#space = space;
    this.#rest = rest;
    this.#continued = continuedIn(space.bounds);
    this.#forget = space.bounds.reduce.dead ? forgetful(space.bounds) : (server) => server;
  }

  begin(state: ServerHypothesis): Place {
    return { open: null, why: this.#whyNot(state) };
  }

  key({ open }: Place): string {
    if (open === null) return '';
    return `${open.name} ${open.spoiled} ${open.message === null ? '' : encode(open.message)} ${encode(open.before.life)}`;
  }

  /** A line that is no step: a process may have begun or ended, or the thread be lost. */
  told(place: Place, from: ServerHypothesis, to: ServerHypothesis): Seen {
    const isSame = from.life === 'known' && to.life === 'known' && from.peer.process === to.peer.process;
    return { place: isSame ? place : this.begin(to), touched: NOTHING };
  }

  stepped(place: Place, from: ServerHypothesis, { label, heard, to }: Stepped): Seen {
    const was = this.#serverOf(from);
    const now = this.#serverOf(to);
    if (was === null || now === null) return { place: this.begin(to), touched: NOTHING };
    const name = nameOf(label, was);
    const open = this.#opened(place.open, { name, was, now, heard });
    const number = this.#number(now);
    if (typeof number !== 'number') return { place: { open: null, why: number.why }, touched: NOTHING };
    if (number === BUSY) return { place: { open, why: null }, touched: NOTHING };
    if (!this.#space.locals.has(number))
      return { place: { open: null, why: 'a state that the model does not reach' }, touched: NOTHING };
    const step = open.spoiled ? -1 : this.#step(open, number);
    const follows = (server: Server): boolean =>
      to.life === 'known' && (to.debug || !hasRun(this.#rest.settled(server)));
    return {
      place: { open: null, why: null },
      touched: step < 0 ? [`state ${number}`] : [`state ${number}`, `step ${step}`],
      unsure: !follows(now) || !follows(open.before),
    };
  }

  #opened(
    open: Open | null,
    {
      name,
      was,
      now,
      heard,
    }: { readonly name: string; readonly was: Server; readonly now: Server; readonly heard: Notification | null },
  ): Open {
    const isSilent =
      (name === 'Handle' || name === 'FinalStep') && wasSilent(was, now, { values: [], sends: [], breaks: null });
    if (open === null) {
      const message = heard === null ? null : withoutSender(heard);
      return {
        name: heard === null ? name : printAction({ name: 'Receive', from: heard.from, s: was.sid }),
        before: was,
        message,
        spoiled: false,
      };
    }
    const [first = ''] = open.name.split(' ');
    const follows: readonly string[] = this.#continued[first as Action['name']] ?? [];
    return isSilent || follows.includes(name) ? open : { ...open, spoiled: true };
  }

  /** The number of the model's step; −1: it has none. */
  #step({ name, before, message }: Open, after: number): number {
    const rest = this.#rested(before, message);
    if ('why' in rest) return -1;
    const number = this.#rest.server(rest.server);
    const { layout, heads } = this.#space;
    const slot = layout.servers[layout.sids.indexOf(before.sid)] ?? -1;
    const head = heads.of(name.includes(' ') ? name : `${name} ${before.sid}`);
    const received = rest.message === null ? -1 : this.#space.messageNumber(rest.message);
    return this.#space.localStep(slot, { before: number, after, head, message: received });
  }

  #number(server: Server): number | { readonly why: string } {
    if (this.#rest.isBusy(server)) return BUSY;
    const rest = this.#rested(server, null);
    return 'why' in rest ? rest : this.#rest.server(rest.server);
  }

  #rested(server: Server, message: Message | null): ReturnType<typeof renamed> {
    return renamed(this.#forget(this.#rest.settled(server)), message);
  }

  #serverOf(state: ServerHypothesis): Server | null {
    if (state.life === 'unknown' || this.#whyNot(state) !== null) return null;
    const known = this.#servers.get(state.peer);
    if (known !== undefined) return known;
    const server = serverOf(state.config, state.peer);
    this.#servers.set(state.peer, server);
    return server;
  }

  #whyNot(state: ServerHypothesis): string | null {
    if (state.life === 'unknown') return UNKNOWN;
    if (state.voteEpochMayRise || state.voteUnseen || state.unsure) return 'no line tells all of its state';
    return whyNotOfModel(this.#space, state.config.membership.committed, state.config.profile.release);
  }
}

/** Two equal votes of one sender in a row: without DEBUG the machine follows no third one (models/log-machine/hidden.ts). */
function hasRun({ life }: Server): boolean {
  return life !== null && life.nq.some((n, place) => place > 0 && encode(n) === encode(life.nq[place - 1]));
}

function withoutSender({ from: _from, ...message }: Notification): Message {
  return message;
}

/** Why an ensemble is not the model's; null: it is. `release` as profiles name it. */
export function whyNotOfModel(
  { config, bounds }: Pick<Space, 'config' | 'bounds'>,
  other: EnsembleConfig,
  release: string | null,
): string | null {
  const roles = ({ members }: EnsembleConfig): string =>
    members
      .map(({ sid, type }: { readonly sid: Sid; readonly type: string }) => `${sid} ${type}`)
      .sort()
      .join();
  if (roles(config) !== roles(other)) return 'an ensemble of other servers';
  if (other.quorumSystem.kind !== config.quorumSystem.kind) return 'other quorums';
  const groupOf = (name: string | null): string | null => profileOfRelease(name ?? '3.8.0');
  return groupOf(release) === groupOf(bounds.release) ? null : 'another release';
}
