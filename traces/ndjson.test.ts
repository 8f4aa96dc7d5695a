import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../types/int64.js';
import { SERVER_STATES, type Role } from '../types/server-state.js';
import { OBSERVATION_KINDS, OBSERVATION_SCHEMA, parseObservation, printObservation } from './ndjson.js';
import type { Observation, ObservedLine } from './observation.js';

const int64 = fc.oneof(fc.bigInt(LONG_MIN, LONG_MAX), fc.constantFrom(LONG_MIN, LONG_MAX, -1n, 0n, 1n, 2n ** 53n));
const sid = int64.map(asSid);
const zxid = int64.map(asZxid);
const round = int64.map(asRound);
const epoch = int64.map(asPeerEpoch);
const config = int64.map(asConfigVersion);
const state = fc.constantFrom(...SERVER_STATES);
const role = fc.constantFrom<Role[]>('FOLLOWING', 'LEADING', 'OBSERVING');
const text = fc.string({ unit: 'grapheme' });
const ms = fc.nat();
const just = <What extends string>(what: What): fc.Arbitrary<What> => fc.constant(what);

/** Every kind of line, with arbitrary fields. */
const LINES: readonly fc.Arbitrary<ObservedLine>[] = [
  fc.record({ what: just('looking') }),
  fc.record({ what: just('roleEntered'), role }),
  fc.record({ what: just('stateChanged'), state }),
  fc.record({ what: just('newElection'), myId: sid, zxid }),
  fc.record({ what: just('timedOut'), nextTimeoutMs: ms }),
  fc.record({ what: just('ignoredLeader'), leader: sid, from: sid }),
  fc.record({ what: just('ignoredSender'), leader: sid, from: sid }),
  fc.record({ what: just('oracle'), follow: fc.boolean() }),
  fc.record({ what: just('updatingProposal'), newLeader: sid, newZxid: zxid, oldLeader: sid, oldZxid: zxid }),
  fc.record({ what: just('sending'), leader: sid, zxid, round, epoch, recipient: sid, myId: sid }),
  fc.record({ what: just('compared'), leader: sid, proposedLeader: sid, zxid, proposedZxid: zxid }),
  fc.record({ what: just('staleRound'), round, logicalclock: round }),
  fc.record({ what: just('addingVote'), from: sid, leader: sid, zxid, round }),
  fc.record({ what: just('observerNotification'), from: sid }),
  fc.record({ what: just('ownZxidMissing') }),
  fc.record({ what: just('senderZxidMissing'), from: sid }),
  fc.record({ what: just('learningState'), myId: sid, observer: fc.boolean() }),
  fc.record({ what: just('leavingElection'), leader: sid, zxid, myId: sid, myState: state }),
  fc.record({ what: just('receiving'), myId: sid }),
  fc.record({
    what: just('notification'),
    myState: state,
    notification: fc.record({
      from: sid,
      state,
      leader: sid,
      zxid,
      round,
      epoch,
      version: fc.integer(),
      configVersion: config,
    }),
  }),
  fc.record({ what: just('answering'), myId: sid, recipient: sid, zxid, leader: sid, configVersion: config }),
  fc.record({ what: just('processStarted'), myId: fc.option(sid, { nil: null }) }),
  fc.record({ what: just('phase'), state, phase: text, sync: fc.option(text, { nil: null }) }),
  fc.record({ what: just('electionTook'), role, tookMs: fc.integer() }),
  fc.record({ what: just('setToLooking') }),
  fc.record({ what: just('newLeaderReceived') }),
  fc.record({ what: just('upToDateReceived') }),
  fc.record({ what: just('quorumOfSupporters'), sids: fc.array(sid), zxid }),
  fc.record({ what: just('snapshotLoaded'), zxid }),
  fc.record({
    what: just('epochDefault'),
    which: fc.constantFrom<('currentEpoch' | 'acceptedEpoch')[]>('currentEpoch', 'acceptedEpoch'),
    epoch,
  }),
  fc.record({ what: just('roleEnding'), reason: text }),
  fc.record({ what: just('electionRestarted') }),
  fc.record({ what: just('reconfigured'), text }),
  fc.record({
    what: just('intervalSetting'),
    which: fc.constantFrom<('min' | 'max')[]>('min', 'max'),
    ms: fc.integer(),
  }),
  fc.record({
    what: just('messengerDown'),
    which: fc.constantFrom<('receiver' | 'sender')[]>('receiver', 'sender'),
  }),
  fc.record({ what: just('version'), text }),
  fc.record({ what: just('mainLoopException'), text }),
  fc.record({ what: just('unreadable'), text, why: text }),
  fc.record({ what: just('seam'), why: text }),
];

const observation = (said: fc.Arbitrary<ObservedLine>): fc.Arbitrary<Observation> =>
  fc.record({ sid: fc.option(sid, { nil: null }), at: fc.record({ file: text, line: fc.integer({ min: 1 }) }), said });

const POSITION = { file: 'trace.ndjson', line: 7 };

describe('observations as NDJSON', () => {
  test('every kind of line is covered here', () => {
    const kinds = LINES.map((line) => fc.sample(line, 1)[0]?.what);
    expect(kinds).toEqual(OBSERVATION_KINDS);
  });

  test.each(LINES.map((line, index) => [OBSERVATION_KINDS[index] ?? '', line] as const))(
    'printing %s and reading it back gives the same',
    (_what, line) => {
      fc.assert(
        fc.property(observation(line), (one) => {
          const printed = printObservation(one);
          expect(printed).not.toContain('\n');
          expect(parseObservation(printed, POSITION)).toEqual({ ok: true, value: one });
        }),
        { numRuns: 60 },
      );
    },
  );

  test('a notification lies flat, keys in the documented order, numbers as strings', () => {
    const printed = printObservation({
      sid: asSid(1n),
      at: { file: 'a.log', line: 12 },
      said: {
        what: 'notification',
        myState: 'LOOKING',
        notification: {
          round: asRound(1n),
          from: asSid(3n),
          configVersion: asConfigVersion(0n),
          state: 'LOOKING',
          leader: asSid(3n),
          zxid: asZxid(LONG_MIN),
          epoch: asPeerEpoch(2n),
          version: 2,
        },
      },
    });
    expect(printed).toBe(
      '{"schema":"zabcheck.observation/1","what":"notification","sid":"1","file":"a.log","line":12,"myState":"LOOKING",' +
        '"from":"3","state":"LOOKING","leader":"3","zxid":"-9223372036854775808","round":"1","epoch":"2","version":2,' +
        '"configVersion":"0"}',
    );
  });

  const line = (fields: object): string => JSON.stringify({ schema: OBSERVATION_SCHEMA, ...fields });

  test('written by hand: exact numbers are taken, a missing place is the place of the line itself', () => {
    expect(parseObservation(line({ what: 'newElection', sid: 2, myId: 2, zxid: 9007199254740991 }), POSITION)).toEqual({
      ok: true,
      value: { sid: 2n, at: POSITION, said: { what: 'newElection', myId: 2n, zxid: 9007199254740991n } },
    });
    expect(parseObservation(line({ what: 'looking', sid: null, line: 4 }), POSITION)).toMatchObject({
      value: { sid: null, at: { file: 'trace.ndjson', line: 4 } },
    });
    expect(
      parseObservation('{"line":1,"sid":"1","what":"looking","schema":"zabcheck.observation/1"}', POSITION),
    ).toMatchObject({
      ok: true,
    });
  });

  test.each<[string, string]>([
    ['{', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['{}', 'the field "schema" is missing'],
    ['{"schema":"zabcheck.observation/2"}', 'schema "zabcheck.observation/2" is not'],
    [line({}), 'the field "what" is missing'],
    [line({ what: 'election' }), '"what" is "election", which is no known kind of line'],
    [line({ what: 7 }), '"what" is 7'],
    [line({ what: 'looking' }), 'the field "sid" is missing'],
    [line({ what: 'looking', sid: true }), 'the field "sid": expected a 64-bit integer'],
    [line({ what: 'looking', sid: '0x1' }), '"0x1" is not a signed 64-bit decimal number'],
    [line({ what: 'looking', sid: '9223372036854775808' }), 'does not fit in 64 bits'],
    [line({ what: 'looking', sid: '-9223372036854775809' }), 'does not fit in 64 bits'],
    [line({ what: 'looking', sid: 2 ** 53 }), '9007199254740992 is not exact as a JSON number'],
    [line({ what: 'looking', sid: 1.5 }), '1.5 is not exact'],
    [line({ what: 'looking', sid: '1', zxid: '0' }), '"zxid" does not belong to this kind of line'],
    [line({ what: 'looking', sid: '1', line: 0 }), 'the field "line"'],
    [line({ what: 'looking', sid: '1', file: 3 }), 'the field "file": expected string'],
    [line({ what: 'newElection', sid: '1', myId: '1' }), 'the field "zxid" is missing'],
    [line({ what: 'roleEntered', sid: '1', role: 'LOOKING' }), 'the field "role": expected one of'],
    [line({ what: 'oracle', sid: '1', follow: 'yes' }), 'the field "follow": expected boolean'],
    [line({ what: 'timedOut', sid: '1', nextTimeoutMs: '400' }), 'the field "nextTimeoutMs": expected number'],
    [line({ what: 'timedOut', sid: '1', nextTimeoutMs: -1 }), 'the field "nextTimeoutMs"'],
    [line({ what: 'quorumOfSupporters', sid: '1', sids: ['1', 'x'], zxid: '0' }), 'the field "sids.1"'],
    [line({ what: 'seam', sid: '1', why: 'x'.repeat(4097) }), 'the field "why": expected at most 4096 characters'],
    [
      line({ what: 'quorumOfSupporters', sid: '1', sids: Array(513).fill('1'), zxid: '0' }),
      'the field "sids": expected at most 512 servers',
    ],
    [line({ what: 'looking', sid: '1' }).replace('}', ',"__proto__":{"what":"seam"}}'), '"__proto__" does not belong'],
    [line({ what: 'looking', sid: '1', constructor: 1 }), '"constructor" does not belong'],
    [line({ what: 'toString', sid: '1' }), '"what" is "toString", which is no known kind'],
    [line({ what: ['looking'], sid: '1' }), '"what" is a list'],
    [line({ what: {}, sid: '1' }), '"what" is an object'],
    ['{"schema":null}', 'schema null is not'],
  ])('%s is refused', (text, words) => {
    const read = parseObservation(text, POSITION);
    expect(read.ok ? 'accepted' : read.error).toContain(words);
  });

  test.each<[string, string]>([
    ['schema', 'schema a list is not'],
    ['what', '"what" is a list'],
    ['sid', 'the field "sid": expected a 64-bit integer'],
    ['x', '"x" does not belong'],
  ])('a hundred thousand levels in "%s" are refused like any other value', (key, words) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const good = line({ what: 'looking', sid: '1' });
    const read = parseObservation(good.replace('}', `,"${key}":${deep}}`), POSITION);
    expect(read.ok ? 'accepted' : read.error).toContain(words);
  });

  test('no sentence repeats a long value', () => {
    const long = '9'.repeat(5000);
    for (const fields of [
      { what: long },
      { what: 'looking', sid: long },
      { what: 'looking', sid: '1', [long]: 1 },
      { what: 'roleEntered', sid: '1', role: long },
    ]) {
      const read = parseObservation(line(fields), POSITION);
      expect(read.ok ? 'accepted' : read.error).toMatch(/^.{10,200}$/);
    }
    expect(parseObservation(`{"schema":"${long}"}`, POSITION)).toMatchObject({ ok: false });
  });
});
