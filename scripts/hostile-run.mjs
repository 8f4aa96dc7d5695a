/**
 * Feeds hostile lines, objects and logs to the code that reads and judges, and watches: nothing may throw, no call may
 * take long, memory stays bounded, and what is read has the types it should have. The code itself is handed in.
 */
import { asBytes, hostileLine, hostileLog } from './hostile-lines.mjs';
import { Dice } from './hostile-dice.mjs';
import { hostileCrowd, hostileObject, hostileTrace } from './hostile-objects.mjs';

/** No call may take longer; one that does is repeated by the clock of the CPU, for another process may have had it. */
const SLOW_MS = 100;
/** A judgement is many calls: as many lines as it has, and every hypothesis for each. */
const SLOW_JUDGEMENT_MS = 2000;
const REPEATS = 3;
const RSS_MAX_MB = 1024;
const BATCH = 1000;
/** Every so many observations one is printed and read back. */
const ROUND_TRIP_EVERY = 37;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const TEXT_MAX = 5000;
const TOLD_MAX = 3;

/** What was done, for people and tests. */
function newFigures() {
  return {
    lines: 0,
    objects: 0,
    judgements: 0,
    calls: 0,
    observations: 0,
    unreadable: 0,
    refusedObjects: 0,
    verdicts: { accepted: 0, diverged: 0, inconclusive: 0 },
    slowestCall: { ms: 0, of: '' },
    slowestJudgement: { ms: 0, of: '' },
    peakRssMb: 0,
    peakHeapMb: 0,
    failures: [],
    furtherFailures: 0,
  };
}

/** For a terminal: short, in ASCII. */
export function escaped(text) {
  const short = text.length > 400 ? `${text.slice(0, 300)}…${text.slice(-80)}` : text;
  const safe = JSON.stringify(short).replaceAll(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > 400 ? `${safe} (${text.length} characters)` : safe;
}

class Watch {
  figures = newFigures();
  #seed;
  #failed = new Map();

  constructor(seed) {
    this.#seed = seed;
  }

  /** Failures that differ only in numbers are told a few times. */
  fail(what, of) {
    const { failures, furtherFailures } = this.figures;
    const kind = what.replaceAll(/-?\d+/g, '0').slice(0, 300);
    const known = this.#failed.get(kind) ?? 0;
    this.#failed.set(kind, known + 1);
    if (known < TOLD_MAX && failures.length < 50) failures.push(`seed ${this.#seed}: ${what}: ${escaped(of)}`);
    else this.figures.furtherFailures = furtherFailures + 1;
  }

  /** The shortest of some runs, if the first was long. `run` may be repeated. */
  timed(run, of, { limit, slot }) {
    const { figures } = this;
    const started = performance.now();
    let result;
    try {
      result = run();
    } catch (error) {
      this.fail(`threw ${error?.stack ?? error}`, of);
      return undefined;
    }
    let ms = performance.now() - started;
    figures.calls += 1;
    for (let again = 0; again < REPEATS && ms > limit; again += 1) {
      const [since, cpu] = [performance.now(), process.cpuUsage()];
      run();
      const { user, system } = process.cpuUsage(cpu);
      ms = Math.min(ms, performance.now() - since, (user + system) / 1000);
    }
    if (ms > limit) this.fail(`took ${ms.toFixed(0)} ms`, of);
    if (ms > figures[slot].ms) figures[slot] = { ms, of: escaped(of) };
    return result;
  }

  memory() {
    const { rss, heapUsed } = process.memoryUsage();
    this.figures.peakRssMb = Math.max(this.figures.peakRssMb, rss / 2 ** 20);
    this.figures.peakHeapMb = Math.max(this.figures.peakHeapMb, heapUsed / 2 ** 20);
    if (rss / 2 ** 20 > RSS_MAX_MB) this.fail(`${(rss / 2 ** 20).toFixed(0)} MB of memory are used`, '');
  }
}

const CALL = { limit: SLOW_MS, slot: 'slowestCall' };
const JUDGEMENT = { limit: SLOW_JUDGEMENT_MS, slot: 'slowestJudgement' };

/** What is wrong with a value of an observation; null if nothing is. */
function wrongValue(value) {
  switch (typeof value) {
    case 'bigint':
      return value >= LONG_MIN && value <= LONG_MAX ? null : `${value} is beyond 64 bits`;
    case 'number':
      return Number.isSafeInteger(value) ? null : `${value} is not exact`;
    case 'string':
      return value.length <= TEXT_MAX ? null : `a text has ${value.length} characters`;
    case 'boolean':
      return null;
    case 'object':
      if (value === null) return null;
      for (const inner of Object.values(value)) {
        const wrong = wrongValue(inner);
        if (wrong !== null) return wrong;
      }
      return null;
    default:
      return `there is a ${typeof value}`;
  }
}

function wrongObservation({ sid, at, said }, kinds) {
  if (sid !== null && typeof sid !== 'bigint') return `the server is ${typeof sid}`;
  if (typeof at.file !== 'string' || !Number.isSafeInteger(at.line) || at.line < 1)
    return `it stands at ${at.file}:${at.line}`;
  if (!kinds.has(said.what)) return `its kind is ${said.what}`;
  return wrongValue(sid) ?? wrongValue(said);
}

function checkObservation(watch, kit, one, of) {
  watch.figures.observations += 1;
  if (one.said.what === 'unreadable') watch.figures.unreadable += 1;
  const wrong = wrongObservation(one, kit.kinds);
  if (wrong !== null) watch.fail(wrong, of);
  if (watch.figures.observations % ROUND_TRIP_EVERY !== 0) return;
  const text = kit.printObservation(one);
  const back = kit.parseObservation(text, one.at);
  if (!back.ok) watch.fail(`was printed, but is not read back: ${back.error}`, text);
  else if (kit.printObservation(back.value) !== text) watch.fail('is read back as something else', text);
}

const THREE = 'server.1=h:1:11\nserver.2=h:2:12\nserver.3=h:3:13\n';

/** What the judged logs are judged with. */
export const CONFIG_TEXTS = [
  THREE,
  `${THREE}server.4=h:4:14\n`,
  `${THREE}server.4=h:4:14:observer\nserver.5=h:5:15\n`,
  `${THREE}server.4=h:4:14\ngroup.1=1:2\ngroup.2=3:4\nweight.1=2\nweight.3=0\n`,
  'server.-1=h:1:11\nserver.9223372036854775807=h:2:12\nserver.1=h:3:13\n',
];

/** Bytes in pieces of odd sizes, as pipes and disks give them. */
async function* inPieces(bytes, dice) {
  for (let at = 0; at < bytes.length;) {
    const size = dice.once(10) ? 1 + dice.below(3) : 1 + dice.below(60_000);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Through bytes, the cutter of lines, and the parser that a log has. */
async function readBatch(watch, kit, { seed, from, to, make, read }) {
  const pieces = [];
  for (let index = from; index < to; index += 1) {
    const text = make(seed, index);
    // As it is, too: neither cut nor decoded, however long.
    if (index % 8 === 0) read(text);
    pieces.push(asBytes(seed, index, text), Buffer.from(index % 50 === 0 ? '\r\n' : '\n'));
  }
  const dice = new Dice(seed, from);
  const bytes = Buffer.concat(pieces);
  const encoding = dice.once(50) ? 'utf-16le' : 'utf-8';
  let held = 0;
  for await (const { lines } of kit.linesOf(inPieces(bytes, dice), () => 0, encoding)) {
    for (const line of lines) {
      held = Math.max(held, line.length);
      read(line);
    }
  }
  if (held > kit.MAX_LINE) watch.fail(`a line of ${held} characters was handed on`, '');
}

/** `push` keeps what came before, so a repetition gets a parser of its own. */
function lineReader(watch, kit) {
  let parser = new kit.LogParser('hostile.log');
  let fresh = true;
  return (line) => {
    if (parser.counts.lines > 100_000) parser = new kit.LogParser('hostile.log');
    fresh = true;
    const found = watch.timed(
      () => {
        const by = fresh ? parser : new kit.LogParser('hostile.log');
        fresh = false;
        return by.push(line);
      },
      line,
      CALL,
    );
    for (const one of found ?? []) checkObservation(watch, kit, one, line);
  };
}

function objectReader(watch, kit) {
  let number = 0;
  return (line) => {
    const at = { file: 'hostile.ndjson', line: ++number };
    const found = watch.timed(() => kit.parseObservation(line, at), line, CALL);
    if (found === undefined) return;
    if (found.ok) checkObservation(watch, kit, found.value, line);
    else {
      watch.figures.refusedObjects += 1;
      if (typeof found.error !== 'string' || found.error === '' || found.error.length > 1000) {
        watch.fail(`refused with no short sentence: ${escaped(String(found.error))}`, line);
      }
    }
  };
}

/** Lines of a log, or of NDJSON. */
function observationsOf(kit, lines) {
  const parser = new kit.LogParser('hostile.log');
  return lines.flatMap((line, at) => {
    if (!line.startsWith('{"schema"')) return parser.push(line);
    const read = kit.parseObservation(line, { file: 'hostile.ndjson', line: at + 1 });
    return read.ok ? [read.value] : [];
  });
}

/** A whole judgement, as `validate` makes it: with a configuration, or with what the log itself tells. */
function judge(watch, kit, { seed, index }) {
  const dice = new Dice(seed, index + 0x20000000);
  const makers = [hostileTrace, hostileTrace, hostileLog, hostileLog, hostileLog];
  const make = dice.once(50) ? hostileCrowd : dice.pick(makers);
  const lines = make(seed, index, dice.pick(kit.logs));
  const text = lines.join('\n');
  const observations = watch.timed(() => observationsOf(kit, lines), text, JUDGEMENT);
  watch.figures.judgements += 1;
  if (observations === undefined) return;
  const machine = dice.pick(kit.machines);
  const sid = observations.find((one) => one.sid !== null)?.sid ?? 1n;
  const config = dice.below(3) > 0 ? dice.pick(kit.configs) : null;
  const own = observations.filter((one) => one.sid === null || one.sid === sid);
  const verdict = watch.timed(
    () => {
      const survey = new kit.LogSurvey();
      for (const one of own) survey.see(one);
      const configs = config === null ? survey.candidateConfigs(sid) : [config];
      if (configs.length === 0) return { kind: 'inconclusive' };
      const { debug, maxNotificationIntervalMs } = survey;
      const judging = new kit.Judge(machine, { sid, configs, debug, maxNotificationIntervalMs });
      for (const one of own) judging.push(one);
      return judging.finish();
    },
    text,
    JUDGEMENT,
  );
  if (verdict === undefined) return;
  watch.figures.verdicts[verdict.kind] += 1;
  const wrong = wrongValue(verdict);
  if (wrong !== null) watch.fail(`a verdict: ${wrong}`, text);
}

/** `count` of lines, objects and judgements each; `onProgress` is called now and then. */
export async function runHostile({ seed, lines, objects, judgements, kit, onProgress = () => undefined }) {
  const watch = new Watch(seed);
  const readers = [
    { until: lines, make: hostileLine, read: lineReader(watch, kit), slot: 'lines' },
    { until: objects, make: hostileObject, read: objectReader(watch, kit), slot: 'objects' },
  ];
  for (const { until, make, read, slot } of readers) {
    for (let from = 0; from < until; from += BATCH) {
      const to = Math.min(until, from + BATCH);
      await readBatch(watch, kit, { seed, from, to, make, read });
      watch.figures[slot] = to;
      watch.memory();
      if (from % (BATCH * 100) === 0) onProgress(watch.figures);
    }
  }
  for (let index = 0; index < judgements; index += 1) {
    judge(watch, kit, { seed, index });
    if (index % 100 === 0) watch.memory();
    if (index % 500 === 0) onProgress(watch.figures);
  }
  watch.memory();
  return watch.figures;
}
