/** A peer as JSON text and back: 64-bit values are decimal strings, maps are lists ascending by server id. */
import { z } from 'zod';
import { err, ok, type Result } from '../base/result.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import { parseDecimalInt64 } from '../types/int64.js';
import { SERVER_STATES } from '../types/server-state.js';
import type { Peer } from './peer.js';

const int64 = z.string().transform((text, context) => {
  const parsed = parseDecimalInt64(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});
const sid = int64.transform(asSid);
const zxid = int64.transform(asZxid);
const round = int64.transform(asRound);
const epoch = int64.transform(asPeerEpoch);
const state = z.enum(SERVER_STATES);

const proposal = z.strictObject({ leader: sid, zxid, epoch });
const endVote = z.strictObject({ leader: sid, zxid, round, epoch });
const version = z.int32();
const vote = z.strictObject({ leader: sid, zxid, round, epoch, state, version });
const notification = z.strictObject({
  ...vote.shape,
  from: sid,
  configVersion: int64.transform(asConfigVersion),
});
const votes = z.array(z.tuple([sid, vote])).transform((entries) => new Map(entries));
const call = z.strictObject({
  recvset: votes,
  outofelection: votes,
  notTimeoutMs: z.int().nonnegative(),
  voteSet: z.array(sid).nullable(),
});
const main = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('enter') }),
  z.strictObject({ at: z.literal('poll'), call }),
  z.strictObject({ at: z.literal('final'), call }),
  z.strictObject({ at: z.literal('silent'), call }),
  z.strictObject({ at: z.literal('decided'), endVote }),
  z.strictObject({ at: z.literal('role') }),
]);
const reply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nonVoter'), vote }),
  z.strictObject({ kind: z.literal('looking'), vote: proposal }),
  z.strictObject({ kind: z.literal('decided'), vote }),
]);
const worker = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('idle') }),
  z.strictObject({ stage: z.literal('printed'), notification }),
  z.strictObject({ stage: z.literal('tested'), notification }),
  z.strictObject({ stage: z.literal('enqueued'), notification }),
  z.strictObject({ stage: z.literal('replying'), to: sid, reply }),
]);
const process = z.strictObject({
  state,
  currentVote: vote,
  bcVote: vote.nullable().exactOptional(),
  logicalclock: round,
  proposal,
  recvqueue: z.array(notification),
  needOracle: z.boolean(),
  main,
  worker,
});
const peerSchema = z.strictObject({
  durable: z.strictObject({ lastZxid: zxid, currentEpoch: epoch, acceptedEpoch: epoch }),
  process: process.nullable(),
});

/** JSON text of a peer; equal peers give equal text. */
export function encodePeer(peer: Peer): string {
  return JSON.stringify(peer, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Map) return [...(value as Map<bigint, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1));
    return value;
  });
}

/** Reads what `encodePeer` wrote. Error: one sentence that names the first wrong field. */
export function decodePeer(text: string): Result<Peer> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('a peer must be JSON text');
  }
  const parsed = peerSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(`not a peer: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown reason'}`);
}
