/**
 * Goal: ensembles of real peers do only what the specification allows. Method: fast-check commands; `check` asks the
 * specification whether a step is enabled, `run` does it on the peers and requires an allowed outcome.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { transition } from '../impl/transition.js';
import { Conformance } from '../models/conformance/conformance.js';
import { implSubject, subjectOf } from '../models/conformance/impl-subject.js';
import type { Subject } from '../models/conformance/peer.js';
import { electionCommands, type Model } from '../models/fuzz/commands.js';
import type { Script } from '../models/fuzz/script.js';
import { ANY_SETUP, randomSetup } from '../models/fuzz/setups.js';
import { watchProperties } from '../models/fuzz/watch.js';
import { initialState } from '../spec/init.js';

/** Ensembles of any kind; shrinks towards one voter and no observer. */
const setups: fc.Arbitrary<Script['setup']> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 2 }), fc.integer())
  .map(([voters, observersMax, seed]) =>
    randomSetup(makeRng(seed), { ...ANY_SETUP, voters: [voters, voters], observersMax }),
  );

/** Runs commands against a subject; `seen` collects what happened. */
function property(subject: Subject, maxCommands: number, seen: Map<string, number>) {
  return fc.property(setups, electionCommands(maxCommands), (setup, commands) => {
    const watch = watchProperties(setup);
    const count = (key: string): unknown => seen.set(key, (seen.get(key) ?? 0) + 1);
    const real = new Conformance(subject, setup, (before, action, step) => {
      count(action.name);
      for (const one of step.cases) count(`${action.name} ${one}`);
      return watch(before, action, step);
    });
    fc.modelRun((): { model: Model; real: Conformance } => ({ model: { state: initialState(setup) }, real }), commands);
  });
}

describe('commands against the specification', () => {
  it('the peer does only what is allowed, and a lot happens', () => {
    const seen = new Map<string, number>();
    fc.assert(property(implSubject, 1000, seen), { numRuns: 300 });
    const often = ['Begin', 'Receive', 'Handle K1', 'Handle K3', 'Handle K4', 'FinalEnd', 'Publish', 'Leave', 'Crash'];
    for (const key of [...often, 'Handle J1', 'SendReply lagging', 'Lose', 'Replay']) {
      expect(seen.get(key) ?? 0, key).toBeGreaterThan(0);
    }
  });

  it('a peer that forgets to answer is found, and few commands are left', () => {
    const mute = subjectOf('mute', (config, peer, event) => {
      const next = transition(config, peer, event);
      return event.type === 'SendReply' ? { ...next, effects: [] } : next;
    });
    const details = fc.check(property(mute, 300, new Map()), { numRuns: 200, seed: 1 });
    expect(details.failed).toBe(true);
    const ran = String(details.counterexample?.[1])
      .split(',')
      .filter((words) => words !== '');
    expect(ran.length).toBeGreaterThan(3);
    expect(ran.length).toBeLessThan(25);
    expect(String(details.errorInstance)).toMatch(/messages sent: nothing where the specification has to/);
  });
});
