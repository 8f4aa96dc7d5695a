/** Byte strings for the election port: mutations of valid ones, lengths around every border, lying counts, and noise. */
import { CONFIGS } from './codec-table.mjs';

const EDGES_32 = [0, 1, 2, 3, 4, 27, 28, 43, 44, 45, -1, 2048, 2049, 524_288, 524_289, 2 ** 31 - 1, -(2 ** 31)];
const EDGES_64 = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), -65536n, -65535n, -65534n, 0x100000000n];
const HOSTS = ['a', '10.0.0.7', '[::1]', '[::]', '0.0.0.0', '', '[fe80::1%1]', '[::%1]', 'a.example', '[', '[::1'];
const PORTS = ['3888', '0', '65535', '65536', '-1', '+1', '', 'x', '99999999999', '1:2', '3888:', ' 1', '٣٨', '６5536'];

export function noise(dice, length) {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = dice.below(256);
  return bytes;
}

/** One mutation: a byte, a number at an edge, less, more, or two pieces swapped. */
function mutated(dice, bytes) {
  const at = dice.below(bytes.length + 1);
  switch (dice.below(7)) {
    case 0:
    case 1: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = dice.once(2) ? dice.below(256) : copy[at] ^ (1 << dice.below(8));
      return copy;
    }
    case 2:
    case 3: {
      const copy = Buffer.from(bytes);
      const field = dice.pick([0, 4, 12, 16, 20, 28, 36, 36, 40, 40]);
      if (field + 8 <= copy.length && dice.once(2)) copy.writeBigInt64BE(dice.pick(EDGES_64), field);
      else if (field + 4 <= copy.length) copy.writeInt32BE(edge32(dice, copy.length), field);
      return copy;
    }
    case 4:
      return bytes.subarray(0, at);
    case 5:
      return Buffer.concat([bytes, noise(dice, dice.below(20))]);
    default:
      return Buffer.concat([bytes.subarray(0, at), noise(dice, dice.below(4)), bytes.subarray(at + dice.below(4))]);
  }
}

function edge32(dice, length) {
  return dice.once(2) ? dice.pick(EDGES_32) : length - 44 + dice.below(5) - 2;
}

/** A quarter stays valid. */
function perhapsMutated(dice, bytes) {
  let result = bytes;
  for (let times = dice.below(4); times > 0; times--) result = mutated(dice, result);
  return result;
}

function configBytes(dice) {
  const [text] = dice.pick(CONFIGS);
  const bytes = Buffer.from(text);
  return dice.once(4) ? mutated(dice, bytes) : bytes;
}

function validNotification(dice) {
  const config = configBytes(dice);
  const bytes = Buffer.alloc(44 + config.length);
  bytes.writeInt32BE(dice.once(8) ? dice.pick(EDGES_32) : dice.below(4), 0);
  for (const at of [4, 12, 20, 28])
    bytes.writeBigInt64BE(dice.once(3) ? dice.pick(EDGES_64) : BigInt(dice.below(9)), at);
  bytes.writeInt32BE(dice.once(6) ? dice.pick([-1, 0, 1, 3, 2 ** 31 - 1]) : 2, 36);
  bytes.writeInt32BE(config.length, 40);
  config.copy(bytes, 44);
  return dice.once(4) ? bytes.subarray(0, 28 + dice.below(17)) : bytes;
}

/** A message: of five one noise. */
export function notificationString(dice) {
  if (dice.once(5)) return noise(dice, dice.below(61));
  return perhapsMutated(dice, validNotification(dice));
}

export function initialString(dice) {
  if (dice.once(5)) return noise(dice, dice.below(61));
  const address = () => `${dice.pick(HOSTS)}:${dice.once(2) ? dice.pick(PORTS) : dice.below(65_536)}`;
  const text = Buffer.from(Array.from({ length: 1 + dice.below(3) }, address).join('|'));
  const bytes = Buffer.alloc(20 + text.length);
  bytes.writeBigInt64BE(dice.once(6) ? dice.pick(EDGES_64) : -65536n + BigInt(dice.below(2)), 0);
  bytes.writeBigInt64BE(dice.pick(EDGES_64), 8);
  bytes.writeInt32BE(text.length, 16);
  text.copy(bytes, 20);
  return perhapsMutated(dice, bytes);
}

/** A stream of frames, some with a false length, and the places where it is cut. */
export function streamString(dice) {
  const pieces = Array.from({ length: dice.below(5) }, () => {
    const payload = notificationString(dice);
    const length = Buffer.alloc(4);
    length.writeInt32BE(dice.once(12) ? edge32(dice, payload.length + 44) : payload.length);
    return Buffer.concat([length, payload]);
  });
  const bytes = dice.once(10) ? noise(dice, dice.below(61)) : Buffer.concat(pieces);
  const whole = dice.once(4) ? bytes.subarray(0, dice.below(bytes.length + 1)) : bytes;
  const chunks = [];
  const usual = dice.pick([1, 2, 4, 16, 1000]);
  for (let at = 0; at < whole.length;) {
    const size = dice.below(usual + 1);
    chunks.push(whole.subarray(at, at + size));
    at += size;
  }
  return { whole, chunks };
}
