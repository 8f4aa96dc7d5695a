/**
 * `node scripts/brute-force-run.mjs illegal|rare FROM TO STEPS STATES`: small ensembles of these seeds, each with one false statement
 * of every (rare: of a rare) kind; an independent search through every schedule (`models/brute-force.ts`) says whether the logs are
 * possible, then the judge is asked. `legal FROM TO STEPS`: larger ones, as they were printed. JSON lines on standard output; nothing
 * is concluded here. Legal ensembles are of each of RELEASES in turn.
 */
import { pathToFileURL } from 'node:url';
import { RELEASES } from './releases.mjs';

/** Compiled code: there once `scripts/build.mjs` has run. */
const compiled = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const { makeRng } = await compiled('base/rng.js');
const { canPrint } = await compiled('models/brute-force.js');
const { implMachine } = await compiled('models/impl-machine.js');
const { specMachine } = await compiled('models/spec-machine.js');
const { corrupt, CORRUPTIONS } = await compiled('models/simulated-log/corrupt.js');
const { generateEnsemble } = await compiled('models/simulated-log/ensemble.js');
const { judgeEnsemble } = await compiled('traces/ensemble/judge.js');
const { LogSurvey } = await compiled('traces/inference.js');
const { judgeLog } = await compiled('traces/judge-log.js');
const { profileOfRelease } = await compiled('types/release.js');

/** One verdict for the logs of an ensemble, as `zabcheck validate` reaches it. */
export async function judged({ ensemble, observers, logs, release }, machine = implMachine) {
  const all = [];
  for (const [sid, log] of logs) {
    const survey = new LogSurvey();
    for (const observation of log) survey.see(observation);
    const { debug, maxNotificationIntervalMs } = survey;
    const hints = { sid, configs: [ensemble], debug, maxNotificationIntervalMs, release };
    const observations = async function* () {
      yield log;
    };
    const verdict = await judgeLog(machine, observations(), {
      sid,
      config: ensemble,
      survey: null,
      gaps: false,
      release,
    });
    all.push({ sid, label: `server-${sid}`, verdict, hints, observations });
  }
  const voters = ensemble.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  return judgeEnsemble(machine, all, { observers, voters, gaps: false });
}

/** What is said of a seed's logs, true and false: `{ seed, kind, possible, verdict, reason, notes }` each. */
export async function compareSeed(seed, { steps, states, kinds = CORRUPTIONS }) {
  const generated = generateEnsemble(seed, { steps, small: true });
  const { ensemble, durable, debug } = generated;
  const asPrinted = canPrint({ ensemble, durable, logs: generated.logs, statesMax: states });
  const told = [{ seed, kind: 'nothing changed', possible: asPrinted }];
  for (const kind of kinds) {
    const false_ = corrupt(generated.logs, kind, makeRng(seed * 31 + CORRUPTIONS.indexOf(kind)));
    if (false_ === null) continue;
    const possible = canPrint({ ensemble, durable, logs: false_.logs, statesMax: states });
    if (possible !== 'impossible') {
      told.push({ seed, kind, possible });
      continue;
    }
    const at = { sid: String(false_.sid), line: false_.index + 1 };
    for (const machine of [implMachine, specMachine]) {
      const { kind: verdict, divergence, notes } = await judged({ ...generated, logs: false_.logs }, machine);
      told.push({ seed, kind, possible, machine: machine.name, verdict, at, reason: divergence?.reason, notes, debug });
    }
  }
  return told;
}

/** The verdicts on a legal ensemble of three to five servers; `lines`: of all its logs. */
export async function judgeLegal(seed, { steps }) {
  const release = RELEASES[seed % RELEASES.length];
  const generated = generateEnsemble(seed, { steps, release });
  const truth = generated.established.map(electionText);
  const told = [];
  for (const machine of [implMachine, specMachine]) {
    const { kind, divergence, notes, elections } = await judged(generated, machine);
    told.push({
      seed,
      machine: machine.name,
      verdict: kind,
      reason: divergence?.reason,
      notes,
      elections: elections.length,
      isTrue: same(elections.filter(({ epoch }) => epoch !== null).map(electionText), truth),
    });
  }
  const lines = [...generated.logs.values()].reduce((sum, log) => sum + log.length, 0);
  const profile = profileOfRelease(release);
  const established = truth.length;
  return { servers: generated.logs.size, debug: generated.debug, release, profile, established, lines, told };
}

const electionText = ({ leader, epoch, round, supporters }) =>
  [leader, epoch, round, ...[...supporters].sort()].join(' ');
const same = (a, b) => a.length === b.length && a.every((one, index) => one === b[index]);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [what, ...numbers] = process.argv.slice(2);
  const [from, to, steps, states] = numbers.map(Number);
  const rare = { steps, states, kinds: ['another role', 'another time-out'] };
  for (let seed = from; seed < to; seed += 1) {
    if (what === 'legal') console.log(JSON.stringify(await judgeLegal(seed, { steps })));
    else
      for (const one of await compareSeed(seed, what === 'rare' ? rare : { steps, states }))
        console.log(JSON.stringify(one));
  }
}
