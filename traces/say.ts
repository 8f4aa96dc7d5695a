/** An observation in short words, for people: its kind and its fields as the log writes them. */
import { toHex } from '../types/int64.js';
import type { ObservedLine } from './observation.js';

/** Fields that ZooKeeper prints in hexadecimal. */
const HEX_FIELDS: ReadonlySet<string> = new Set([
  'zxid',
  'round',
  'epoch',
  'proposedZxid',
  'newZxid',
  'oldZxid',
  'logicalclock',
  'configVersion',
]);

/** For example `newElection myId=3 zxid=0x100000000`. */
export function printSaid(said: ObservedLine): string {
  const { what, ...fields } = said.what === 'connection' ? { ...said.message, thread: said.thread } : said;
  const flat: Record<string, unknown> = { ...fields };
  if ('notification' in said) {
    delete flat['notification'];
    Object.assign(flat, said.notification);
  }
  const words = Object.entries(flat).map(([name, value]) => `${name}=${printValue(name, value)}`);
  return [what, ...words].join(' ');
}

function printValue(name: string, value: unknown): string {
  if (typeof value === 'bigint') return HEX_FIELDS.has(name) ? `0x${toHex(value)}` : value.toString();
  if (Array.isArray(value)) return `[${value.map(String).join(', ')}]`;
  return String(value);
}
