/** How a message is recognised and turned into an observed line. The rules themselves stand in `templates.ts`. */
import type { ObservedLine, UnreadableLine } from '../observation.js';
import { copy, Fields, scan, template, type Misfit, type Template } from './template.js';

/** Where a message stands in a line, and what its layout says of the logger. */
export interface MessagePlace {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Class or logger name; null if the layout does not tell, `?` if it could not. */
  logger(): string | null;
}

/** One kind of message. */
export interface Rule<Said = ObservedLine> {
  /** The message begins so; what begins so and cannot be read is unreadable if `strict`. */
  readonly prefix: string;
  readonly templates: readonly Template[];
  /** Null: a line that tells nothing. */
  readonly build: (fields: Fields) => Said | Misfit | null;
  /** An election line: its loss matters, so misfits become `unreadable`. */
  readonly strict: boolean;
  /** Only lines of this class count, if the layout names the class. */
  readonly logger: string | null;
}

interface RuleOptions {
  readonly strict?: boolean;
  readonly logger?: string;
  readonly prefix?: string;
}

/** Makes a rule from format strings; the prefix is the text before the first field unless given. */
export function rule<Said = ObservedLine>(
  formats: readonly string[],
  build: (fields: Fields) => Said | Misfit | null,
  options: RuleOptions = {},
): Rule<Said> {
  const templates = formats.map(template);
  return {
    prefix: options.prefix ?? templates[0]?.head ?? '',
    templates,
    build,
    strict: options.strict ?? false,
    logger: options.logger ?? null,
  };
}

/** Rules by the first two characters of their prefix, so that most messages meet none. */
export class RuleBook<Said extends { readonly what: string } = ObservedLine> {
  readonly #byStart = new Map<number, Rule<Said>[]>();
  /** What was read lately. Equal messages become one object: logs repeat themselves, and judges compare. */
  #lately = new Map<string, { readonly by: Rule<Said>; readonly read: Said }>();

  constructor(rules: readonly Rule<Said>[]) {
    for (const one of rules) {
      const key = startKey(one.prefix, 0);
      const list = this.#byStart.get(key);
      if (list === undefined) this.#byStart.set(key, [one]);
      else list.push(one);
    }
  }

  /**
   * Reads the message that the record's text holds from `start` to `end`. Null: no election line.
   * Unreadable: it begins like one, but cannot be read.
   */
  read(record: MessagePlace): Said | UnreadableLine | null {
    const { text, start, end } = record;
    const rules = this.#byStart.get(startKey(text, start));
    if (rules === undefined) return null;
    let message: string | null = null;
    let misfit: Misfit | null = null;
    for (const one of rules) {
      if (!text.startsWith(one.prefix, start)) {
        if (one.strict && isTornPrefix(record, one.prefix)) misfit = { at: 0, why: 'it ends too early' };
        continue;
      }
      if (one.logger !== null && !isLogger(record.logger(), one.logger)) continue;
      message ??= text.slice(start, end).trimEnd();
      const known = this.#lately.get(message);
      if (known?.by === one) return known.read;
      const read = readBy(one, message);
      if (read === null) return null;
      if ('what' in read) return this.#remember(message, one, read);
      if (one.strict && (misfit === null || read.at >= misfit.at)) misfit = read;
    }
    return misfit === null ? null : { what: 'unreadable', text: copy(text.slice(start, end)), why: misfit.why };
  }

  #remember(message: string, by: Rule<Said>, read: Said): Said {
    if (this.#lately.size >= LATELY_MAX) this.#lately.clear();
    this.#lately.set(copy(message), { by, read });
    return read;
  }
}

/** So many messages are remembered. */
const LATELY_MAX = 4096;

function startKey(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}

/** The shortest remainder of an election line that is still told from other words. */
const TORN_MIN = 6;

function isTornPrefix(record: MessagePlace, prefix: string): boolean {
  const length = record.end - record.start;
  return length >= TORN_MIN && length < prefix.length && record.text.startsWith(prefix.slice(0, length), record.start);
}

/** Exact class, a class nested in it, or the class at the end of a (possibly shortened) package path. */
export function isLogger(logger: string | null, wanted: string): boolean {
  if (logger === null || logger === '?') return true;
  const at = logger.lastIndexOf('.') + 1;
  return logger.startsWith(wanted, at) && (logger.length === at + wanted.length || logger[at + wanted.length] === '$');
}

function readBy<Said>(one: Rule<Said>, message: string): Said | Misfit | null {
  let best: Misfit = { at: -1, why: '' };
  for (const by of one.templates) {
    const fields = scan(by, message);
    if (fields instanceof Fields) return one.build(fields);
    if (fields.at > best.at) best = fields;
  }
  return best;
}
