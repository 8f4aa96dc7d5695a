/**
 * What a server of a model is: a value, and what the actions of the specification do to it. The rules of a model are
 * the same whether a server is the specification's, the implementation's, or both side by side.
 */
import type { Broken } from '../../checker/system.js';
import type { Action, Send } from '../../spec/action.js';
import type { Server } from '../../spec/state.js';
import type { Arrival } from './ensemble.js';

/** An action, and the message that it receives, if it is a Receive. */
export interface Deed {
  readonly action: Action;
  readonly arrival: Arrival | null;
}

/** One thing that an action may lead to. */
export interface Moved<V> {
  /** The servers that the action concerns, in the order given. */
  readonly values: readonly V[];
  /** In program order, own copies included. */
  readonly sends: readonly Send[];
  readonly breaks: Broken | null;
}

export interface Machine<V> {
  readonly name: string;
  /** Names of properties that its steps may break by themselves. */
  readonly properties?: readonly string[];
  /** The value that stands for a server of the specification. */
  from(server: Server): V;
  /** The server of the specification that the value shows. */
  look(value: V): Server;
  /** Whatever the action may do to the servers that it concerns; nothing if it is not enabled. Pure. */
  step(values: readonly V[], deed: Deed): readonly Moved<V>[];
  /** The value with the same change made to all that it consists of. */
  changed(value: V, change: (server: Server) => Server): V;
}

/** Looks once at each value: it is met in many states. */
export function lookingOnce<V extends object>(look: (value: V) => Server): (value: V) => Server {
  const seen = new WeakMap<V, Server>();
  return (value) => {
    let server = seen.get(value);
    if (server === undefined) seen.set(value, (server = look(value)));
    return server;
  };
}
