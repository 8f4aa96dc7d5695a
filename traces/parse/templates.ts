/** The rule book: every message kind that is read. */
import { toHex } from '../../types/int64.js';
import type { ObservedLine } from '../observation.js';
import { CONTEXT_RULES } from './context-rules.js';
import { ELECTION_RULES } from './election-rules.js';
import { OLDER_RULES } from './older-rules.js';
import { RuleBook, type MessagePlace } from './rules.js';
import { Fields, scan, template } from './template.js';

const BOOK = new RuleBook([...ELECTION_RULES, ...OLDER_RULES, ...CONTEXT_RULES]);

/** `<id> Received version: <H> my version: <H>` begins with a field, so no prefix finds it (WorkerReceiver.run). */
const RECEIVED = template('{myId:d} Received version: {theirs:h} my version: {mine:h}');

/**
 * Reads the message of a record. Null: not about elections. `unreadable`: it begins like an election line but
 * does not fit.
 */
export function readMessage(record: MessagePlace): ObservedLine | null {
  const first = record.text.charCodeAt(record.start);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2d) return readReceivedVersion(record);
  return BOOK.read(record);
}

function readReceivedVersion({ text, start, end }: MessagePlace): ObservedLine | null {
  const at = text.indexOf(' Received version: ', start);
  if (at < 0 || at > start + 20) return null;
  const fields = scan(RECEIVED, text.slice(start, end).trimEnd());
  if (!(fields instanceof Fields)) return null;
  const versions = `${toHex(fields.int('theirs'))} my version: ${toHex(fields.int('mine'))}`;
  return { what: 'reconfigured', text: `Received version: ${versions}` };
}

/** Words that open an election line and nothing else: found anywhere in a line of unknown layout. */
const ELECTION_WORDS = new RegExp(
  [
    'New election\\. My id =',
    'Sending Notification: ',
    'Notification: (?:my state:|-?[0-9a-f]+ \\(|-?\\d+, -?\\d+, )',
    'Notification time out: ',
    'Peer state changed: ',
    'Updating proposal: ',
    'Adding vote: ',
    'About to leave FLE instance: ',
    'Receive new notification message\\. ',
    'Sending new notification\\. ',
    'Ignoring notification ',
  ].join('|'),
);

/** Where an election line begins in a line whose layout is not known; -1 if none does. */
export function findElectionWords(text: string, start: number): number {
  const at = (start === 0 ? text : text.slice(start)).search(ELECTION_WORDS);
  return at < 0 ? -1 : at + start;
}
