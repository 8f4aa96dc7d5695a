/** One server of an ensemble as a machine: a hypothesis about it, and which receptions of others it explains. */
import type { Sid } from '../../types/ids.js';
import type { Ahead, EnsembleMachine, Hints, Machine } from '../machine.js';
import {
  type Channel,
  covers,
  channelKey,
  EMPTY,
  explains,
  type Receptions,
  send,
  withoutLate,
  withUnseenPast,
} from './channel.js';

export interface Member<S> {
  readonly inner: S;
  readonly out: ReadonlyMap<Sid, Channel>;
}

export interface Receivers {
  /** What the others whose logs are judged together with this one received from it. */
  readonly receptions: ReadonlyMap<Sid, Receptions>;
  /** Those of them that do not vote: they are answered without a line. */
  readonly observers: ReadonlySet<Sid>;
  /** The log begins with the server's first process: before it nothing was sent. */
  readonly fromBirth: boolean;
}

/** A machine of members. Where the inner one is not judging, anything may have been sent. */
export function memberMachine<S>(
  machine: EnsembleMachine<S>,
  { receptions, observers, fromBirth }: Receivers,
): Machine<Member<S>> {
  const absorbed = (before: ReadonlyMap<Sid, Channel>, state: S): Member<S> => ({
    inner: machine.drained(state),
    out: outAfter(before, state),
  });
  const outAfter = (before: ReadonlyMap<Sid, Channel>, state: S): ReadonlyMap<Sid, Channel> => {
    if (!machine.judging(state)) return mapped(before, withUnseenPast);
    let out: Map<Sid, Channel> | null = null;
    const put = (to: Sid, message: Parameters<typeof send>[1]): void => {
      const channel = (out ?? before).get(to) ?? EMPTY;
      const next = send(channel, message, receptions.get(to) ?? []);
      if (next !== channel) (out ??= new Map(before)).set(to, next);
    };
    for (const message of machine.sent(state)) put(message.to, message);
    if (observers.size > 0) {
      for (const answer of machine.answers(state)) for (const to of observers) put(to, answer);
    }
    return out ?? before;
  };
  const followed = new Set(receptions.keys());
  const none: ReadonlyMap<Sid, Channel> = new Map([...followed].map((sid) => [sid, EMPTY]));
  const { hopeless } = machine;
  return {
    name: machine.name,
    ...(hopeless === undefined ? {} : { hopeless: ({ inner }: Member<S>, ahead: Ahead) => hopeless(inner, ahead) }),
    ...(machine.resumesAt === undefined ? {} : { resumesAt: machine.resumesAt }),
    start: (hints: Hints) =>
      machine
        .start({ ...hints, followed, heardOf: eachOnce(receptions) })
        .map((inner) => (fromBirth ? { inner, out: none } : absorbed(none, inner))),
    hidden: ({ inner, out }, ahead) =>
      machine.hidden(inner, ahead).map(({ label, next }) => ({ label, next: absorbed(out, next) })),
    observe: ({ inner, out }, observation, ahead) => {
      const outcome = machine.observe(inner, observation, ahead);
      // WorkerReceiver takes its next message: what it had composed is queued by now.
      const settled = observation.said.what === 'notification' ? mapped(out, withoutLate) : out;
      return outcome.ok ? { ok: true, next: outcome.next.map((state) => absorbed(settled, state)) } : outcome;
    },
    key: ({ inner, out }) => `${machine.key(inner)}${outKey(out)}`,
    cover: {
      kin: (key) => key.slice(0, key.indexOf(OUT)),
      covers: (a, b) => [...b.out].every(([sid, channel]) => covers(a.out.get(sid) ?? EMPTY, channel)),
    },
    describe: ({ inner }) => machine.describe(inner),
    judging: ({ inner }) => machine.judging(inner),
    uncertain: ({ inner }) => machine.uncertain(inner),
    decision: ({ inner }) => machine.decision(inner),
  };
}

function eachOnce(receptions: ReadonlyMap<Sid, Receptions>): Receptions {
  const byText = new Map<string, Receptions[number]>();
  for (const one of [...receptions.values()].flat()) {
    const { leader, zxid, round, epoch, state } = one;
    byText.set(`${leader}.${zxid}.${round}.${epoch}.${state}`, one);
  }
  return [...byText.values()];
}

/** Has it sent what `to` received from it as number `index`, from 0? */
export function hasSent<S>({ out }: Member<S>, to: Sid, index: number): boolean {
  return explains(out.get(to) ?? EMPTY, index);
}

function mapped(out: ReadonlyMap<Sid, Channel>, change: (channel: Channel) => Channel): ReadonlyMap<Sid, Channel> {
  if ([...out.values()].every((channel) => change(channel) === channel)) return out;
  return new Map([...out].map(([sid, channel]) => [sid, change(channel)]));
}

/** Stands in no key of a machine. */
const OUT = '\n';

const texts = new WeakMap<ReadonlyMap<Sid, Channel>, string>();

function outKey(out: ReadonlyMap<Sid, Channel>): string {
  let text = texts.get(out);
  if (text === undefined) {
    text = [...out].map(([sid, channel]) => `${OUT}${sid}:${channelKey(channel)}`).join('');
    texts.set(out, text);
  }
  return text;
}
