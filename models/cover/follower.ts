/**
 * Follows one run of the specification and marks what it touches of the model's space. A step of the model is an action with
 * all that follows it at once; a run that takes them apart, or does what the model does not have, is outside until its state is
 * one of the model's again.
 */
import type { Action, CaseName } from '../../spec/action.js';
import type { Step } from '../../spec/next.js';
import { actorOf } from '../../spec/properties/terms.js';
import type { Server, State } from '../../spec/state.js';
import { channelOf } from '../../spec/world.js';
import type { Sid } from '../../types/ids.js';
import { budgetOf } from '../election/bounds.js';
import { continuedIn } from '../election/courses.js';
import { wasSilent } from '../election/reduce.js';
import { printAction } from '../fuzz/action-text.js';
import { accounted, admitted } from './admits.js';
import { type Account, BUSY, type Rest } from './rest.js';
import type { Space } from './space.js';
import type { Touched } from './touched.js';

/** A step of the model that has begun. */
interface Open {
  readonly name: Action['name'];
  /** Whose; null: the network's. */
  readonly server: Sid | null;
  readonly head: string | null;
}

interface OpenLocal {
  readonly name: Action['name'];
  readonly before: number;
  readonly head: number;
  readonly message: number;
  readonly pairs: string[];
  spoiled: boolean;
}

const NOT_YET = 'not yet where the model begins';
const TAKEN_APART = 'what is one step in the model was taken apart';

/** Actions with their cases, as the tables of coverage name them. */
export function pairsOf(action: Action, cases: readonly CaseName[]): readonly string[] {
  if (action.name === 'Activate') return [`Activate ${action.extent}`];
  return cases.map((one) => (one === 'plain' ? action.name : `${action.name} ${one}`));
}

export class Follower {
  readonly #space: Space;
  readonly #rest: Rest;
  readonly #touched: Touched;
  readonly #apart: string | null;
  readonly #continued: ReturnType<typeof continuedIn>;
  /** The state of the graph; −1: outside. */
  at = -1;
  account: Account;
  #open: Open | null = null;
  #why = NOT_YET;
  readonly #locals = new Map<Sid, OpenLocal>();

  /** `apart`: why the ensemble is not the model's, so that its servers are followed one by one; null: it is. */
  constructor(space: Space, rest: Rest, touched: Touched, apart: string | null = null) {
    this.#space = space;
    this.#apart = apart;
    this.#rest = rest;
    this.#touched = touched;
    this.#continued = continuedIn(space.bounds);
    this.account = { budget: budgetOf(space.bounds), epochs: [] };
    touched.runs += 1;
  }

  /** Precondition: the servers are those of the model. Throws where a step within the model leads out of its space. */
  see(before: State, action: Action, step: Step): void {
    this.#touched.steps += 1;
    const isInside = this.#apart === null && this.#seeEnsemble(before, action, step);
    this.#seeServers(before, action, step);
    if (isInside) return;
    this.#touched.addOutside(this.#apart ?? this.#why);
    for (const pair of pairsOf(action, step.cases)) this.#touched.pairsOutside.add(pair);
  }

  #seeEnsemble(before: State, action: Action, step: Step): boolean {
    const answer = admitted({ space: this.#space, rest: this.#rest }, before, action, this.account.budget);
    if ('why' in answer) this.#leave(answer.why);
    else {
      this.account = accounted(this.account, answer.costs, { before, action, after: step.state });
      this.#opened(before, action, { step, head: answer.head });
    }
    return this.#arrive(step.state, action);
  }

  #leave(why: string): void {
    if (this.at >= 0) this.#why = why;
    this.at = -1;
    this.#open = null;
  }

  #opened(before: State, action: Action, { step, head }: { readonly step: Step; readonly head: string | null }): void {
    if (this.at < 0) return;
    const server = actorOf(action);
    if (this.#open === null) this.#open = { name: action.name, server, head };
    else if (!this.#goesOn(this.#open, action, { before, step })) this.#leave(TAKEN_APART);
  }

  /** Is the action part of the step that was begun: what follows it at once, a silent step, or a message that is overwritten? */
  #goesOn(
    { name, server }: Pick<Open, 'name' | 'server'>,
    action: Action,
    { before, step }: { readonly before: State; readonly step: Step },
  ): boolean {
    if (action.name === 'Lose') return this.#rest.overfull(before) !== null;
    if (actorOf(action) !== server || server === null) return false;
    const follows: readonly string[] = this.#continued[name] ?? [];
    return follows.includes(action.name) || isSilent(before.servers.get(server), action, step);
  }

  /** Is the state after the action one of the model, or within one of its steps? */
  #arrive(state: State, action: Action): boolean {
    const row = this.#rest.row(state, this.account);
    if (row === BUSY) return this.at >= 0;
    const number = this.#space.graph.findNumbered(row);
    const { at } = this;
    const open = this.#open;
    this.#open = null;
    if (at >= 0 && number !== at) this.#touch(at, number, open?.head ?? printAction(action));
    if (number >= 0) this.#touched.states[number] = 1;
    this.at = number;
    return number >= 0;
  }

  /** The step of the graph from one to the other: there must be one. */
  #touch(from: number, to: number, head: string): void {
    const { graph, heads, headOfLabel } = this.#space;
    const wanted = heads.of(head);
    const end = graph.first[from + 1] as number;
    let found = false;
    for (let edge = graph.first[from] as number; edge < end; edge += 1) {
      if (graph.targets[edge] !== to || headOfLabel[graph.kinds[edge] as number] !== wanted) continue;
      found = true;
      this.#touched.edges[edge] = 1;
      for (const local of this.#space.localsOf(edge)) this.#touched.localSteps[local] = 1;
    }
    if (found) {
      if (head.startsWith('Lose ')) this.#touched.pairs.add('Lose');
      return;
    }
    throw new Error(
      `internal error: ${head} leads from state ${from} of the model to ${to < 0 ? 'none' : `state ${to}`}, where the model has no such step`,
    );
  }

  #seeServers(before: State, action: Action, step: Step): void {
    const { layout } = this.#space;
    const actor = actorOf(action);
    for (const [index, sid] of layout.sids.entries()) {
      const was = before.servers.get(sid);
      const now = step.state.servers.get(sid);
      if (was === undefined || now === undefined || (was === now && sid !== actor)) continue;
      this.#seeServer(
        { slot: layout.servers[index] ?? -1, sid, acts: sid === actor },
        { was, now },
        { before, action, step },
      );
    }
  }

  #seeServer(
    { slot, sid, acts }: { readonly slot: number; readonly sid: Sid; readonly acts: boolean },
    { was, now }: { readonly was: Server; readonly now: Server },
    { before, action, step }: { readonly before: State; readonly action: Action; readonly step: Step },
  ): void {
    const pairs = acts ? pairsOf(action, step.cases) : [];
    let open = this.#locals.get(sid);
    if (open === undefined) {
      open = this.#openLocal(was, { before, action });
      this.#locals.set(sid, open);
    } else if (!acts || !this.#goesOn({ name: open.name, server: sid }, action, { before, step })) open.spoiled = true;
    open.pairs.push(...pairs);
    const number = this.#rest.server(now);
    if (number === BUSY) return;
    this.#locals.delete(sid);
    if (!this.#space.locals.has(number)) return;
    this.#touched.locals.add(number);
    if (open.spoiled) return;
    const isSame = number === open.before && isSilent(was, action, step);
    const local = this.#space.localStep(slot, { ...open, after: number });
    if (local >= 0) this.#touched.localSteps[local] = 1;
    if (local >= 0 || isSame) for (const pair of open.pairs) this.#touched.pairs.add(pair);
  }

  #openLocal(was: Server, { before, action }: { readonly before: State; readonly action: Action }): OpenLocal {
    const head = this.#space.heads.of(printAction(action));
    const sent = action.name === 'Receive' ? channelOf(before, action.from, action.s).queue[0] : undefined;
    const { server, message } =
      sent === undefined ? { server: this.#rest.server(was), message: -1 } : this.#rest.receiving(was, sent);
    return { name: action.name, before: server, head, message, pairs: [], spoiled: false };
  }
}

/** Handle or FinalStep that nobody else can tell from its not having happened: see models/election/reduce.ts. */
function isSilent(server: Server | undefined, action: Action, { state, sends }: Step): boolean {
  if (server === undefined || (action.name !== 'Handle' && action.name !== 'FinalStep')) return false;
  const after = state.servers.get(server.sid);
  return after !== undefined && wasSilent(server, after, { values: [], sends, breaks: null });
}
