/** Values by name: of one JSON object, or of `key=value` pairs (logfmt). */

/** Gives the text under a path; null: there is none. */
export type Lookup = (path: string) => string | null;

/** Null: the text is no JSON object. */
export function jsonLookup(text: string): Lookup | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  return (path) => {
    const value = valueAt(json, path.split('.'));
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  };
}

/** A name may hold points itself (`{"mdc.myid": 1}`): the longest that is there counts. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join('.');
    if (!Object.hasOwn(value, name)) continue;
    const found = valueAt((value as Readonly<Record<string, unknown>>)[name], path.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}

const PAIR = /([^\s="]{1,200})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/y;

/** Null: there is no pair in it. What is no pair is passed over. */
export function logfmtLookup(text: string): Lookup | null {
  const values = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    PAIR.lastIndex = at;
    const found = PAIR.exec(text);
    if (found === null) {
      const blank = text.indexOf(' ', at);
      at = blank < 0 ? text.length : blank + 1;
      continue;
    }
    const [whole, name = '', quoted, bare = ''] = found;
    values.set(name, quoted === undefined ? bare : unescaped(quoted));
    at += whole.length;
  }
  return values.size === 0 ? null : (path) => values.get(path) ?? null;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text.replaceAll(/\\(.)/g, '$1');
  }
}
