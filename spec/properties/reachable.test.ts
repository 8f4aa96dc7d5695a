import { describe, expect, test } from 'vitest';
import type { StepTaken } from '../history.js';
import type { Life, Server } from '../state.js';
import type { Action, Send } from '../action.js';
import {
  config,
  electing,
  epoch,
  heard,
  historyOf,
  inRole,
  message,
  proposal,
  recorded,
  round,
  server,
  sid,
  state,
  step,
  vote,
  zxid,
} from './examples.js';
import { FALSE_CLAIMS, LIVENESS, PROPERTIES, ALIASES, QUORUM_PROPERTIES, VOTE_PROPERTIES } from './index.js';

type Name = Extract<Action, { readonly s: unknown }>['name'];

/** A step of server 1 beside two others: 2 elects, 3 is down, where `rest` does not say otherwise. */
function taken(name: Name, before: Life, after: Life, rest: Rest = {}): StepTaken {
  const others = [server(2, electing(2)), server(3, null)].map(
    (each) => rest.others?.find((other) => other.sid === each.sid) ?? each,
  );
  const action = { name, s: sid(1) } as Action;
  return step(state([server(1, before), ...others]), action, [server(1, after)], rest.sends);
}

interface Rest {
  readonly others?: readonly Server[];
  readonly sends?: readonly Send[];
}

const to = (id: number, what: Send['message']): readonly Send[] => [{ to: sid(id), message: what }];
const silent = (rest: Partial<Life> = {}) => electing(1, { pc: 'SILENT', ...rest });
const entering = (clk: number) => electing(1, { pc: 'ENTER', clk: round(clk) });
const observed = { membership: { committed: config(2, { kind: 'majority' }, 3), lastSeen: null } };

/** The same step with another server 1 on both sides. */
function as(what: Partial<Server>, of: StepTaken): StepTaken {
  const dress = (servers: StepTaken['after']['servers']) =>
    new Map([...servers].map(([id, each]) => [id, id === 1n ? { ...each, ...what } : each]));
  return {
    ...of,
    before: { ...of.before, servers: dress(of.before.servers) },
    after: { ...of.after, servers: dress(of.after.servers) },
  };
}

function replyOf(captured: Life, sent: Send['message']): StepTaken {
  return taken('SendReply', captured, { ...captured, worker: { stage: 'IDLE' } }, { sends: to(2, sent) });
}

const answering = electing(1, {
  worker: { stage: 'REPLY', to: sid(2), captured: { kind: 'looking', proposal: proposal(1) } },
});
const fromObserver = (state_: 'OBSERVING' | 'LOOKING'): StepTaken => {
  const first = state(
    [server(1, electing(1), observed), server(2, null), server(3, null)],
    [3, 1, message(2, 1, state_)],
  );
  return step(first, { name: 'Receive', from: sid(3), s: sid(1) }, []);
};
const heldTwo = recorded([2, vote(2, 1)]);
const dropping = electing(1, { pc: 'FINAL', nq: [heard(2, 1, 5)] });

/** Per claim: behaviours whose last step refutes it, and one whose last step does not. */
const CASES: Readonly<Record<string, readonly [refuted: StepTaken[], kept: StepTaken[]]>> = {
  W1: [
    [taken('FinalEnd', silent(), inRole(1, 1, 2), { others: [server(2, inRole(2, 2))] })],
    [taken('FinalEnd', silent(), inRole(1, 1), { others: [server(2, inRole(2, 1))] })],
  ],
  W2: [
    [taken('FinalEnd', silent(), inRole(1, 1), { others: [server(2, inRole(2, 2))] })],
    [taken('FinalEnd', silent(), inRole(1, 1, 2), { others: [server(2, inRole(2, 2))] })],
  ],
  W3: [
    [taken('FinalEnd', silent({ prop: proposal(2) }), inRole(1, 2))],
    [taken('FinalEnd', silent(), inRole(1, 2), { others: [server(2, inRole(2, 2))] })],
  ],
  W4: [[taken('FinalEnd', silent(), inRole(1, 1))], [taken('FinalEnd', silent(), inRole(1, 2))]],
  W5: [
    [taken('FinalEnd', silent(), inRole(1, 1))],
    [taken('FinalEnd', silent(), inRole(1, 1), { others: [server(2, inRole(2, 1))] })],
  ],
  W6: [
    [taken('FinalEnd', silent({ recvset: recorded([2, vote(1, 1)]) }), inRole(1, 1))],
    [taken('FinalEnd', silent({ recvset: recorded([1, vote(1, 1)]) }), inRole(1, 1))],
  ],
  W7: [
    [
      taken('Handle', electing(1), inRole(1, 1), {
        others: [server(2, inRole(2, 1), { zx: zxid(3) }), server(3, inRole(3, 1), { ce: epoch(1) })],
      }),
    ],
    [taken('Handle', electing(1), inRole(1, 1), { others: [server(2, inRole(2, 1), { zx: zxid(3) })] })],
  ],
  W8: [
    [taken('Handle', electing(1, { clk: round(5) }), inRole(1, 2, 3))],
    [taken('Handle', electing(1, { clk: round(5) }), inRole(1, 2, 5))],
  ],
  W9: [
    [taken('Begin', entering(0), electing(1)), taken('Begin', entering(0), electing(1))],
    [taken('Begin', entering(0), electing(1)), taken('Begin', entering(1), electing(1, { clk: round(2) }))],
  ],
  W10: [
    [
      taken(
        'Handle',
        electing(1, { nq: [heard(2, 1, 1)], recvset: heldTwo }),
        electing(1, { recvset: recorded([2, vote(1, 1)]) }),
      ),
    ],
    [
      taken(
        'Handle',
        electing(1, { nq: [heard(2, 3, 1)], recvset: heldTwo }),
        electing(1, { recvset: recorded([2, vote(3, 1)]) }),
      ),
    ],
  ],
  W11: [
    [taken('SendReply', inRole(1, 2), inRole(1, 2), { sends: to(3, message(1, -1, 'FOLLOWING')) })],
    [taken('SendReply', inRole(1, 2), inRole(1, 2), { sends: to(3, message(2, 1, 'FOLLOWING')) })],
  ],
  W12: [
    [taken('SendReply', inRole(1, 1), inRole(1, 1), { sends: to(3, message(2, 1, 'LEADING')) })],
    [taken('SendReply', inRole(1, 1), inRole(1, 1), { sends: to(3, message(1, 1, 'LEADING')) })],
  ],
  W13: [
    [as(observed, taken('SendReply', electing(1), electing(1), { sends: to(3, message(2, 1)) }))],
    [as(observed, taken('SendReply', electing(1), electing(1), { sends: to(2, message(2, 1)) }))],
  ],
  W14: [
    [
      as({ zx: zxid(9) }, taken('Begin', entering(0), electing(1))),
      as({ zx: zxid(5) }, taken('Begin', entering(1), electing(1, { clk: round(2) }))),
    ],
    [
      as({ zx: zxid(5) }, taken('Begin', entering(0), electing(1))),
      as({ zx: zxid(9) }, taken('Begin', entering(1), electing(1, { clk: round(2) }))),
    ],
  ],
  W15: [
    [taken('FinalStep', dropping, { ...dropping, nq: [] })],
    [taken('FinalStep', { ...dropping, nq: [heard(2, 1, 1)] }, { ...dropping, nq: [] })],
  ],
  W16: [
    [taken('Handle', electing(1), electing(1, { recvset: recorded([2, vote(1, 1)]) }))],
    [taken('Handle', electing(1), electing(1, { recvset: heldTwo }))],
  ],
  W17: [
    [taken('FinalStep', dropping, dropping), taken('FinalStep', dropping, { ...dropping, nq: [] })],
    [taken('FinalStep', dropping, { ...dropping, nq: [] })],
  ],
  W18: [
    [taken('Publish', inRole(1, 2, 1, { pc: 'DECIDED' }), inRole(1, 2), { others: [server(2, inRole(2, 2, 4))] })],
    [taken('Publish', inRole(1, 2, 1, { pc: 'DECIDED' }), inRole(1, 2), { others: [server(2, inRole(2, 2))] })],
  ],
  W19: [[fromObserver('OBSERVING')], [fromObserver('LOOKING')]],
  W20: [[replyOf({ ...answering, prop: proposal(2) }, message(1, 1))], [replyOf(answering, message(1, 1))]],
};

describe('false claims', () => {
  test.each(FALSE_CLAIMS)('$id: $claim', ({ id, witness }) => {
    const [refuted, kept] = CASES[id] ?? [[], []];
    for (const [behaviour, expected] of [
      [refuted, true],
      [kept, false],
    ] as const) {
      const last = behaviour.at(-1);
      if (last === undefined) throw new Error(`no case for ${id}`);
      expect(witness(last, historyOf(behaviour[0]?.before ?? last.before, ...behaviour))).toBe(expected);
    }
  });
});

test('ids are unique, and an alias names properties that exist', () => {
  const properties = [...PROPERTIES, ...VOTE_PROPERTIES, ...QUORUM_PROPERTIES].map(({ id }) => id);
  const all = [
    ...properties,
    ...ALIASES.map(({ id }) => id),
    ...FALSE_CLAIMS.map(({ id }) => id),
    ...LIVENESS.map(({ id }) => id),
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const { sameAs } of ALIASES) for (const id of sameAs) expect(properties).toContain(id);
});
