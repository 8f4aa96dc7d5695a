/** Receive: the oldest message of a channel reaches WorkerReceiver (TLA+: ReceiveNotmsg, its first half). */
import { assert } from '../../base/assert.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { fifo } from '../network.js';
import type { Message, Server, State } from '../state.js';
import { channelOf, serverOf, withChannel, withServer } from '../world.js';
import { received } from './messages.js';
import { lifeAt, type GlobalRule, type Of } from './rule.js';
import { take } from './take.js';

/** Guard of Receive and ConfigGossip: the receiver is up and idle, and something is there. */
export function nothingToReceive(state: State, from: Server['sid'], to: Server['sid']): string | null {
  const receiver = lifeAt(state, to);
  if (typeof receiver === 'string') return receiver;
  if (receiver.life.worker.stage !== 'IDLE') return 'WorkerReceiver is busy';
  return channelOf(state, from, to).queue.length === 0 ? 'the channel is empty' : null;
}

/**
 * The configuration that a LOOKING server would adopt from this message: a newer one than its own (WorkerReceiver.run,
 * rqv). null: none. A server in a role adopts nothing.
 */
export function gossiped(state: State, server: Server, sent: Message): EnsembleConfig | null {
  const newer = sent.configVersion > server.membership.committed.version;
  return newer && server.life?.st === 'LOOKING' ? (state.configs.get(sent.configVersion) ?? null) : null;
}

/** The head of a channel, and the state in which it is gone. */
export function takeHead(
  state: State,
  from: Server['sid'],
  to: Server['sid'],
): { readonly sent: Message; readonly rest: State } {
  const channel = channelOf(state, from, to);
  const [sent] = channel.queue;
  const shorter = fifo.take(channel, 0);
  assert(sent !== undefined && shorter !== null, 'an empty channel gives no message');
  return { sent, rest: withChannel(state, from, to, shorter) };
}

export const receive: GlobalRule<Of<'Receive'>> = {
  name: 'Receive',
  whyNot(state, { from, s }) {
    const nothing = nothingToReceive(state, from, s);
    if (nothing !== null) return nothing;
    const [head] = channelOf(state, from, s).queue;
    const gossip = head !== undefined && gossiped(state, serverOf(state, s), head) !== null;
    return gossip ? 'the message brings a newer configuration' : null;
  },
  next(state, { from, s }) {
    const { sent, rest } = takeHead(state, from, s);
    const { server, sends, cases } = take(serverOf(state, s), received(from, sent));
    return [{ state: withServer(rest, server), sends, cases }];
  },
};
