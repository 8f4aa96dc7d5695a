/**
 * Goal: logs are judged while they grow, whatever happens to their files, and the end is a summary with the documented exit
 * code. Method: the compiled command beside real files that are appended to, renamed, cut and made.
 */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { type Ended, Running } from './running.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const RECORDED = join(ROOT, 'traces/recorded/3.8.0/leader-crash');
const LOGS = [1, 2, 3, 4].map((sid) => readFileSync(join(RECORDED, `info/server-${sid}.log`), 'utf8'));
const [first = ''] = LOGS;
/** In the middle of server 1's life: behind its first role, and before its second. */
const MIDDLE = first.indexOf('\n', first.indexOf('] - FOLLOWING')) + 1;

let all = '';
let count = 0;

beforeAll(() => {
  ensureBuilt();
  all = mkdtempSync(join(tmpdir(), 'zabcheck-follow-'));
});
afterAll(() => rmSync(all, { recursive: true, force: true }));

/** A folder with a configuration, for one test: they run side by side, because most of their time is waiting. */
class Place {
  readonly folder: string;

  constructor() {
    this.folder = join(all, String(++count));
    mkdirSync(this.folder);
    writeFileSync(this.at('zoo.cfg'), readFileSync(join(RECORDED, 'zoo.cfg')));
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  append(name: string, text: string): void {
    appendFileSync(this.at(name), text);
  }

  follow(...args: string[]): Running {
    const place = { cwd: this.folder, temporary: all };
    return new Running(process.execPath, [MAIN, 'validate', '--follow', ...args], place);
  }
}

async function interrupted(run: Running): Promise<Ended> {
  run.child.kill('SIGINT');
  return run.ended;
}

const says = (run: Running, words: string) => run.until(() => (run.out + run.err).includes(words));

describe.concurrent('one log', () => {
  it('is judged as it grows, a line in two pieces, renamed and cut; Ctrl-C ends it with what was judged', async () => {
    const place = new Place();
    place.append('server-1.log', first.slice(0, MIDDLE - 20));
    const run = await says(place.follow('server-1.log'), 'following 1 log;');
    place.append('server-1.log', first.slice(MIDDLE - 20, MIDDLE));
    await says(run, 'server 1  FOLLOWING 4 (round 1)  server-1.log:98\n');
    // The rest stands in two files, as a logger that rolls writes it.
    const cut = first.indexOf('\n', MIDDLE + 5000) + 1;
    place.append('server-1.log', first.slice(MIDDLE, cut));
    renameSync(place.at('server-1.log'), place.at('server-1.log.1'));
    place.append('server-1.log', first.slice(cut));
    await says(run, 'FOLLOWING 3 (round 2)');
    expect(run.err).toContain('server-1.log: was rolled: reading goes on with the next');
    const { code, out } = await interrupted(run);
    expect(out).toMatch(
      /\naccepted +server 1 +server-1\.log\n +53 lines judged by impl and spec, .* 0 election lines not/,
    );
    expect(out).toMatch(/roles: FOLLOWING 4 \(round 1\) · FOLLOWING 3 \(round 2\)\n1 server log: 1 accepted/);
    expect(code).toBe(0);
  });

  it('rolled parts that are there in a folder are read first', async () => {
    const place = new Place();
    const early = first.lastIndexOf('\n', MIDDLE - 3000) + 1;
    place.append('server-1.log.2', first.slice(0, early));
    place.append('server-1.log.1', first.slice(early, MIDDLE));
    place.append('server-1.log', first.slice(MIDDLE));
    const run = await says(place.follow('--machine', 'impl', '.'), 'FOLLOWING 3 (round 2)');
    const { code, out } = await interrupted(run);
    expect(out).toMatch(/accepted +server 1 +server-1\.log\n +53 lines judged/);
    expect(code).toBe(0);
  });

  it('what is wrong is told at once, with its explanation, and is the exit code', async () => {
    const place = new Place();
    const run = await says(place.follow('--machine', 'impl', 'server-1.log'), 'following 1 log;');
    expect(run.out).toBe('');
    const wrong = first.replace(
      'n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x2',
      'n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x5',
    );
    expect(wrong).not.toBe(first);
    place.append('server-1.log', wrong);
    await says(run, 'rule: FastLeaderElection.sendNotifications');
    expect(run.out).toMatch(
      /diverged +server 1 +server-1\.log +by impl\n +server-1\.log:173: no execution explains this line\n/,
    );
    expect(run.out).toMatch(/why: its own notification says n\.round:0x5 where it must be 0x2/);
    const { code, out } = await interrupted(run);
    expect(out.match(/n\.round:0x5 where it must be 0x2/g)?.length).toBeGreaterThan(1);
    expect(out).toMatch(/\n1 server log: 1 diverged/);
    expect(code).toBe(1);
  });

  it('a file that is cut may have lost lines: that is said, and is not accepted', async () => {
    const place = new Place();
    place.append('server-1.log', first.slice(0, MIDDLE));
    const run = await says(place.follow('server-1.log'), 'FOLLOWING 4');
    truncateSync(place.at('server-1.log'), 0);
    await says(run, 'was cut: lines may be missing');
    place.append('server-1.log', first.slice(MIDDLE));
    await says(run, 'FOLLOWING 3 (round 2)');
    const { code, out } = await interrupted(run);
    expect(out).toMatch(/inconclusive +server 1 [^]*what was written between the last look and the cut may be missing/);
    expect(code).toBe(3);
  });

  it('a line that has not ended is not judged', async () => {
    const place = new Place();
    place.append('server-1.log', first.slice(0, MIDDLE - 2));
    const run = await says(place.follow('--json', 'server-1.log'), 'following 1 log;');
    await says(run, 'is there and is read');
    const { out, err } = await interrupted(run);
    expect(err).toMatch(/server-1\.log: its last line has not ended and was not judged\n$/);
    expect(out).not.toContain('"event":"role"');
  });
});

describe.concurrent('an ensemble', () => {
  it('of files that appear one after the other is judged together when all stand still', async () => {
    const place = new Place();
    const run = await says(place.follow('--json', '.'), 'following 0 logs;');
    for (const [index, text] of LOGS.entries()) place.append(`server-${index + 1}.log`, text);
    await says(run, '"event":"ensemble"');
    const { code, out } = await interrupted(run);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(new Set(events.map(({ schema }) => schema))).toEqual(new Set(['zabcheck.follow/1']));
    const of = (name: string): readonly Record<string, unknown>[] => events.filter(({ event }) => event === name);
    expect(of('role')).toHaveLength(8);
    expect(of('established').map(({ sid, supporters }) => `${sid}: ${supporters}`)).toEqual(['3: 1,2,3', '4: 4,1,2']);
    expect(of('ensemble').flatMap(({ elections }) => elections)).toMatchObject([
      { leader: '4', epoch: '1' },
      { leader: '3', epoch: '2' },
    ]);
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      verdict: 'accepted',
      ensembles: [{ verdict: 'accepted' }],
    });
    expect(code).toBe(0);
  });

  it('a contradiction between logs is told when they stand still', async () => {
    const place = new Place();
    for (const [index, text] of LOGS.entries()) place.append(`server-${index + 1}.log`, text);
    const lines = readFileSync(place.at('server-2.log'), 'utf8').split('\n');
    lines[177] = lines[177]?.replace('n.zxid:0x0', 'n.zxid:0x7') ?? '';
    writeFileSync(place.at('server-2.log'), lines.join('\n'));
    const run = await says(place.follow('--machine', 'impl', '.'), 'the logs contradict each other');
    expect(run.out).toMatch(
      /diverged +ensemble \{1, 2, 3, 4\} +by impl\n[^]*server 2 received from server 3 what server 3 never sent/,
    );
    const { code, out } = await interrupted(run);
    expect(out).toMatch(/4 server logs: 4 accepted; 1 ensemble: 1 diverged/);
    expect(code).toBe(1);
  });
});

describe.concurrent('standard input', () => {
  it('is followed, several servers in it, and its end ends all', async () => {
    const place = new Place();
    const run = place.follow('--config', 'zoo.cfg', '--machine', 'impl', '-');
    for (const text of LOGS.slice(0, 2)) run.child.stdin.write(text.slice(0, -1));
    await says(run, 'server 2  FOLLOWING 4');
    run.child.stdin.end('\n');
    const { code, out } = await run.ended;
    expect(out).toMatch(/accepted +server 1 +stdin \[server 1\]\n[^]*accepted +server 2 +stdin \[server 2\]/);
    expect(out).toMatch(/\n2 server logs: 2 accepted; 1 ensemble: 1 (?:accepted|inconclusive)/);
    expect([0, 3]).toContain(code);
  });
});

describe.concurrent('what cannot be followed', () => {
  it('a wrong call is told before anything is read', async () => {
    const place = new Place();
    rmSync(place.at('zoo.cfg'));
    place.append('server-1.log', first);
    expect(await place.follow('server-1.log').ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^error: there is no zoo\.cfg beside the logs: name one with --config/),
    });
    expect(await place.follow('--grain', 'threads', '-').ended).toMatchObject({
      code: 2,
      err: 'error: --follow does not go with --grain threads.\n',
    });
  });

  it('is told once, and the rest goes on', async () => {
    const place = new Place();
    writeFileSync(place.at('old.log.gz'), gzipSync(first));
    place.append('server-1.log', first);
    const run = await says(place.follow('--machine', 'impl', 'old.log.gz', 'server-1.log', 'later.log'), 'FOLLOWING 3');
    const { code, err, out } = await interrupted(run);
    expect(
      err.match(/error: Cannot follow old\.log\.gz: it is compressed, so that it does not grow\.\n/g),
    ).toHaveLength(1);
    expect(out).toMatch(/accepted +server 1 /);
    expect(code).toBe(2);
  });

  it('nothing is left to be followed: it ends', async () => {
    const place = new Place();
    writeFileSync(place.at('l.yaml'), "pattern: '<%p> %m'\n");
    place.append('server-1.log', first);
    const { code, err } = await place.follow('--layout', 'l.yaml', 'server-1.log').ended;
    expect(err).toMatch(/^error: None of \d+ lines of server-1\.log has the layout l\.yaml; .*\n$/);
    expect(code).toBe(2);
  });

  it('a layout that no line has', async () => {
    const place = new Place();
    writeFileSync(place.at('l.yaml'), "pattern: '<%p> %m'\n");
    place.append('server-1.log', first);
    place.append('server-2.log', first.replaceAll(/^(\S+ \S+).*?\[(.*):(\S+)@\d+\] - (.*)$/gm, '<INFO> $4'));
    const run = await says(
      place.follow('--layout', 'l.yaml', '--machine', 'impl', 'server-1.log', 'server-2.log'),
      'error: ',
    );
    const { code, err } = await interrupted(run);
    expect(err).toMatch(
      /error: None of \d+ lines of server-1\.log has the layout l\.yaml; server-1\.log:\d+:1: "<" should stand/,
    );
    expect(code).toBe(2);
  });
});
