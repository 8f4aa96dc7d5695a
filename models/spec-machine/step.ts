/** A step that a log can tell of, taken by the specification. */
import { assert } from '../../base/assert.js';
import type { Peer } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { LocalAction, LocalOutcome } from '../../spec/action.js';
import { localOutcomes, takeMessage } from '../../spec/next.js';
import { bootLife } from '../../spec/server.js';
import type { Server } from '../../spec/state.js';
import type { LoggedEvent, LoggedStep } from '../log-machine/rules.js';
import { peerOf, serverOf } from './convert.js';
import { effectsOf, receiveLines, startLines } from './lines.js';

/** The one outcome that the specification allows. Precondition: the step is enabled. */
export function specStep(config: PeerConfig, peer: Peer, event: LoggedEvent): LoggedStep {
  const before = serverOf(config, peer);
  switch (event.type) {
    case 'Restart':
      assert(before.life === null, 'only what is down starts');
      return { peer: peerOf({ ...before, life: bootLife(before) }, waitOf(config, peer)), effects: startLines() };
    case 'Receive': {
      const outcome = only(event.type, [takeMessage(before, event.notification)]);
      return {
        peer: peerOf(outcome.server, waitOf(config, peer)),
        effects: receiveLines(before, event.notification),
      };
    }
    default: {
      const action = actionOf(before, event);
      const outcome = only(
        action.name,
        localOutcomes(before, action, { oracle: 'oracleSays' in event && event.oracleSays === true }),
      );
      const notTimeoutMs = waitAfter(action.name, config, waitOf(config, peer));
      const effects = effectsOf(action.name, { before, outcome, notTimeoutMs });
      return { peer: peerOf(outcome.server, notTimeoutMs), effects };
    }
  }
}

function actionOf({ sid: s }: Server, event: Exclude<LoggedEvent, { type: 'Restart' | 'Receive' }>): LocalAction {
  if (event.type === 'TimeOut') return { name: 'Resend', s, delivered: event.haveDelivered };
  return { name: event.type, s };
}

/** With the choice of TimeOut made, every step of a server has one outcome. */
function only(name: string, outcomes: readonly (LocalOutcome | null)[]): LocalOutcome {
  const [outcome] = outcomes;
  assert(outcome !== null && outcome !== undefined && outcomes.length === 1, `${name} has one outcome`);
  return outcome;
}

/** The wait of the main loop: time, which the specification leaves out. */
function waitOf(config: PeerConfig, { process }: Peer): number {
  const main = process?.main;
  return main !== undefined && 'call' in main ? main.call.notTimeoutMs : config.profile.minNotificationIntervalMs;
}

/** notTimeout of lookForLeader: the smallest at first, doubled up to the cap by each wait in vain. */
function waitAfter(name: LocalAction['name'], config: PeerConfig, wait: number): number {
  const { minNotificationIntervalMs, maxNotificationIntervalMs } = config.profile;
  if (name === 'Begin') return minNotificationIntervalMs;
  return name === 'Resend' ? Math.min(wait * 2, maxNotificationIntervalMs) : wait;
}
