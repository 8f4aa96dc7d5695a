/**
 * Signed 64-bit integers, exact. ZooKeeper keeps every id, zxid, round and epoch in a Java `long`;
 * a JavaScript number is exact only to 2^53, so all of them are bigint here.
 */
import { err, ok, type Result } from '../base/result.js';

/** −2^63, Java's `Long.MIN_VALUE`: a non-voter proposes it (FastLeaderElection.getInitId, 3.8.0). */
export const LONG_MIN = -(2n ** 63n);
/** 2^63 − 1, Java's `Long.MAX_VALUE`. */
export const LONG_MAX = 2n ** 63n - 1n;

/** Wraps to 64 bits as Java's `long` arithmetic does. */
export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Reads what `Long.toString` prints. Error: a sentence that names the text. */
export function parseDecimalInt64(text: string): Result<bigint> {
  if (!/^[+-]?\d{1,19}$/.test(text)) return err(`"${text}" is not a signed 64-bit decimal number`);
  const value = BigInt(text);
  if (value < LONG_MIN || value > LONG_MAX) return err(`"${text}" does not fit in 64 bits`);
  return ok(value);
}

/** Reads what `Long.toHexString` prints: the bit pattern, without sign or prefix. */
export function parseHexInt64(text: string): Result<bigint> {
  if (!/^[0-9a-fA-F]{1,16}$/.test(text)) return err(`"${text}" is not a 64-bit hexadecimal number`);
  return ok(BigInt.asIntN(64, BigInt(`0x${text}`)));
}

/** Prints as `Long.toHexString` does: the two's complement pattern, no prefix. */
export function toHex(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16);
}
