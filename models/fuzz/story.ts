/** A script told step by step, and drawn: one line, and at most one arrow or note, for each action. */
import type { Action } from '../../spec/action.js';
import type { Step } from '../../spec/next.js';
import type { State } from '../../spec/state.js';
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

/** Collects a Mermaid sequence diagram while a script is played. */
export class Diagram {
  readonly #lines: string[] = ['sequenceDiagram'];

  constructor(sids: Iterable<Sid>) {
    for (const sid of sids) this.#lines.push(`  participant ${name(sid)} as Server ${sid}`);
  }

  add(before: State, action: Action, step: Step): void {
    const line = arrow(before, action) ?? note(before, action, step);
    if (line !== null) this.#lines.push(`  ${line}`);
  }

  /** A remark over one server, or over all if none is named. */
  remark(sid: Sid | null, text: string): void {
    const over = sid === null ? this.#lines.filter((line) => line.startsWith('  participant')).length : 0;
    const names = this.#lines.slice(1, 1 + over).map((line) => line.trim().split(' ')[1]);
    const ends = names.length > 1 ? [names[0], names.at(-1)] : names;
    this.#lines.push(`  Note over ${sid === null ? ends.join(',') : name(sid)}: ${plain(text)}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
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

function arrow(before: State, action: Action): string | null {
  if (action.name !== 'Receive') return null;
  const head = before.channels.get(action.from)?.get(action.s)?.queue[0];
  return head === undefined ? null : `${name(action.from)}->>${name(action.s)}: ${messageLabel(head)}`;
}

/** Steps inside a server are drawn only if they change what others can learn. */
function note(before: State, action: Action, step: Step): string | null {
  if (!('s' in action)) return remarkOfWorld(action, step);
  const old = before.servers.get(action.s);
  const now = step.state.servers.get(action.s);
  if (old === undefined || now === undefined) return null;
  const words = changeWords(old, now).filter((one) => !QUIET.some((quiet) => one.startsWith(quiet)));
  if (words.length === 0) return null;
  return `Note over ${name(action.s)}: ${plain(words.join(', '))}`;
}

const QUIET = ['waits for votes', 'is about to', 'begins its role', 'has waited', 'has decided'];

function remarkOfWorld(action: Exclude<Action, { s: Sid }>, step: Step): string {
  const [first] = step.state.servers.keys();
  const at = 'leader' in action ? action.leader : 'a' in action ? action.a : 'from' in action ? action.from : first;
  return `Note over ${at === undefined ? 'S1' : name(at)}: ${plain(printAction(action))}`;
}
