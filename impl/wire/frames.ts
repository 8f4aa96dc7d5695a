/**
 * Length-prefixed frames out of a stream of bytes (QuorumCnxManager.RecvWorker.run and SendWorker.send, 3.8.0): after the
 * initial message both directions consist of them.
 */
import { assert } from '../../base/assert.js';

/** QuorumCnxManager.PACKETMAXSIZE. */
export const FRAME_MAX = 524_288;
const LENGTH_BYTES = 4;

/**
 * Between two chunks. `parts` are the bytes of what is being read, a length or a body, in pieces that shrink from left to
 * right: there are never more than some twenty, and nothing is reserved before it has come.
 */
export type FrameStream =
  | {
      readonly kind: 'reading';
      readonly what: 'length' | 'body';
      /** How many bytes it has when it is whole. */
      readonly size: number;
      readonly parts: readonly Uint8Array[];
    }
  /** RecvWorker closed the connection for this length; what comes later is not read. */
  | { readonly kind: 'broken'; readonly length: number };

export const NEW_FRAME_STREAM: FrameStream = { kind: 'reading', what: 'length', size: LENGTH_BYTES, parts: [] };

/** What a chunk gave: frames that are whole now, without their length, and what the next chunk goes to. */
export interface FramesRead {
  readonly stream: FrameStream;
  readonly frames: readonly Uint8Array[];
}

/** Reads one chunk. The frames before a bad length are given; nothing given shares memory with the chunk. */
export function readFrames(stream: FrameStream, chunk: Uint8Array): FramesRead {
  const frames: Uint8Array[] = [];
  let now = stream;
  let offset = 0;
  while (now.kind === 'reading' && offset < chunk.length) {
    const missing: number = now.size - sizeOf(now.parts);
    // A copy also of a Buffer, whose own slice would be none.
    const piece = new Uint8Array(chunk.subarray(offset, offset + missing));
    offset += piece.length;
    if (piece.length < missing) {
      now = { ...now, parts: appended(now.parts, piece) };
    } else {
      const whole = joined([...now.parts, piece]);
      if (now.what === 'body') frames.push(whole);
      now = now.what === 'body' ? NEW_FRAME_STREAM : afterLength(whole);
    }
  }
  return { stream: now, frames };
}

/** Bytes of a frame that has begun: lost if the stream ends here (`EOFException` in RecvWorker). */
export function unfinishedBytes(stream: FrameStream): number {
  if (stream.kind === 'broken') return 0;
  return sizeOf(stream.parts) + (stream.what === 'body' ? LENGTH_BYTES : 0);
}

/** Puts the length before a payload. Precondition: 1 to FRAME_MAX bytes, or the receiver would close. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  assert(isFrameLength(payload.length), `a frame of ${payload.length} bytes`);
  const frame = new Uint8Array(LENGTH_BYTES + payload.length);
  new DataView(frame.buffer).setInt32(0, payload.length);
  frame.set(payload, LENGTH_BYTES);
  return frame;
}

function isFrameLength(length: number): boolean {
  return length > 0 && length <= FRAME_MAX;
}

function afterLength(bytes: Uint8Array): FrameStream {
  const length = new DataView(bytes.buffer).getInt32(0);
  if (!isFrameLength(length)) return { kind: 'broken', length };
  return { kind: 'reading', what: 'body', size: length, parts: [] };
}

/** Joins equals, so that each byte is copied as often as the logarithm of the frame's length, however small the chunks. */
function appended(parts: readonly Uint8Array[], piece: Uint8Array): readonly Uint8Array[] {
  let last = piece;
  let kept = parts.length;
  for (let before = parts[kept - 1]; before !== undefined && before.length <= last.length; before = parts[kept - 1]) {
    last = joined([before, last]);
    kept--;
  }
  return [...parts.slice(0, kept), last];
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(sizeOf(parts));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
