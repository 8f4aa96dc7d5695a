/**
 * Observations as text, one JSON object a line, so that other implementations and other tools can be judged:
 * `{"schema":"zabcheck.observation/1","what":…,"sid":…,"file":…,"line":…, fields of the line}`. Every 64-bit
 * value is printed as a decimal string; a reader also takes a JSON number that is exact (up to 2^53 − 1).
 */
import { z } from 'zod';
import { err, ok, type Result } from '../base/result.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import { parseDecimalInt64 } from '../types/int64.js';
import { SERVER_STATES } from '../types/server-state.js';
import type { Observation, ObservedLine, ReadLine, SourcePosition } from './observation.js';

/** Name and version of the text form; a change that old readers cannot follow changes the number. */
export const OBSERVATION_SCHEMA = 'zabcheck.observation/1';

const INT64_FORM = 'expected a 64-bit integer, as a decimal string or an exact number';

/** Longer texts are refused: many lines are held at a time, and no line of a log is read beyond so many characters. */
const TEXT_MAX = 4096;
/** So many servers may support a leader. */
const SIDS_MAX = 512;
/** So much of a value is repeated in a sentence. */
const SHOWN_MAX = 60;

/** A value of JSON for a sentence: short, however long or deep it is. */
function shown(value: unknown): string {
  if (typeof value === 'object') return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  const json = JSON.stringify(value);
  return json.length > SHOWN_MAX ? `${json.slice(0, SHOWN_MAX)}…` : json;
}

const int64 = z.union([z.string(), z.number()], INT64_FORM).transform((value, context) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return BigInt(value);
    context.addIssue({
      code: 'custom',
      message: `${value} is not exact as a JSON number; write it as a decimal string`,
    });
    return z.NEVER;
  }
  const read = parseDecimalInt64(value);
  if (read.ok) return read.value;
  const message = value.length > SHOWN_MAX ? `${shown(value)} is not a signed 64-bit decimal number` : read.error;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const sid = int64.transform(asSid);
const zxid = int64.transform(asZxid);
const round = int64.transform(asRound);
const epoch = int64.transform(asPeerEpoch);
const config = int64.transform(asConfigVersion);
const state = z.enum(SERVER_STATES);
const role = z.enum(['FOLLOWING', 'LEADING', 'OBSERVING']);
const count = z.int().nonnegative();
const text = z.string().max(TEXT_MAX, `expected at most ${TEXT_MAX} characters`);
const sids = z.array(sid).max(SIDS_MAX, `expected at most ${SIDS_MAX} servers`);

/** One line kind: its name, the envelope and its own fields; any other key is refused. */
function kind<Name extends ReadLine['what'], Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  return z.strictObject({
    what: z.literal(name),
    sid: sid.nullable(),
    file: text.optional(),
    line: z.int().positive().optional(),
    /** The time stamp, as printed. */
    time: text.optional(),
    ...shape,
  });
}

const KINDS = [
  kind('looking', {}),
  kind('roleEntered', { role }),
  kind('stateChanged', { state }),
  kind('newElection', { myId: sid, zxid }),
  kind('timedOut', { nextTimeoutMs: count }),
  kind('ignoredLeader', { leader: sid, from: sid }),
  kind('ignoredSender', { leader: sid.nullable(), from: sid }),
  kind('oracle', { follow: z.boolean() }),
  kind('updatingProposal', { newLeader: sid, newZxid: zxid, oldLeader: sid, oldZxid: zxid }),
  kind('sending', { leader: sid, zxid, round, epoch, recipient: sid, myId: sid }),
  kind('compared', { leader: sid, proposedLeader: sid, zxid, proposedZxid: zxid }),
  kind('staleRound', { round, logicalclock: round }),
  kind('addingVote', { from: sid, leader: sid, zxid, round }),
  kind('observerNotification', { from: sid }),
  kind('ownZxidMissing', {}),
  kind('senderZxidMissing', { from: sid }),
  kind('learningState', { myId: sid, observer: z.boolean() }),
  kind('leavingElection', { leader: sid, zxid, myId: sid, myState: state }),
  kind('receiving', { myId: sid }),
  kind('notification', {
    myState: state,
    from: sid,
    state,
    leader: sid,
    zxid,
    round,
    epoch,
    version: z.int32(),
    configVersion: config,
  }),
  kind('answering', { myId: sid, recipient: sid, zxid, leader: sid, configVersion: config }),
  kind('processStarted', { myId: sid.nullable() }),
  kind('phase', { state, phase: text, sync: text.nullable() }),
  kind('electionTook', { role, tookMs: z.int() }),
  kind('setToLooking', {}),
  kind('newLeaderReceived', {}),
  kind('upToDateReceived', {}),
  kind('quorumOfSupporters', { sids, zxid }),
  kind('snapshotLoaded', { zxid }),
  kind('epochDefault', { which: z.enum(['currentEpoch', 'acceptedEpoch']), epoch }),
  kind('roleEnding', { reason: text }),
  kind('electionRestarted', {}),
  kind('reconfigured', { text }),
  kind('intervalSetting', { which: z.enum(['min', 'max']), ms: z.int() }),
  kind('messengerDown', { which: z.enum(['receiver', 'sender']) }),
  kind('version', { text }),
  kind('mainLoopException', { text }),
  kind('unreadable', { text, why: text }),
  kind('seam', { why: text }),
] as const;

const FORM = z.discriminatedUnion('what', KINDS);
type Form = z.output<typeof FORM>;
/** The fields of the line itself, per kind. */
type SaidForm = Form extends infer One
  ? One extends unknown
    ? Omit<One, 'sid' | 'file' | 'line' | 'time'>
    : never
  : never;

/** Does not compile while a kind of line has no text form; lines of connections have none. */
const COMPLETE: Exclude<ReadLine['what'], SaidForm['what'] | 'connection'> extends never ? true : never = true;

/** Every kind of line that the text form knows. */
export const OBSERVATION_KINDS: readonly string[] = COMPLETE && KINDS.map((one) => one.shape.what.value);

/** The JSON Schema (draft 2020-12) of one line of a trace. */
export function observationJsonSchema(): unknown {
  const schema = z.literal(OBSERVATION_SCHEMA);
  const [first, ...rest] = KINDS.map((one) => z.strictObject({ schema, ...one.shape }));
  if (first === undefined) throw new Error('internal error: there are kinds of lines');
  return z.toJSONSchema(z.union([first, ...rest]), { io: 'input' });
}

/** Prints one observation as one line, without a line break. */
export function printObservation(observation: Observation): string {
  const { said, at } = observation;
  const fields = said.what === 'notification' ? { myState: said.myState, ...inOrder(said.notification) } : said;
  const line = {
    schema: OBSERVATION_SCHEMA,
    what: said.what,
    sid: observation.sid,
    file: at.file,
    line: at.line,
    ...(at.time === undefined ? {} : { time: at.time }),
    ...fields,
  };
  return JSON.stringify(line, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

type NotificationFields = Extract<ObservedLine, { readonly what: 'notification' }>['notification'];

/** The order in which ZooKeeper prints them, which is the documented order of the keys. */
function inOrder(n: NotificationFields): NotificationFields {
  const { from, state: sender, leader, zxid: id, round: clock, epoch: peer, version, configVersion } = n;
  return { from, state: sender, leader, zxid: id, round: clock, epoch: peer, version, configVersion };
}

/**
 * Reads one line. `position` is used for a missing `file` or `line`. Error: a sentence that names the field.
 */
export function parseObservation(line: string, position: SourcePosition): Result<Observation> {
  const fields = fieldsOf(line);
  if (!fields.ok) return fields;
  const read = FORM.safeParse(fields.value);
  if (!read.success) return err(sentence(read.error.issues, fields.value));
  const { sid: server, file = position.file, line: number = position.line, time, ...said } = read.data;
  const at = { file, line: number };
  return ok({ sid: server, at: time === undefined ? at : { ...at, time }, said: saidOf(said) });
}

type JsonFields = Readonly<Record<string, unknown>>;

/** Everything but the schema, which is checked here, as is the kind: the two decide how the rest is read. */
function fieldsOf(line: string): Result<JsonFields> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return err('the line is not a JSON object');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return err('the line is not a JSON object');
  const { schema, ...fields } = json as JsonFields;
  if (schema === undefined) return err(`the field "schema" is missing; expected "${OBSERVATION_SCHEMA}"`);
  if (schema !== OBSERVATION_SCHEMA) return err(`schema ${shown(schema)} is not "${OBSERVATION_SCHEMA}"`);
  const what = fields['what'];
  if (what === undefined) return err('the field "what" is missing');
  if (typeof what === 'string' && OBSERVATION_KINDS.includes(what)) return ok(fields);
  return err(`"what" is ${shown(what)}, which is no known kind of line`);
}

function sentence(issues: readonly z.core.$ZodIssue[], fields: JsonFields): string {
  const issue = issues[0];
  if (issue === undefined) return 'the line cannot be read';
  if (issue.code === 'unrecognized_keys') {
    return `${shown(issue.keys[0])} does not belong to this kind of line`;
  }
  const key = issue.path[0];
  if (key !== undefined && !(key in fields)) {
    return `the field "${String(key)}" is missing`;
  }
  const message =
    issue.code === 'invalid_union' ? INT64_FORM : issue.message.replace(/^Invalid (?:input|option): /, '');
  return `the field "${issue.path.join('.')}": ${message}`;
}

function saidOf(form: SaidForm): ObservedLine {
  if (form.what !== 'notification') return form;
  const { what, myState, ...notification } = form;
  return { what, myState, notification };
}
