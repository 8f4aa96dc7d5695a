import { describe, expect, test } from 'vitest';
import { compilePattern, withoutBlankEnd } from './conversion-pattern.js';
import { decoded, match, type Part } from './pieces.js';

type Found = Partial<Record<Part | 'time' | 'end', string>>;

function compiled(pattern: string, whole = true) {
  const pieces = compilePattern(pattern);
  if (!pieces.ok) throw new Error(pieces.error.why);
  return whole ? withoutBlankEnd(pieces.value) : pieces.value;
}

/** The fields of a line; a sentence if it does not fit. */
function read(pattern: string, line: string, whole = true): Found | string {
  const fit = match(compiled(pattern, whole), line, { from: 0, whole });
  if ('why' in fit) return `${fit.at}: ${fit.why}`;
  const fields = [...fit.fields].filter(([part]) => part !== 'none');
  return {
    ...Object.fromEntries(
      fields.map(([part, { start, end, encoding }]) => [part, decoded(line.slice(start, end), encoding)]),
    ),
    ...(fit.time === null ? {} : { time: fit.time }),
    ...(whole ? {} : { end: line.slice(fit.end) }),
  };
}

const THREAD = 'QuorumPeer[myid=1](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled)';
const TIME = '2026-01-02 03:04:05,678';
const ALL = { time: TIME, level: 'INFO', thread: THREAD, logger: 'QuorumPeer', message: 'LOOKING' };

describe('patterns as they stand in configurations', () => {
  test.each<[pattern: string, line: string, found: Found]>([
    [
      '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n',
      `${TIME} [myid:1] - INFO  [${THREAD}:QuorumPeer@1455] - LOOKING`,
      { ...ALL, myid: '1' },
    ],
    [
      '%d %p %m (%c)%n',
      `${TIME} INFO a (b) c (o.a.z.X)`,
      { time: TIME, level: 'INFO', message: 'a (b) c', logger: 'o.a.z.X' },
    ],
    [
      '%d{ABSOLUTE} %5p %c{1}:%L - %m%n',
      '03:04:05,678  INFO X:12 - m',
      { time: '03:04:05,678', level: 'INFO', logger: 'X', message: 'm' },
    ],
    [
      '%d{HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n',
      '03:04:05.678 [a] b] WARN  x.Y - m',
      { time: '03:04:05,678', thread: 'a] b', level: 'WARN', logger: 'x.Y', message: 'm' },
    ],
    [
      '%d{DEFAULT} %highlight{%-5p}{INFO=blue} %style{[%t]}{bright} %c - %m%xEx%n',
      `${TIME} INFO  [t] C - m`,
      { time: TIME, level: 'INFO', thread: 't', logger: 'C', message: 'm' },
    ],
    ['%-14(%d{HH:mm} [%thread]) %msg', '03:04 [t]       m', { time: '03:04:00', thread: 't', message: 'm' }],
    [
      '%clr(%d){faint} %clr(%5p) %pid --- [%15.15t] %-40.40c : %m',
      `${TIME}  INFO 42 --- [           main] x.Y                                      : m`,
      { time: TIME, level: 'INFO', thread: 'main', logger: 'x.Y', message: 'm' },
    ],
    ['%p %mdc{myid:-none} %X{other} %m', 'INFO 3 x m', { level: 'INFO', myid: '3', message: 'm' }],
    ['100%% %m', '100% m', { message: 'm' }],
    [String.raw`\(%p\)\t%m`, '(INFO)\tm', { level: 'INFO', message: 'm' }],
    ['%m', '', { message: '' }],
    ['%{source} %{myid} %{skip}| %m', 'zk-0 4 anything | m', { source: 'zk-0', myid: '4', message: 'm' }],
    [
      '"%enc{%m}{JSON}" %enc{%t}{XML}',
      String.raw`"a \"b\" A" &lt;t&amp;&#62;&#x41;&nope;`,
      { message: 'a "b" A', thread: '<t&>A&nope;' },
    ],
  ])('%s', (pattern, line, found) => expect(read(pattern, line)).toEqual(found));

  test('a prefix ends where its text does', () => {
    expect(read('%-6{source}| ', 'zk-0  | rest | of it', false)).toEqual({ source: 'zk-0', end: 'rest | of it' });
    expect(read('%{source} | ', 'no prefix at all | here', false)).toBe(
      '3: "| " should stand where "prefix at all | here" stands',
    );
  });

  test.each([
    ['%d [%t] %m', `${TIME} (main) m`, '24: "[" should stand where "(main) m" stands'],
    ['%d %m', '2026/01/02', '0: the time should stand where "2026/01/02" stands'],
    ['%p %c: %m', 'INFO x', '6: ": " should stand where the line ends'],
    ['%m end', 'message en', '10: "d" should stand where the line ends'],
    ['%L x', 'y', '0: %L should stand where "y" stands'],
  ])('%s does not fit %s', (pattern, line, why) => expect(read(pattern, line)).toBe(why));
});

test.each([
  ['%q', 0, '"%q" is no conversion word that is known'],
  ['a %5.5zz %m', 2, '"%5.5zz" is no conversion word that is known'],
  ['%', 0, '"%" is no conversion word that is known'],
  ['%d{yyyy-MM-ddTHH}', 13, '"T" is no part of a date that is known'],
  ['%d{yyyy', 0, '"}" is missing'],
  ['%highlight(%p %m', 16, '")" is missing'],
  ['%highlight %p', 10, '%highlight has nothing in it'],
  ['%enc{%m}', 4, '%enc needs {JSON} or {XML}'],
  ['%{pod}', 0, '%{pod} is not known: source, skip and myid are'],
  ['%(%(%(%(%(%(%(%(%(%m)))))))))', 17, 'it is nested too deeply'],
  ['%m'.repeat(201), 0, 'it has more than 200 parts'],
])('%s is no pattern', (pattern, at, why) =>
  expect(compilePattern(pattern)).toEqual({ ok: false, error: { at, why } }),
);

test.each([2, 30])('time is bounded by pieces times characters, whatever the line: %i fields', (count) => {
  const pattern = compiled(`${'%{skip}a'.repeat(count)}b%c%{skip}%d%m`);
  const line = 'a'.repeat(60_000);
  const started = performance.now();
  expect(match(pattern, line, { from: 0, whole: true })).toHaveProperty('why');
  // Two fields, each tried from each character, would take 1,800,000,000 steps.
  expect(performance.now() - started).toBeLessThan(2000);
});
