/**
 * Goal: whatever wraps ZooKeeper's records, a description of it makes them read like the originals; and a description of
 * something else is never taken for one. Method: recorded logs are printed anew in invented layouts, each described in YAML.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../scripts/build.mjs';
import { zabcheckIn } from '../scripts/command.js';
import type { Observation } from '../traces/observation.js';
import type { Layout } from '../traces/parse/layout/layout.js';
import { parseLayout } from '../traces/parse/layout/layout-file.js';
import { LogParser } from '../traces/parse/log-parser.js';
import { milliseconds } from '../traces/time-stamp.js';
import { asSid } from '../types/ids.js';
import { INVENTED, type Invented } from './invented-layouts.js';
import { DEBIAN, type LogEvent, mergedByTime, printed, recordings, SHIPPED } from './layouts.js';

const RECORDINGS = recordings();
const CASES = Object.entries(INVENTED);

function layoutOf({ yaml }: Invented): Layout {
  const layout = parseLayout(yaml, 'l.yaml');
  if (!layout.ok) throw new Error(layout.error.message);
  return layout.value;
}

function read(lines: readonly string[], layout: Layout | null): { parser: LogParser; found: readonly Observation[] } {
  const parser = new LogParser('a.log', { layout });
  return { parser, found: [...lines.flatMap((line) => parser.push(line)), ...parser.end()] };
}

/** What must not depend on a layout. */
function tellingOf(found: readonly Observation[], { coarse }: Invented): unknown[] {
  return found.map(({ said, sid, at: { time } }) => ({
    said,
    sid,
    ...(coarse === true ? {} : { at: time === undefined ? null : milliseconds(time) }),
  }));
}

/** The log as ZooKeeper prints it itself, with as much about who printed a line as the layout has. */
function originalOf(events: readonly LogEvent[], { whose }: Invented, sid: number): readonly Observation[] {
  const { found } = read(printed(events, { ...(whose === undefined ? DEBIAN : SHIPPED), by: 'log4j' }), null);
  return whose === 'source' ? found.map((one) => ({ ...one, sid: one.sid ?? asSid(BigInt(sid)) })) : found;
}

const linesOf = (events: readonly LogEvent[], one: Invented): readonly string[] =>
  events.flatMap((event, index) => one.print(event, index));

describe('read as the originals', () => {
  it.each(CASES)('%s', (_, one) => {
    const layout = layoutOf(one);
    let observations = 0;
    for (const { servers } of RECORDINGS) {
      for (const { sid, events } of servers) {
        const { parser, found } = read(linesOf(events, one), layout);
        expect(tellingOf(found, one)).toEqual(tellingOf(originalOf(events, one, sid), one));
        expect(parser.contradiction).toBeNull();
        observations += found.length;
      }
    }
    expect(observations).toBeGreaterThan(500);
  });

  it.each(CASES.filter(([, one]) => one.shared === true))('%s: all servers in one file', (_, one) => {
    for (const { servers } of RECORDINGS) {
      const merged = mergedByTime(servers.map(({ events }) => events));
      const { found } = read(linesOf(merged, one), layoutOf(one));
      for (const { sid, events } of servers) {
        const own = found.filter((observation) => observation.sid === BigInt(sid));
        expect(tellingOf(own, one)).toEqual(tellingOf(originalOf(events, one, sid), one));
      }
    }
  });

  it('the line of a message is named, though its record has others above it', () => {
    const one = INVENTED["log4j's XMLLayout"];
    const events = RECORDINGS[0]?.servers[0]?.events ?? [];
    const lines = one === undefined ? [] : linesOf(events, one);
    const { found } = read(lines, one === undefined ? null : layoutOf(one));
    const told = found.flatMap(({ at, said }) => (said.what === 'newElection' ? [lines[at.line - 1]] : []));
    expect(told.length).toBeGreaterThan(0);
    for (const line of told) expect(line).toMatch(/^<log4j:message><!\[CDATA\[New election/);
  });
});

describe('docs/layouts.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../docs/layouts.md', import.meta.url)), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = '']) => block);

  it.each(blocks)('%s', (block) => {
    const layout = layoutOf({ yaml: block, print: () => [] });
    const [, example] = /^# (.*[{<\d].*)\n/.exec(block) ?? [];
    if (example === undefined || layout.lineBreaks > 0) return;
    const { parser } = read([example], layout);
    expect(parser.misfit).toBeNull();
    expect(parser.counts.ofLayout).toBe(1);
  });

  it('has examples', () => expect(blocks.length).toBeGreaterThan(3));
});

describe('a layout of something else', () => {
  const events = RECORDINGS[0]?.servers[0]?.events ?? [];

  it.each(CASES)('%s: no other log is taken for one of it', (name, one) => {
    const layout = layoutOf(one);
    const others = CASES.filter(([other]) => other !== name).map(([, other]) => linesOf(events, other));
    for (const lines of [...others, printed(events, SHIPPED)]) {
      const { parser, found } = read(lines, layout);
      const taken = found.filter(({ said }) => said.what !== 'unreadable');
      if (!layout.isClosed) continue;
      expect(taken).toEqual([]);
      expect(parser.misfit).not.toBeNull();
    }
  });

  it('by one character: every line of an election is told as unreadable', () => {
    const one = INVENTED['the level first, a date of its own'];
    if (one === undefined) throw new Error('there is one');
    const lines = linesOf(events, one).map((line) => line.replace('|<', '| <'));
    const { parser, found } = read(lines, layoutOf(one));
    expect(new Set(found.map(({ said }) => said.what))).toEqual(new Set(['unreadable']));
    expect(found.length).toBeGreaterThan(5);
    expect(parser.misfit).toMatchObject({
      isElection: true,
      why: '"<" should stand where " <WorkerReceiver[myid=1]" stands',
    });
  });
});

describe('the command', () => {
  let folder = '';
  beforeAll(() => {
    ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'zabcheck-invented-'));
    RECORDINGS.slice(0, 1).forEach(({ config, servers }) => {
      const merged = mergedByTime(servers.map(({ events }) => events));
      for (const name of ['pods', 'anonymous']) mkdirSync(join(folder, name));
      writeFileSync(join(folder, 'pods/zoo.cfg'), config);
      const shared = INVENTED['lines in JSON, by pod, all in one file'];
      writeFileSync(
        join(folder, 'pods/pods.json'),
        `${shared === undefined ? '' : linesOf(merged, shared).join('\n')}\n`,
      );
      writeFileSync(join(folder, 'pods.yaml'), shared?.yaml ?? '');
      writeFileSync(join(folder, 'two.yaml'), `${shared?.yaml.replace('zk-c: 3', 'zk-x: 3')}`);
      const anonymous = merged.map((event) => ({ ...event, myid: '', thread: 'main' }));
      writeFileSync(
        join(folder, 'anonymous/bare.json'),
        shared === undefined ? '' : linesOf(anonymous, shared).join('\n'),
      );
      writeFileSync(join(folder, 'swapped.yaml'), `${shared?.yaml.replace('zk-a: 1, zk-b: 2', 'zk-a: 2, zk-b: 1')}`);
      writeFileSync(join(folder, 'wrong.yaml'), `json: { message: nothing.here }\n`);
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: readonly string[]) => zabcheckIn(folder, ...args);

  it('judges a file of three servers by their pods', async () => {
    const { code, out } = await run('validate', '--layout', 'pods.yaml', 'pods');
    expect(out).toMatch(
      /accepted +server 1 .*\n[^]*accepted +server 2 [^]*accepted +server 3 [^]*accepted +ensemble \{1, 2, 3\}/,
    );
    expect(code).toBe(0);
  });

  it('names the line and column that a wrong layout does not fit, and ends with 2', async () => {
    const { code, err } = await run('validate', '--layout', 'wrong.yaml', 'pods/pods.json');
    expect(err).toMatch(
      /^error: None of \d+ lines of pods\/pods\.json has the layout wrong\.yaml; pods\/pods\.json:\d+:1: it has no text under "nothing\.here"\.\n$/,
    );
    expect(code).toBe(2);
    expect(await run('parse', '--layout', 'wrong.yaml', 'pods/pods.json')).toMatchObject({ code: 2, out: '', err });
    expect(await run('validate', '--layout', 'wrong.yaml', 'pods')).toMatchObject({ code: 2, err });
  });

  it('names the line whose printer is none of the servers, or another than the layout says', async () => {
    const two = await run('validate', '--layout', 'two.yaml', 'anonymous/bare.json');
    expect(two.err).toMatch(
      /^error: anonymous\/bare\.json:\d+: "zk-c" printed this line, which is none of the servers of the layout two\.yaml\.\n$/,
    );
    expect(two.code).toBe(2);
    // What a line says itself needs no map.
    expect((await run('parse', '--layout', 'two.yaml', 'pods/pods.json')).code).toBe(0);
    const swapped = await run('validate', '--layout', 'swapped.yaml', 'pods/pods.json');
    expect(swapped.err).toMatch(
      /by the layout swapped\.yaml server (?:1 printed this line, but it says itself that server 2|2 printed this line, but it says itself that server 1) did/,
    );
    expect(swapped.code).toBe(2);
  });

  it('shows the rule of a line in it', async () => {
    const parsed = (await run('parse', '--layout', 'pods.yaml', '--sid', '1', 'pods/pods.json')).out;
    const line = /"what":"newElection".*?"line":(\d+)/.exec(parsed)?.[1];
    const { code, out } = await run('why', '--layout', 'pods.yaml', `pods/pods.json:${line}`);
    expect(out).toMatch(/^pods\/pods\.json:\d+: explained\n {2}newElection myId=1/);
    expect(code).toBe(0);
  });
});
