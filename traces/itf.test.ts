import { describe, expect, it } from 'vitest';
import { ITF_END, itfBegin, itfMap, itfOf, itfState, linesOfItf } from './itf.js';
import { parseObservation, printObservation } from './ndjson.js';
import { LogParser } from './parse/log-parser.js';

const LINES = [
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [main:QuorumPeerMain@152] - Starting quorum peer, myid=2',
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [QuorumPeer[myid=2]:FastLeaderElection@946] - New election. My id = 2, proposed zxid=0x8000000000000000',
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [WorkerReceiver[myid=2]:FastLeaderElection$Messenger$WorkerReceiver@391] - Notification: my state:LOOKING; n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x1, n.peerEpoch:0x0, n.zxid:0xffffffffffffffff, message format version:0x2, n.config version:0x0',
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [QuorumPeer[myid=2]:QuorumPeer@917] - Peer state changed: leading - synchronization',
];

describe('ITF', () => {
  const parser = new LogParser('server-2.log');
  const observations = LINES.flatMap((line) => parser.push(line));
  const printed = observations.map(printObservation);

  it('keeps what was observed, 64-bit numbers exactly', () => {
    const itf = itfOf(printed);
    if (!itf.ok) throw new Error(itf.error);
    expect(itf.value).toContain('{"#bigint":"-9223372036854775808"}');
    const back = linesOfItf(itf.value);
    if (!back.ok) throw new Error(back.error);
    const read = back.value.map((line) => parseObservation(line, { file: 'x', line: 1 }));
    expect(read).toEqual(observations.map((value) => ({ ok: true, value })));
  });

  it('is one state a line', () => {
    const itf = itfOf(printed);
    expect(itf.ok && itf.value.split('\n')).toHaveLength(printed.length + 2);
    expect(itfOf([])).toEqual({ ok: true, value: expect.stringMatching(/"states":\[\n\n\]\}$/) });
    expect(linesOfItf(`${itfBegin(['observation'])}${ITF_END}`)).toEqual({ ok: true, value: [] });
    expect(itfOf(['x'])).toEqual({ ok: false, error: 'line 1 is not JSON' });
  });

  it('names stay text, numbers do not, in whatever they stand', () => {
    const state = itfState(3, { observation: { file: '12', sid: 12n }, roles: itfMap([[1n, { leader: null }]]) });
    expect(JSON.parse(state)).toEqual({
      '#meta': { index: 3 },
      observation: { file: '12', sid: { '#bigint': '12' } },
      roles: { '#map': [[{ '#bigint': '1' }, { leader: { '#unserializable': 'null' } }]] },
    });
  });

  it.each([
    ['nonsense', 'the document is not JSON'],
    ['{"states": 1}', 'the document has no list "states"'],
    ['{"states": [{"vote": 1}]}', 'state 0 has no record "observation"'],
    ['{"states": [{"observation": {"sid": {"#bigint": 1}}}]}', 'state 0: "#bigint" must be a string'],
  ])('refuses %s', (text, error) => {
    expect(linesOfItf(text)).toEqual({ ok: false, error });
  });
});
