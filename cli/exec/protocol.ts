/**
 * What `fuzz --exec` says to a peer in another language, and what it understands: one JSON object a line, `id` in every
 * request and in its answer, 64-bit numbers as decimal strings. docs/test-your-own.md tells it for people.
 */
import { z } from 'zod';
import { err, ok, type Result } from '../../base/result.js';
import { configJson } from '../../models/fuzz/script-codec.js';
import type { PeerDisk, PeerInput, PeerSettings, PeerView, Sent } from '../../models/conformance/peer.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { SERVER_STATES } from '../../types/server-state.js';

const INT64 = 'a 64-bit number as a decimal string';

const int64 = z.union([z.string(), z.int()], INT64).transform((value, context) => {
  if (typeof value === 'number') return BigInt(value);
  const read = parseDecimalInt64(value);
  if (read.ok) return read.value;
  context.addIssue({ code: 'custom', message: read.error });
  return z.NEVER;
});
const sid = int64.transform(asSid);
const zxid = int64.transform(asZxid);
const round = int64.transform(asRound);
const epoch = int64.transform(asPeerEpoch);
const state = z.enum(SERVER_STATES);
const proposal = z.strictObject({ leader: sid, zxid, epoch });
const vote = z.strictObject({ ...proposal.shape, round, state, version: z.int32() });
const message = z.strictObject({ ...vote.shape, configVersion: int64.transform(asConfigVersion) });
const votes = z.array(z.tuple([sid, vote])).transform((entries) => new Map(entries));

const viewSchema = z.strictObject({
  state,
  round,
  proposal,
  vote: z.strictObject({ ...proposal.shape, round }),
  zxid,
  currentEpoch: epoch,
  acceptedEpoch: epoch,
  place: z.enum(['ENTER', 'POLL', 'FINAL', 'SILENT', 'DECIDED', 'OUT']).optional(),
  queue: z.array(z.strictObject({ ...message.shape, from: sid })).optional(),
  recvset: votes.optional(),
  outofelection: votes.optional(),
});

/** An answer; unknown keys are refused, so that a misspelt one is noticed. */
export const answerSchema = z.strictObject({
  id: z.int(),
  sent: z.array(z.strictObject({ to: sid, message })),
  view: viewSchema,
});

/** Its JSON Schema (draft 2020-12). */
export const answerJsonSchema = (): unknown => z.toJSONSchema(answerSchema, { io: 'input' });

export interface Answer {
  readonly id: number;
  readonly sent: readonly Sent[];
  readonly view: PeerView;
}

/** So much of a line that is no answer is repeated. */
const SHOWN_MAX = 120;

/** Error: one sentence that names the field. */
export function parseAnswer(line: string, id: number): Result<Answer> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return err(`answered with a line that is not JSON: ${excerpt(line)}`);
  }
  const read = answerSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join('.') ?? '';
    return err(
      `answered wrongly at "${place === '' ? 'its top' : place}": ${issue?.message ?? 'unknown'}: ${excerpt(line)}`,
    );
  }
  if (read.data.id !== id) return err(`answered request ${read.data.id} when ${id} was asked: ${excerpt(line)}`);
  const { place, queue, recvset, outofelection, ...shown } = read.data.view;
  const view: PeerView = {
    ...shown,
    ...(place === undefined ? {} : { place }),
    ...(queue === undefined ? {} : { queue }),
    ...(recvset === undefined ? {} : { recvset }),
    ...(outofelection === undefined ? {} : { outofelection }),
  };
  return ok({ id, sent: read.data.sent, view });
}

function excerpt(line: string): string {
  return JSON.stringify(line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line);
}

/** A process starts, perhaps not the first in this one: everything before is forgotten. */
export function bootRequest(id: number, settings: PeerSettings, disk: PeerDisk): string {
  return print({ id, type: 'boot', settings: settingsJson(settings), disk });
}

/** `before`: the settings in force; a configuration that is another object is told as new, be it equal or not. */
export function inputRequest(id: number, input: PeerInput, before: PeerSettings): string {
  if (input.type !== 'Configure') return print({ id, ...input });
  const { committed, lastSeen } = input.settings.membership;
  return print({
    id,
    type: 'Configure',
    settings: settingsJson(input.settings),
    newCommitted: committed !== before.membership.committed,
    newLastSeen: lastSeen !== before.membership.lastSeen,
  });
}

function settingsJson({ sid: id, learnerType, membership: { committed, lastSeen }, release }: PeerSettings): unknown {
  return {
    ...(release === undefined ? {} : { release }),
    sid: id,
    learnerType,
    committed: configJson(committed),
    lastSeen: lastSeen === null ? null : configJson(lastSeen),
  };
}

function print(request: object): string {
  return JSON.stringify(request, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
