/** What a property is. The three kinds differ in what they look at, so that a caller can check no more than it must. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import type { Proposal } from '../../types/vote.js';
import type { History, StepTaken } from '../history.js';
import type { Server, State } from '../state.js';

/** A condition under which a property is claimed. It is asked of the first state: no action changes the answer. */
export interface Assumption {
  readonly id: string;
  readonly sentence: string;
  holds(first: State): boolean;
}

/**
 * 'any': claimed however finely steps are cut. 'strict': claimed only where the receiving of a message and its answer,
 * the end of a role and the next Begin, and the end of an election and its publication are one step each.
 */
export type Grain = 'any' | 'strict';

interface Claim {
  /** Stable: reports and tests name it. */
  readonly id: string;
  readonly name: string;
  readonly sentence: string;
  /** Where ZooKeeper, its issues or its TLA+ modules show it. */
  readonly source: string;
  /** Why it holds. */
  readonly why: string;
  readonly assumes: readonly Assumption[];
  readonly grain: Grain;
}

/** Each answers null, or a sentence that names the violation. */
export interface ServerProperty extends Claim {
  readonly kind: 'server';
  /** Depends on this server, and on what only grows: check it for the servers that a step has touched. */
  check(server: Server, history: History): string | null;
}

export interface StateProperty extends Claim {
  readonly kind: 'state';
  check(state: State, history: History): string | null;
}

export interface StepProperty extends Claim {
  readonly kind: 'step';
  /** `history` is the one after the step. */
  check(step: StepTaken, history: History): string | null;
}

export type Property = ServerProperty | StateProperty | StepProperty;

/** A property of votes alone. */
export interface VoteProperty extends Claim {
  readonly kind: 'votes';
  check(config: EnsembleConfig, votes: readonly Proposal[]): string | null;
}

/** A property of a quorum system alone, for two sets of servers; the oracle says no. */
export interface QuorumProperty extends Claim {
  readonly kind: 'quorums';
  check(config: EnsembleConfig, a: readonly Sid[], b: readonly Sid[]): string | null;
}

/** A second name under which the literature knows a property, or several together. */
export interface Alias {
  readonly id: string;
  readonly name: string;
  readonly sentence: string;
  readonly sameAs: readonly string[];
}

export function isClaimed(claim: Claim, first: State, grain: 'windowed' | 'strict'): boolean {
  return (claim.grain === 'any' || grain === 'strict') && claim.assumes.every((assumption) => assumption.holds(first));
}

/** Checks one property after one step: for a server property, the servers that the step has touched. */
export function violationOf(property: Property, step: StepTaken, history: History): string | null {
  if (property.kind === 'step') return property.check(step, history);
  if (property.kind === 'state') return property.check(step.after, history);
  for (const server of step.after.servers.values()) {
    if (step.before.servers.get(server.sid) === server) continue;
    const violation = property.check(server, history);
    if (violation !== null) return violation;
  }
  return null;
}

/** Checks one property of a state on its own, without the step that led to it. */
export function violationIn(property: ServerProperty | StateProperty, state: State, history: History): string | null {
  if (property.kind === 'state') return property.check(state, history);
  for (const server of state.servers.values()) {
    const violation = property.check(server, history);
    if (violation !== null) return violation;
  }
  return null;
}
