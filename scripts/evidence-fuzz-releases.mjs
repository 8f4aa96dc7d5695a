/** Evidence of `zabcheck fuzz --release`: many steps under each profile, and what it takes to find a switch that is turned in the peer. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zabcheck } from './evidence-tools.mjs';
import { RELEASES } from './releases.mjs';

/** Compiled code: there once `scripts/build.mjs` has run. */
const compiled = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const RUNS = 500;
/** So many show that a turned switch is not seen. */
const RUNS_TO_FIND = 100;
const SWITCHES = [
  'hasOracle',
  'joinsWithinRound',
  'votesKeepRound',
  'refusesMissingZxid',
  'oldVoteForOldFormat',
  'leaderMustVote',
  'messageVersion',
];

export async function fuzzReleases() {
  return [...holding(), ...(await found())].join('\n');
}

/** Behind it progress is told. */
const firstLine = (text) => text.split('\n', 1)[0];

function holding() {
  const rows = RELEASES.map((release) => {
    const args = ['fuzz', '--release', release, '--runs', String(RUNS), '--seed', '1', '--json'];
    const told = JSON.parse(firstLine(zabcheck(...args, '--out', join(tmpdir(), 'zabcheck-failures')).text));
    const { coverage } = told;
    const cells = ['Handle K1', 'Handle J1', 'Handle J2', 'Handle J3'].map((name) =>
      (coverage[name] ?? 0).toLocaleString('en'),
    );
    return `| ${[release, told.runs, told.steps.toLocaleString('en'), told.verdict, ...cells].join(' | ')} |`;
  });
  return [
    '## Our peer under each release',
    '',
    `\`zabcheck fuzz --release RELEASE --runs ${RUNS} --seed 1\`: every step compared with the specification of that release, every property that is`,
    'claimed of it watched. The last columns: how often a higher round was joined, and the three ways to join decided servers.',
    '',
    '| release | runs | steps | verdict | K1 | J1 | J2 | J3 |',
    '| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

async function found() {
  const { Fuzzer } = await compiled('models/fuzz/fuzz.js');
  const { fuzzOptions } = await compiled('models/fuzz/suite.js');
  const { subjectOf } = await compiled('models/conformance/impl-subject.js');
  const { transition } = await compiled('impl/transition.js');
  const stepsUntil = (release, name) => {
    const turned = (profile) => ({
      ...profile,
      [name]: name === 'messageVersion' ? 3 - profile[name] : !profile[name],
    });
    const subject = subjectOf(name, (config, peer, event) =>
      transition({ ...config, profile: turned(config.profile) }, peer, event),
    );
    const fuzzer = new Fuzzer({ ...fuzzOptions(subject, { release, seed: 1 }), makeWatch: null });
    for (let run = 0; run < RUNS_TO_FIND; run += 1)
      if (fuzzer.run(run) !== null) return fuzzer.steps.toLocaleString('en');
    return 'not seen';
  };
  const rows = RELEASES.map(
    (release) => `| ${[release, ...SWITCHES.map((name) => stepsUntil(release, name))].join(' | ')} |`,
  );
  return [
    '## One switch of the profile turned in the peer',
    '',
    `Steps until the first difference, properties not watched, at most ${RUNS_TO_FIND} runs. Not to be seen in ensembles of one release: an oracle before 3.8, which no`,
    'configuration has; the old vote for senders of format 0, which no covered release is; in 3.4, where configurations do not change, a vote for a',
    'server that is no voter. The oracle of the release sees the last two ([oracle-releases.md](oracle-releases.md)).',
    '',
    `| release | ${SWITCHES.join(' | ')} |`,
    `| --- | ${SWITCHES.map(() => '---:').join(' | ')} |`,
    ...rows,
    '',
  ];
}
