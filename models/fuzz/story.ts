/** A script told step by step, and drawn: one line, and at most one arrow or note, for each action. */
import { unreachable } from '../../base/assert.js';
import type { Action, CaseName, Extent } from '../../spec/action.js';
import type { Step } from '../../spec/next.js';
import type { Message, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import { printAction } from './action-text.js';
import { changeWords, messageLabel, messageWords, sendsWords } from './words.js';

/** `Handle 2 [K3]: proposes 3 …; sends LOOKING vote for 3 … to 1, 2, 3` */
export function tellStep(before: State, action: Action, step: Step): string {
  const cases = step.cases.filter((one) => one !== 'plain');
  const head = `${printAction(action)}${cases.length > 0 ? ` [${cases.join(', ')}]` : ''}`;
  const told = [
    ...taken(before, action),
    ...changes(before, step),
    ...(step.sends.length > 0 ? [sendsWords(step.sends)] : []),
  ];
  return told.length === 0 ? head : `${head}: ${told.join('; ')}`;
}

function taken(before: State, action: Action): readonly string[] {
  if (action.name === 'Receive' || action.name === 'ConfigGossip') {
    const head = before.channels.get(action.from)?.get(action.s)?.queue[0];
    return head === undefined ? [] : [`takes ${messageWords(head)}`];
  }
  if (action.name !== 'Handle' && action.name !== 'FinalStep') return [];
  const n = before.servers.get(action.s)?.life?.nq[0];
  return n === undefined ? [] : [`uses the ${messageWords(n)}, from ${n.from}`];
}

function changes(before: State, { state }: Step): readonly string[] {
  const told: { readonly sid: Sid; readonly words: readonly string[] }[] = [];
  for (const [sid, server] of state.servers) {
    const old = before.servers.get(sid);
    if (old === undefined || old === server) continue;
    const words = changeWords(old, server);
    if (words.length > 0) told.push({ sid, words });
  }
  return told.map(({ sid, words }) => (told.length > 1 ? `${sid} ${words.join(', ')}` : words.join(', ')));
}

/**
 * Collects a Mermaid sequence diagram while a script is played: an arrow for each message read or lost, a note for
 * what others can learn. Notes over the same servers that follow each other become one.
 */
export class Diagram {
  readonly #sids: readonly Sid[];
  readonly #lines: string[] = ['sequenceDiagram'];
  /** Whom the last line is a note over; null: it is none. */
  #over: string | null = null;

  constructor(sids: Iterable<Sid>) {
    this.#sids = [...sids];
    for (const sid of this.#sids) this.#lines.push(`  participant ${name(sid)} as Server ${sid}`);
  }

  add(before: State, action: Action, step: Step): void {
    for (const arrow of arrows(before, action)) this.#line(arrow);
    const told = note(before, action, step);
    if (told !== null) this.#note(told.over, told.text);
  }

  /** A remark over one server, or over all if none is named. */
  remark(sid: Sid | null, text: string): void {
    this.#note(sid === null ? this.#sids : [sid], text);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #line(line: string): void {
    this.#lines.push(`  ${line}`);
    this.#over = null;
  }

  #note(sids: readonly Sid[], text: string): void {
    const [first, last] = [sids[0], sids.at(-1)];
    if (first === undefined || last === undefined) return;
    const over = first === last ? name(first) : `${name(first)},${name(last)}`;
    if (this.#over === over) this.#lines.push(`${this.#lines.pop()}<br/>${plain(text)}`);
    else this.#line(`Note over ${over}: ${plain(text)}`);
    this.#over = over;
  }
}

/** Mermaid names hold no minus sign. */
function name(sid: Sid): string {
  return `S${sid}`.replace('-', 'm');
}

/** Semicolons and hashes end a Mermaid statement. */
function plain(text: string): string {
  return text.replaceAll(/[;#]/g, ',');
}

function queueOf(state: State, from: Sid, to: Sid): readonly Message[] {
  return state.channels.get(from)?.get(to)?.queue ?? [];
}

/** A message read, or messages that never will be. */
function arrows(before: State, action: Action): readonly string[] {
  switch (action.name) {
    case 'Receive': {
      const head = queueOf(before, action.from, action.s).slice(0, 1);
      return head.map((message) => `${name(action.from)}->>${name(action.s)}: ${messageLabel(message)}`);
    }
    case 'Lose': {
      const lost = queueOf(before, action.from, action.to).slice(action.index, action.index + 1);
      return lost.map((message) => `${name(action.from)}-x${name(action.to)}: overwritten: ${messageLabel(message)}`);
    }
    case 'Break': {
      const { a, b, keepAB, keepBA } = action;
      return [...lost(before, [a, b], keepAB), ...lost(before, [b, a], keepBA)];
    }
    default:
      return [];
  }
}

function lost(state: State, [from, to]: readonly [Sid, Sid], keep: number): readonly string[] {
  const messages = queueOf(state, from, to).slice(keep);
  return messages.map((message) => `${name(from)}-x${name(to)}: lost: ${messageLabel(message)}`);
}

interface Note {
  readonly over: readonly Sid[];
  readonly text: string;
}

/** Steps inside a server are drawn only if they change what others can learn. */
function note(before: State, action: Action, step: Step): Note | null {
  if (!('s' in action)) return noteOfWorld(before, action, step);
  const old = before.servers.get(action.s);
  const now = step.state.servers.get(action.s);
  if (old === undefined || now === undefined) return null;
  const words = changeWords(old, now).filter((one) => !QUIET.some((quiet) => one.startsWith(quiet)));
  if (words.length === 0) return null;
  const cases = step.cases.filter((one) => BRANCHES.has(one));
  return { over: [action.s], text: `${cases.map((one) => `${one}: `).join('')}${words.join(', ')}` };
}

const QUIET = ['waits for votes', 'is about to', 'begins its role', 'has waited', 'has decided'];
/** Branches worth a word; the others show by what follows. */
const BRANCHES: ReadonlySet<CaseName> = new Set(['K1', 'K3', 'J1', 'J2', 'J3']);

function noteOfWorld(before: State, action: Exclude<Action, { s: Sid }>, step: Step): Note | null {
  switch (action.name) {
    case 'Break':
    case 'Lose':
      // Their arrows say it.
      return arrows(before, action).length > 0 ? null : { over: pairOf(action), text: printAction(action) };
    case 'Replay': {
      const newest = before.channels.get(action.from)?.get(action.to)?.newest ?? null;
      const what = newest === null ? '' : `: ${messageLabel(newest)}`;
      return { over: [action.from], text: `a new connection to ${action.to} begins with the newest message${what}` };
    }
    case 'Activate': {
      const epoch = step.state.servers.get(action.leader)?.ae;
      const text = `Zab with ${action.followers.join(', ')}, epoch ${epoch}: ${EXTENT_WORDS[action.extent]}`;
      return { over: [action.leader], text };
    }
    case 'Write':
    case 'CountFollowers':
      return { over: [action.leader], text: printAction(action) };
    case 'OracleFlip':
      return { over: [...before.servers.keys()], text: printAction(action) };
    default:
      return unreachable(action);
  }
}

function pairOf(action: Extract<Action, { name: 'Break' | 'Lose' }>): readonly Sid[] {
  return action.name === 'Break' ? [action.a, action.b] : [action.from, action.to];
}

const EXTENT_WORDS = {
  accepted: 'accepted',
  committed: 'acknowledged',
  synchronized: 'synchronized',
  established: 'established, the followers do not know it yet',
  upToDate: 'established, the followers are up to date',
} as const satisfies Record<Extent, string>;
