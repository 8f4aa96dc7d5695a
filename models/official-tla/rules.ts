/**
 * The disjuncts of NextL as rules: one for each action and choice of its servers.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (NextL, BroadcastNotmsg, ReplyNotmsg,
 * DiscardNotmsg). ReceiveNotmsg(i, i), FollowerUpdateEpoch(i, i) and FollowerUpdateZxid(i, i) are left out, because they are
 * never enabled: nobody sends to itself, and nobody both follows and leads.
 */
import type { Label, Outcome, Rule, Value } from '../../checker/system.js';
import {
  followerUpdateEpoch,
  followerUpdateZxid,
  leaderAdvanceEpoch,
  leaderAdvanceZxid,
  notmsgTimeout,
  type Other,
  receiveNotmsg,
  waitNewNotmsg,
  zabTimeout,
} from './actions.js';
import { handleNotmsg, type OwnStep } from './handle-notmsg.js';
import { channelSlot, serverSlot } from './layout.js';
import { type ElectionMsgs, type LocalState, type Notification, type ServerId, serversOf } from './local-state.js';

export function officialRules(count: number): readonly Rule[] {
  const ids = serversOf(count);
  const pairs = ids.flatMap((i) => ids.filter((j) => j !== i).map((j) => [i, j] as const));
  return [
    ...ids.map((i) => ownRule('ZabTimeout', [i, count], zabTimeout)),
    ...pairs.map((pair) => receiveRule(pair, count)),
    ...ids.map((i) => silenceRule(i, count)),
    ...ids.map((i) => ownRule('HandleNotmsg', [i, count], handleNotmsg)),
    ...ids.map((i) => ownRule('WaitNewNotmsg', [i, count], quietly(waitNewNotmsg))),
    ...ids.map((i) =>
      ownRule(
        'LeaderAdvanceEpoch',
        [i, count],
        quietly((_, server) => leaderAdvanceEpoch(server)),
      ),
    ),
    ...pairs.map((pair) => followerRule('FollowerUpdateEpoch', pair, followerUpdateEpoch)),
    ...ids.map((i) =>
      ownRule(
        'LeaderAdvanceZxid',
        [i, count],
        quietly((_, server) => leaderAdvanceZxid(server)),
      ),
    ),
    ...pairs.map((pair) => followerRule('FollowerUpdateZxid', pair, followerUpdateZxid)),
  ];
}

type OwnAction = (id: ServerId, server: LocalState) => OwnStep | null;

/** An action that sends nothing. */
function quietly(action: (id: ServerId, server: LocalState) => LocalState | null): OwnAction {
  return (id, server) => {
    const after = action(id, server);
    return after && { after, broadcast: null };
  };
}

/** A server does something by itself; what it sends goes to all others. */
function ownRule(name: string, [i, count]: readonly [ServerId, number], action: OwnAction): Rule {
  const label = labelOf(name, [i]);
  const others = serversOf(count).filter((j) => j !== i);
  return ruleOf(label, [serverSlot(i)], {
    needs: (server: LocalState) => action(i, server) !== null,
    step: (server: LocalState) => {
      const step = action(i, server);
      if (step === null) return null;
      const { after, broadcast } = step;
      const updates = broadcast === null ? [] : others.map((j) => sending([i, j], broadcast, count));
      return { writes: [after], updates };
    },
  });
}

/** i takes the oldest message of j, and may reply. */
function receiveRule([i, j]: readonly [ServerId, ServerId], count: number): Rule {
  const reads = [serverSlot(i), channelSlot([j, i], count)];
  return ruleOf<readonly [LocalState, ElectionMsgs]>(labelOf('ReceiveNotmsg', [i, j]), reads, {
    needs: (value, place) => place === 0 || (value as ElectionMsgs).length > 0,
    step: (server, messages) => {
      const reception = receiveNotmsg(i, server, messages);
      if (reception === null) return null;
      const { after, rest, reply } = reception;
      return { writes: [after, rest], updates: reply === null ? [] : [sending([i, j], reply, count)] };
    },
  });
}

function silenceRule(i: ServerId, count: number): Rule {
  const reads = [serverSlot(i), ...serversOf(count).map((j) => channelSlot([j, i], count))];
  return ruleOf<readonly [LocalState, ...ElectionMsgs[]]>(labelOf('NotmsgTimeout', [i]), reads, {
    needs: (value, place) =>
      place === 0 ? notmsgTimeout(value as LocalState, []) !== null : (value as ElectionMsgs).length === 0,
    step: (server, ...incoming) => {
      const after = notmsgTimeout(server, incoming);
      return after && { writes: [after, ...incoming], updates: [] };
    },
  });
}

/** The follower i takes something over from its leader j. */
function followerRule(
  name: string,
  [i, j]: readonly [ServerId, ServerId],
  action: (server: LocalState, other: Other) => LocalState | null,
): Rule {
  return ruleOf<readonly [LocalState, LocalState]>(labelOf(name, [i, j]), [serverSlot(i), serverSlot(j)], {
    needs: ({ state }, place) => state === (place === 0 ? 'FOLLOWING' : 'LEADING'),
    step: (server, leader) => {
      const after = action(server, { id: j, server: leader });
      return after && { writes: [after, leader], updates: [] };
    },
  });
}

/** As in the module: the action with its servers. That a role ends without need is the only fault. */
function labelOf(action: string, ids: readonly ServerId[]): Label {
  return {
    text: `${action}(${ids.join(', ')})`,
    action,
    actor: `server ${ids[0]}`,
    fault: action === 'ZabTimeout',
  };
}

function sending(
  pair: readonly [ServerId, ServerId],
  operation: Notification,
  count: number,
): Outcome['updates'][number] {
  return { slot: channelSlot(pair, count), operation };
}

/** A rule with at most one outcome, over values of known types: `T` are those of the slots read, in order. */
function ruleOf<T extends readonly Value[]>(
  label: Label,
  reads: readonly number[],
  {
    needs,
    step,
  }: {
    readonly needs: (value: T[number], place: number) => boolean;
    readonly step: (...values: T) => Omit<Outcome, 'label'> | null;
  },
): Rule {
  return {
    name: label.text,
    reads,
    needs: (value, place) => needs(value as T[number], place),
    step: (values) => {
      const outcome = step(...(values as unknown as T));
      return outcome === null ? [] : [{ label, ...outcome }];
    },
  };
}
