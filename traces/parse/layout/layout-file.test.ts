import { describe, expect, test } from 'vitest';
import { LogParser } from '../log-parser.js';
import { parseLayout } from './layout-file.js';

function errorOf(text: string): string {
  const layout = parseLayout(text, 'l.yaml');
  return layout.ok ? 'none' : layout.error.message;
}

describe('what is wrong with a layout is told with line and column', () => {
  const KNOWN = 'strip, pattern, json, logfmt, time, continuation, servers';
  test.each([
    ['', `1:1: it is no layout: a map of ${KNOWN}`],
    ['- a', `1:1: it is no layout: a map of ${KNOWN}`],
    ['# only\n{}', '2:1: a layout has at least one of strip, pattern, json, logfmt and servers'],
    ['pattern: "%m"\npatern: x', `2:1: "patern" is not known here: ${KNOWN} are`],
    ['pattern: "%m"\npattern: "%m"', '2:1: Map keys must be unique'],
    ['pattern: [a', '1:12: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['pattern: *x', '1:10: aliases are not allowed here'],
    ['pattern: &x "%m"\nstrip: *x', '2:8: aliases are not allowed here'],
    ['pattern: 7', '1:1: pattern: expected a pattern or a list of them'],
    ['pattern: []', '1:1: pattern: Too small: expected array to have >=1 items'],
    ['pattern: "%d"', '1:1: pattern: the message, %m, stands there once'],
    ['pattern: "%m %m"', '1:1: pattern: the message, %m, stands there once'],
    ["pattern: '%d %wrong %m'", '1:14: pattern: "%wrong" is no conversion word that is known'],
    ["pattern: '%d{''T''qq} %m'", '1:19: pattern: "qq" is no part of a date that is known'],
    ['pattern: %d %m', '1:10: Plain value cannot start with directive indicator character %'],
    ['pattern:\n  - "%m"\n  - x %q %m', '3:7: pattern.1: "%q" is no conversion word that is known'],
    ['strip: "%m "', '1:1: strip: the message, %m, is no prefix'],
    ['strip: "%{source}"', '1:1: strip: a prefix ends with a text or a time, so that its end is known'],
    ['json: { msg: a }', '1:9: "msg" is not known here: message, line, time, level, thread, logger, myid, source are'],
    ['json:\n  thread: a', '1:1: json names either "message", or "line" for a whole record as text'],
    ['json: { message: a, line: b }', '1:1: json names either "message", or "line" for a whole record as text'],
    ['logfmt: { message: "" }', '1:11: logfmt.message: Too small: expected string to have >=1 characters'],
    ['json: { message: a }\nlogfmt: { message: a }', '2:1: a layout has json or logfmt, not both'],
    ['json: { message: a }\npattern: "%m"', '2:1: with "message" there is no pattern; with "line" there may be one'],
    ['json: { message: a }\ntime: yyyy-qq', '2:12: time: "qq" is no part of a date that is known'],
    ['pattern: "%m"\ntime: ISO8601', '2:1: time belongs to json or logfmt; in a pattern it is %d{…}'],
    ['servers: { zk-0: one }', '1:12: servers.zk-0: expected a 64-bit number'],
    ['servers:\n  zk-0: 1\n  zk-1: 9223372036854775808', '3:3: servers.zk-1: expected a 64-bit number'],
  ])('%j', (text, message) => expect(errorOf(text)).toBe(`l.yaml:${message}.`));

  test('a huge text is none', () => {
    expect(errorOf(`# ${'x'.repeat(70_000)}`)).toBe('l.yaml: a layout has at most 65536 characters.');
    expect(errorOf(`pattern: "${'x'.repeat(1001)}%m"`)).toMatch(
      /^l\.yaml:1:1: pattern: Too big: expected string to have <=1000 char/,
    );
  });
});

function read(yaml: string, ...lines: string[]) {
  const layout = parseLayout(yaml, 'l.yaml');
  if (!layout.ok) throw new Error(layout.error.message);
  const parser = new LogParser('f', { layout: layout.value });
  const found = [...lines.flatMap((line) => parser.push(line)), ...parser.end()];
  return { parser, found: found.map(({ sid, at: { line, time }, said }) => ({ sid, line, time, ...said })) };
}

const MESSAGE = 'Notification time out: 400 ms';
const TOOK = { what: 'timedOut', nextTimeoutMs: 400, line: 1, sid: null, time: undefined };

describe('what a layout says is what is read', () => {
  test.each([
    ['several patterns', 'pattern: ["<%p> %m", "%p: %m"]', `INFO: ${MESSAGE}`, {}],
    ['a message without a layout, behind a prefix', 'strip: "%d{HH:mm} "', `03:04 ${MESSAGE}`, { time: '03:04:00' }],
    ['two prefixes', 'strip: ["a ", "b "]\nservers: {}', `a b ${MESSAGE}`, {}],
    ['an id in the prefix', 'strip: "zk%{myid}: "', `zk7: ${MESSAGE}`, { sid: 7n }],
    ['a negative id', 'strip: "zk%X{myid}: "\npattern: "%m"', `zk-7: ${MESSAGE}`, { sid: -7n }],
    [
      'a source by its map',
      'strip: "%{source}: "\nservers: { b: 9223372036854775807 }',
      `b: ${MESSAGE}`,
      { sid: 2n ** 63n - 1n },
    ],
    ['a number as a source', 'strip: "%{source}: "\nservers: { 10: 3 }', `10: ${MESSAGE}`, { sid: 3n }],
    [
      'a thread before a source',
      'strip: "%{source}: "\npattern: "%t|%m"\nservers: { b: 3 }',
      `b: [myid=3]|${MESSAGE}`,
      { sid: 3n },
    ],
    [
      'a number in JSON',
      'json: { message: m, myid: id, time: t }\ntime: UNIX_MILLIS',
      `{"m":"${MESSAGE}","id":4,"t":1000}`,
      { sid: 4n, time: '1970-01-01 00:00:01,000Z' },
    ],
    ['names with points', 'json: { message: a.b.c }', `{"a":{"b":1},"a.b":{"c":"${MESSAGE}"}}`, {}],
    ['the longest of several names', 'json: { message: a.m }', `{"a":{"m":"other"},"a.m":"${MESSAGE}"}`, {}],
    ['a line in JSON that has only a message', 'json: { line: log }', `{"log":"${MESSAGE}"}`, {}],
    [
      'logfmt among other words',
      'logfmt: { message: msg, thread: t }',
      `x "y" t="[myid=2]" = msg="${MESSAGE}" z`,
      { sid: 2n },
    ],
    ['a long line', 'json: { message: m }', JSON.stringify({ labels: 'x'.repeat(20_000), m: MESSAGE }), {}],
    ['colours', 'pattern: "%p %m"', `\u001b[31mINFO\u001b[0m ${MESSAGE}`, {}],
  ])('%s', (_, yaml, line, more) => expect(read(yaml, line).found).toEqual([{ ...TOOK, ...more }]));

  test('the logger of a layout decides too', () => {
    expect(read('pattern: "%c %m"', 'a.QuorumPeer LOOKING').found).toMatchObject([{ what: 'looking' }]);
    expect(read('pattern: "%c %m"', 'a.Other LOOKING').found).toEqual([]);
  });

  test('a record of two lines stands among others, and is named by the line of its message', () => {
    const { parser, found } = read('pattern: "%p:%n%m"', 'noise', 'INFO:', MESSAGE, 'x', 'INFO:', MESSAGE, 'x');
    expect(found).toEqual([3, 6].map((line) => ({ ...TOOK, line })));
    expect(parser.counts).toMatchObject({ lines: 7, ofLayout: 2 });
  });

  test('records of two lines and of one', () => {
    const { found } = read('pattern: ["%p:%n%m", "! %m"]', 'INFO:', MESSAGE, `! ${MESSAGE}`, 'INFO:', MESSAGE);
    expect(found).toEqual([2, 3, 5].map((line) => ({ ...TOOK, line })));
  });

  test('continuation lines are joined, the last record of a file among them', () => {
    const lines = [
      '! Notification',
      '+  time out',
      '+ : 400 ms',
      '- other',
      `! ${MESSAGE.slice(0, 9)}`,
      `+${MESSAGE.slice(9)}`,
    ];
    expect(read('pattern: "! %m"\ncontinuation: "+%m"', ...lines).found).toEqual([{ ...TOOK, line: 5 }]);
    expect(read('pattern: "! %m"\ncontinuation: "+%m"', ...lines.slice(4)).found).toEqual([{ ...TOOK }]);
    expect(read('pattern: "! %m"\ncontinuation: "+%m"', lines[4] ?? '', '', lines[5] ?? '').found).toMatchObject([
      { what: 'unreadable', line: 1 },
    ]);
  });

  test('NUL bytes end what was joined', () => {
    const { found } = read('pattern: "! %m"\ncontinuation: "+%m"', `! ${MESSAGE}`, `a\0! ${MESSAGE}`);
    expect(found.map(({ what, line }) => `${what} ${line}`)).toEqual(['timedOut 1', 'seam 2', 'timedOut 2']);
  });
});

describe('what is not of the layout is not taken', () => {
  test.each([
    ['another form', 'pattern: "%p %m"', `(INFO)${MESSAGE}`, 'its message begins elsewhere'],
    ['a message that begins elsewhere', 'pattern: "%p %m"', `INFO [main] ${MESSAGE}`, 'its message begins elsewhere'],
    ['no JSON', 'json: { message: m }', MESSAGE, 'it is no JSON object'],
    ['a list', 'json: { message: m }', `["${MESSAGE}"]`, 'it is no JSON object'],
    ['a key that is missing', 'json: { message: a.m }', `{"m":"${MESSAGE}"}`, 'it has no text under "a.m"'],
    [
      'a time of another form',
      'json: { message: m, time: t }',
      `{"m":"${MESSAGE}","t":"noon"}`,
      'the time "noon" has another form',
    ],
    [
      'a time that goes on',
      'json: { message: m, time: t }',
      `{"m":"${MESSAGE}","t":"2026-01-02 03:04:05 x"}`,
      'the time "2026-01-02 03:04:05 x" has another form',
    ],
    ['no pair', 'logfmt: { message: m }', MESSAGE, 'it has no key=value'],
    [
      'a prefix that is missing',
      'strip: "zk: "\npattern: "| %m"',
      `zk:  ${MESSAGE}`,
      '"| " should stand where " Notification',
    ],
  ])('%s', (_, yaml, line, why) => {
    const { parser, found } = read(yaml, line);
    expect(found).toMatchObject([{ what: 'unreadable', why: expect.stringContaining(why) }]);
    const isFit = why.includes('elsewhere');
    expect(parser.misfit).toEqual(isFit ? null : expect.objectContaining({ line: 1, isElection: true }));
  });

  test('the first misfit that tells of an election is told, else the first; blank lines are none', () => {
    const yaml = 'pattern: "! %m"';
    expect(read(yaml, '', ' ', 'start', 'more').parser.misfit).toMatchObject({ line: 3, isElection: false });
    expect(read(yaml, 'start', MESSAGE, MESSAGE).parser.misfit).toMatchObject({ line: 2, isElection: true });
    expect(read(yaml, '! x').parser).toMatchObject({ misfit: null, counts: { ofLayout: 1 } });
  });

  test('a prefix that stands nowhere is told, though the records are known', () => {
    const { parser } = read('strip: "zk: "', `2026-01-02 03:04:05,678 [myid:1] - INFO  [main:X@1] - ${MESSAGE}`);
    expect(parser.counts.ofLayout).toBe(0);
    expect(parser.misfit).toMatchObject({ line: 1, column: 1 });
  });

  test('a printer that contradicts the record, or that is none of the servers', () => {
    const yaml = 'strip: "%{source}: "\npattern: "%t|%m"\nservers: { a: 1 }';
    expect(read(yaml, 'x', `a: [myid=2]|${MESSAGE}`).parser.contradiction).toBe(
      'f:2: by the layout l.yaml server 1 printed this line, but it says itself that server 2 did.',
    );
    expect(read(yaml, `b: main|${MESSAGE}`).parser.contradiction).toBe(
      'f:1: "b" printed this line, which is none of the servers of the layout l.yaml.',
    );
    expect(read(yaml, `b: [myid=2]|${MESSAGE}`, 'b: main|nothing of an election').parser.contradiction).toBeNull();
  });
});
