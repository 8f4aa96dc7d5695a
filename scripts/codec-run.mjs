/**
 * Sends byte strings through the codec of the election port and watches: nothing may throw or take long, each string is of
 * the class that the tables name (`codec-table.mjs`, `codec-initial-table.mjs`), and what is taken has the numbers that stand
 * in the bytes. The codec is handed in.
 */
import { initialClass } from './codec-initial-table.mjs';
import { initialString, notificationString, streamString } from './codec-strings.mjs';
import { framesOf, notificationClass } from './codec-table.mjs';
import { Dice } from './hostile-dice.mjs';

/** One string is a matter of microseconds; what takes this long has met something that grows, not a busy machine. */
const SLOW_MS = 1000;
const TOLD_MAX = 5;
const KINDS = ['parsed', 'configError', 'receiverDies', 'orderDecides'];

/** Runs `count` strings: six of ten are messages, two initial messages, two streams. */
export function runCodec({ count, seed, kit, onProgress }) {
  const figures = { strings: 0, bytes: 0, classes: new Map(), failures: [], failed: 0, slowest: { ms: 0, of: '' } };
  for (let index = 0; index < count; index++) {
    const dice = new Dice(seed, index);
    const [check, made] = makeOne(dice, index % 10);
    const bytes = made.whole ?? made;
    const { problem, ms } = timed(() =>
      check(kit, made, (name) => figures.classes.set(name, (figures.classes.get(name) ?? 0) + 1)),
    );
    if (ms > figures.slowest.ms) figures.slowest = { ms, of: bytes.toString('hex').slice(0, 200) };
    if (problem !== undefined && ++figures.failed <= TOLD_MAX) {
      figures.failures.push(`seed ${seed}, string ${index}: ${problem}: ${bytes.toString('hex')}`);
    }
    figures.strings += 1;
    figures.bytes += bytes.length;
    if (index % 100_000 === 0) onProgress?.(figures);
  }
  return figures;
}

function timed(check) {
  const before = performance.now();
  try {
    const problem = check();
    const ms = performance.now() - before;
    return { ms, problem: problem ?? (ms > SLOW_MS ? `took ${ms.toFixed(0)} ms` : undefined) };
  } catch (error) {
    return { ms: performance.now() - before, problem: `threw ${error}` };
  }
}

function makeOne(dice, kind) {
  if (kind < 6) return [checkNotification, notificationString(dice)];
  return kind < 8 ? [checkInitial, initialString(dice)] : [checkStream, streamString(dice)];
}

function checkNotification(kit, bytes, count) {
  const expected = notificationClass(bytes);
  const read = kit.decodeNotification(bytes);
  const seen = classOf(kit, bytes, read);
  count(`message: ${seen}`);
  if (expected.includes('?')) count('of these, a configuration that is in no table: only that it has a kind');
  if (!isSame(seen, expected)) return `read as "${seen}", the table says "${expected}"`;
  return read.kind === 'notification' ? checkFields(kit, bytes, read.notification) : undefined;
}

/** The kind of a configuration that is not in the table may be any of the known ones. */
function isSame(seen, expected) {
  if (!expected.includes('?')) return seen === expected;
  return KINDS.some((kind) => expected.replace('?', kind) === seen);
}

function classOf(kit, bytes, read) {
  if (read.kind === 'skipped') return read.why;
  const { notification } = read;
  const state = kit.stateOf(notification) === null ? ', unknown state' : '';
  if (notification.configText !== null) {
    return `taken, configuration ${kit.readReceivedConfig(notification.configText).kind}${state}`;
  }
  // Nothing that is read names the form: checkFields tells them apart by epoch and version.
  const old = bytes.length === 28 || bytes.length === 40;
  return `taken, ${old ? `${bytes.length} bytes` : 'no configuration'}${state}`;
}

function checkFields(kit, bytes, read) {
  const long = (at) => bytes.readBigInt64BE(at);
  const epoch = bytes.length === 28 ? BigInt(bytes.readInt32BE(12)) : long(28);
  const version = bytes.length > 40 ? bytes.readInt32BE(36) : 0;
  const same =
    read.stateOrdinal === bytes.readInt32BE(0) &&
    read.leader === long(4) &&
    read.zxid === long(12) &&
    read.round === long(20) &&
    read.epoch === epoch &&
    read.version === version;
  if (!same) return 'a field differs';
  const state = kit.stateOf(read);
  if (state === null) return undefined;
  // What a server could have sent comes out again.
  const whole = read.configText !== null && read.version === 2 && !read.configText.includes('\ufffd');
  const end = whole ? 44 + bytes.readInt32BE(40) : bytes.length;
  const again = whole
    ? kit.encodeNotification({ ...read, state }, read.configText)
    : oldForm(kit, bytes, { ...read, state });
  return again === null || bytes.subarray(0, end).equals(again) ? undefined : 'not written again as it was';
}

function oldForm(kit, bytes, message) {
  const isOld = bytes.length === 28 || (bytes.length === 40 && bytes.readInt32BE(36) === 1);
  return isOld ? kit.encodeOldNotification(message, bytes.length) : null;
}

function checkInitial(kit, bytes, count) {
  const expected = initialClass(bytes);
  const read = kit.decodeInitialMessage(bytes);
  const seen = read.kind === 'accepted' ? 'accepted' : read.why;
  count(`initial: ${seen}`);
  if (seen !== expected) return `read as "${seen}", the table says "${expected}"`;
  if (read.kind !== 'accepted') return undefined;
  const legacy = bytes[0] < 0x80;
  if (read.message.sid !== bytes.readBigInt64BE(legacy ? 0 : 8)) return 'another id';
  if (read.anonymous !== (read.message.sid === 2n ** 63n - 1n)) return 'wrongly anonymous';
  return read.consumed === (legacy ? 8 : 20 + bytes.readInt32BE(16)) ? undefined : 'another end';
}

function checkStream(kit, { whole, chunks }, count) {
  let stream = kit.NEW_FRAME_STREAM;
  const frames = [];
  for (const chunk of chunks) {
    const read = kit.readFrames(stream, chunk);
    stream = read.stream;
    frames.push(...read.frames);
  }
  const expected = framesOf(whole);
  const end = stream.kind === 'broken' ? 'broken' : kit.unfinishedBytes(stream);
  count(`stream: ${end === 'broken' ? 'bad length' : end === 0 ? 'ends with a frame' : 'ends within a frame'}`);
  const lengths = frames.map((frame) => frame.length);
  if (end !== expected.end || lengths.join() !== expected.lengths.join()) return `frames ${lengths}, then ${end}`;
  const again = Buffer.concat(frames.map(kit.encodeFrame));
  if (!whole.subarray(0, again.length).equals(again)) return 'other bytes';
  for (const frame of frames) {
    const problem = checkNotification(kit, Buffer.from(frame), (name) => count(`framed ${name}`));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
