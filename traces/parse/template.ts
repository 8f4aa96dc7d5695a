/**
 * Message templates, written like the format strings they come from, and the scanner that reads a message by
 * one. No regular expressions: one pass, no backtracking, and the first field that does not fit is named.
 */
import { assert } from '../../base/assert.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { isServerState, type ServerState } from '../../types/server-state.js';

/** d: signed decimal; h: hexadecimal 64-bit pattern; s: state in capitals; w: word; r: the rest of the line. */
type SlotKind = 'd' | 'h' | 's' | 'w' | 'r';

interface Slot {
  readonly name: string;
  readonly kind: SlotKind;
  /** The text that must follow the field. */
  readonly after: string;
}

/** A format string, compiled. */
export interface Template {
  /** The text before the first field. */
  readonly head: string;
  readonly slots: readonly Slot[];
}

/** The fields of one message. */
export class Fields {
  readonly #slots: readonly Slot[];
  readonly #values: readonly (bigint | string)[];
  constructor(slots: readonly Slot[], values: readonly (bigint | string)[]) {
    this.#slots = slots;
    this.#values = values;
  }
  #value(name: string): bigint | string {
    const value = this.#values[this.#slots.findIndex((slot) => slot.name === name)];
    assert(value !== undefined, `the template has no field ${name}`);
    return value;
  }
  /** Does the template that was met have this field? */
  has(name: string): boolean {
    return this.#slots.some((slot) => slot.name === name);
  }
  /** A field of kind d or h. */
  int(name: string): bigint {
    const value = this.#value(name);
    assert(typeof value === 'bigint', `the field ${name} is not a number`);
    return value;
  }
  /** A field of kind w or r. */
  word(name: string): string {
    const value = this.#value(name);
    assert(typeof value === 'string', `the field ${name} is not a word`);
    return value;
  }
  /** A field of kind s. */
  state(name: string): ServerState {
    const value = this.#value(name);
    assert(typeof value === 'string' && isServerState(value), `the field ${name} is not a state`);
    return value;
  }
}

/** A message that does not fit: how far it did, and one clause that says what does not. */
export interface Misfit {
  readonly at: number;
  readonly why: string;
}

/** Compiles `text {name:kind} text`. Throws on a template that is no template (a programming error). */
export function template(format: string): Template {
  const parts = format.split(/\{(\w+):([dhswr])\}/);
  const slots: Slot[] = [];
  for (let i = 1; i < parts.length; i += 3) {
    const [name, kind, after] = parts.slice(i, i + 3);
    assert(name !== undefined && kind !== undefined && after !== undefined, `template ${format}`);
    slots.push({ name, kind: kind as SlotKind, after });
  }
  return { head: parts[0] ?? '', slots };
}

/** Reads `message` by the template, from its first character to its last. */
export function scan(by: Template, message: string): Fields | Misfit {
  if (!message.startsWith(by.head)) return literalMisfit(message, 0, by.head);
  let at = by.head.length;
  const values: (bigint | string)[] = [];
  for (const slot of by.slots) {
    const end = slotEnd(message, at, slot.kind);
    const value = slotValue(message.slice(at, end), slot.kind);
    if (value === null) return { at, why: fieldWhy(slot, message, at) };
    values.push(value);
    at = end;
    if (!message.startsWith(slot.after, at)) return literalMisfit(message, at, slot.after);
    at += slot.after.length;
  }
  if (at < message.length) return { at, why: `after its last field stands "${excerpt(message, at)}"` };
  return new Fields(by.slots, values);
}

function slotEnd(message: string, start: number, kind: SlotKind): number {
  if (kind === 'r') return message.length;
  let at = start;
  if (kind === 'd' && message.charCodeAt(at) === 0x2d) at++;
  while (at < message.length && inKind(message.charCodeAt(at), kind)) at++;
  return at;
}

function inKind(code: number, kind: SlotKind): boolean {
  const digit = code >= 0x30 && code <= 0x39;
  if (kind === 'd') return digit;
  if (kind === 'h') return digit || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
  if (kind === 's') return code >= 0x41 && code <= 0x5a;
  return digit || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function slotValue(text: string, kind: SlotKind): bigint | string | null {
  if (kind === 'h') return text.length >= 1 && text.length <= 16 ? BigInt.asIntN(64, BigInt(`0x${text}`)) : null;
  if (kind === 's') return isServerState(text) ? text : null;
  if (kind === 'w') return text === '' ? null : copy(text);
  if (kind === 'r') return copy(text);
  if (text === '' || text === '-' || text.length > 20) return null;
  const value = BigInt(text);
  return value < LONG_MIN || value > LONG_MAX ? null : value;
}

const KIND_NAMES: Readonly<Record<SlotKind, string>> = {
  d: 'a 64-bit decimal number',
  h: 'a 64-bit hexadecimal number',
  s: 'a server state',
  w: 'a word',
  r: 'text',
};

function fieldWhy(slot: Slot, message: string, at: number): string {
  if (at >= message.length) return `it ends before the field ${slot.name}`;
  return `the field ${slot.name} is not ${KIND_NAMES[slot.kind]}: "${excerpt(message, at)}"`;
}

function literalMisfit(message: string, start: number, literal: string): Misfit {
  let at = start;
  while (at < message.length && message[at] === literal[at - start]) at++;
  if (at >= message.length) return { at, why: `it ends where "${literal.slice(at - start).trim()}" should stand` };
  return { at, why: `"${literal.slice(at - start).trim()}" should stand where "${excerpt(message, at)}" does` };
}

function excerpt(message: string, at: number): string {
  const text = message.slice(at, at + 24);
  return copy(at + 24 < message.length ? `${text}…` : text);
}

/** A copy that does not keep the text it was cut from alive (engines share the parent's storage). */
export function copy(text: string): string {
  return ` ${text}`.slice(1);
}
