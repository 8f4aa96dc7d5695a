import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../../scripts/needs-java.js';
import { parseZooCfg } from '../../types/zoo-cfg.js';
import { implMachine } from '../../models/impl-machine.js';
import { judgeLog } from '../../traces/judge-log.js';
import { discover } from '../../traces/files/discover.js';
import { readObservations } from '../../traces/files/read-observations.js';
import { parseMode } from './admin.js';
import { findRuntime, javaMajor } from './java.js';
import { pictureOf } from './carry-out.js';
import { record } from './record.js';
import { SCENARIOS } from './scenarios.js';
import { commonConfig, log4jProperties, logbackXml, serverConfig } from './server-config.js';

const folder = mkdtempSync(join(tmpdir(), 'zabcheck-record-test-'));
// Recordings run below it, so that nobody else's on this machine is taken for one of these.
const runs = join(folder, 'runs');
mkdirSync(runs);
const systemTmp = process.env['TMPDIR'];
process.env['TMPDIR'] = runs;
afterAll(() => {
  if (systemTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = systemTmp;
  rmSync(folder, { recursive: true, force: true });
});

const silent = { onProgress: () => undefined, signal: new AbortController().signal, zookeeper: null };

describe('scenarios', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s is possible', (_, scenario) => {
    const running = new Set<number>();
    for (const step of scenario.steps) {
      if (step.do === 'start') {
        for (const sid of step.sids) {
          expect([...scenario.voters, ...scenario.observers]).toContain(sid);
          expect(running.has(sid)).toBe(false);
          running.add(sid);
        }
      } else if (step.do === 'expect') {
        expect([...running].sort()).toEqual([...step.running].sort());
        const voters = step.running.filter((sid) => scenario.voters.includes(sid));
        expect(voters.length).toBeGreaterThan(scenario.voters.length / 2);
      } else if (step.do === 'thaw') {
        expect(running.has(step.sid)).toBe(false);
        running.add(step.sid);
      } else if (step.do === 'crash' || step.do === 'stop' || step.do === 'freeze')
        expect(running.delete(step.sid)).toBe(true);
      else if ('sid' in step) expect(running.has(step.sid)).toBe(true);
      else if (step.do === 'write') expect(running.has(step.through)).toBe(true);
    }
  });
});

describe('configuration texts', () => {
  const scenario = { name: 'x', sentence: '', voters: [1, 2], observers: [3], config: ['group.1=1:2'], steps: [] };
  const ports = new Map([1, 2, 3].map((sid) => [sid, { client: sid, quorum: 100 + sid, election: 200 + sid }]));

  it('zoo.cfg is one that ZooKeeper reads, observers and extra lines included', () => {
    const parsed = parseZooCfg(commonConfig(scenario, ports), 'zoo.cfg');
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(parsed.value.ensemble.members.map(({ sid, type }) => [sid, type])).toEqual([
      [1n, 'PARTICIPANT'],
      [2n, 'PARTICIPANT'],
      [3n, 'OBSERVER'],
    ]);
    expect(parsed.value.ensemble.quorumSystem.kind).toBe('hierarchical');
  });

  it("a server's own file adds its ports and folder", () => {
    const text = serverConfig(commonConfig(scenario, ports), { dataDir: '/x/data', clientPort: 7 });
    expect(text).toMatch(/^dataDir=\/x\/data$/m);
    expect(text).toMatch(/^clientPort=7$/m);
  });

  it('logging goes to two files with a threshold each', () => {
    const files = { info: '/i.log', debug: '/d.log' };
    expect(log4jProperties(files)).toMatch(/INFO_FILE\.Threshold=INFO[\s\S]*DEBUG_FILE\.Threshold=DEBUG/);
    expect(logbackXml(files)).toMatch(/<file>\/i\.log<\/file>[\s\S]*<level>INFO<\/level>[\s\S]*<file>\/d\.log<\/file>/);
  });
});

describe('what servers answer', () => {
  it.each([
    ['Zookeeper version: 3.8.0\nMode: leader\nNode count: 5\n', 'leader'],
    ['Mode: follower\n', 'follower'],
    ['This ZooKeeper instance is not currently serving requests\n', null],
    ['', null],
  ])('%j', (answer, mode) => expect(parseMode(answer)).toBe(mode));

  it('one leader, and a role for every other, make a picture', () => {
    expect(
      pictureOf([
        [1, 'follower'],
        [2, 'leader'],
        [3, 'observer'],
      ]),
    ).toEqual({ leader: '2', followers: ['1'], observers: ['3'] });
    expect(
      pictureOf([
        [1, 'leader'],
        [2, 'leader'],
      ]),
    ).toBeNull();
    expect(
      pictureOf([
        [1, 'leader'],
        [2, null],
      ]),
    ).toBeNull();
    expect(
      pictureOf([
        [1, 'follower'],
        [2, 'follower'],
      ]),
    ).toBeNull();
  });
});

describe('what is missing is said in one sentence', () => {
  it('no Java', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(() => findRuntime(null)).toThrow(
        /^record needs Java 11 or newer, and there is no working `java` on the PATH\.$/,
      );
    } finally {
      process.env['PATH'] = path;
    }
  });

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21-ea" 2023-09-19', 21],
    ['java version "1.8.0_402"', 8],
    ['no version here', null],
  ])('%j', (text, major) => expect(javaMajor(text)).toBe(major));

  it('an unknown scenario, an output folder in use', async () => {
    await expect(record({ ...silent, scenario: 'no-such', out: folder })).rejects.toThrow(
      /there is no scenario "no-such"/,
    );
    writeFileSync(join(folder, 'something'), '');
    await expect(record({ ...silent, scenario: 'three-start', out: folder })).rejects.toThrow(
      /the folder is not empty/,
    );
    const file = join(folder, 'something');
    await expect(record({ ...silent, scenario: 'three-start', out: file })).rejects.toThrow(
      /something: it is not a folder\.$/,
    );
  });
});

const runningServers = (): readonly string[] => {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return stdout.split('\n').filter((line) => line.includes(`${runs}/`));
};

/** The lines of a log before and just after this one. */
function excerpt(file: string, line: number): string {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(Math.max(0, line - 60), line + 20)
    .join('\n');
}

describeWithZooKeeper('a real ensemble', () => {
  it('is recorded afresh, told truly, and every log of it is explained', async () => {
    const out = join(folder, 'fresh');
    const truth = await record({ ...silent, scenario: 'leader-crash', out });
    expect(truth[0]).toMatchObject({ leader: '4', followers: ['1', '2', '3'] });
    const told = JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) as { elections: unknown };
    expect(told.elections).toEqual(truth);
    const config = parseZooCfg(readFileSync(join(out, 'zoo.cfg'), 'utf8'), 'zoo.cfg');
    if (!config.ok) throw new Error(config.error.message);
    const { logs } = await discover([out]);
    expect(logs).toHaveLength(8);
    for (const log of logs) {
      if (log.sid === null) throw new Error(`${log.label}: no server`);
      const options = { sid: log.sid, config: config.value.ensemble, survey: null, gaps: false };
      const verdict = await judgeLog(implMachine, readObservations(log), options);
      const why = verdict.divergence?.reason ?? verdict.notes.join();
      // An unexplained log is a finding that may not come again: the message keeps what is needed to judge it.
      const around = excerpt(join(out, log.label), verdict.divergence?.at.line ?? 0);
      expect(verdict.kind, `${log.label}: ${why}\n${around}`).toBe('accepted');
      const expected = truth.map(({ leader }) => `${String(log.sid) === leader ? 'LEADING' : 'FOLLOWING'} ${leader}`);
      // The picture after Server4's return shows no new election of the others.
      const own = String(log.sid) === '4' ? [expected[0], expected[2]] : expected.slice(0, 2);
      // Between two pictures a server may follow others for a while, or give up and elect again: machines are busy.
      let seen = 0;
      for (const { state, leader } of verdict.elections) if (`${state} ${leader}` === own[seen]) seen += 1;
      expect(own.slice(seen), log.label).toEqual([]);
    }
    expect(runningServers()).toEqual([]);
  }, 60_000);

  it('is stopped when the recording is aborted, and leaves nothing', async () => {
    const controller = new AbortController();
    const out = join(folder, 'aborted');
    const recording = record({ ...silent, scenario: 'three-start', out, signal: controller.signal });
    let before = 0;
    setTimeout(() => {
      before = runningServers().length;
      controller.abort();
    }, 1200);
    await expect(recording).rejects.toThrow(/abort/i);
    expect(before).toBe(3);
    expect(runningServers()).toEqual([]);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(runs)).toEqual([]);
  }, 30_000);
});
