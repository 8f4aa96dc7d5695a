/** What one server may do in a scene, by the module and by the specification, in words that both share. */
import type { Value } from '../../checker/system.js';
import type { Action, Send } from '../../spec/action.js';
import { enabledLocal, enabledReceives } from '../../spec/enabled-actions.js';
import { GRAINS } from '../../spec/grains.js';
import type { State } from '../../spec/state.js';
import { serverOf } from '../../spec/world.js';
import { asSid, zxidCounter, zxidEpoch } from '../../types/ids.js';
import { COUNT, mirrored, module, moduleRow, type Scene, SIDS, specState } from './departure-scene.js';
import { channelSlot, serverSlot } from './layout.js';
import type { LocalState, Notification } from './local-state.js';

/** What is seen of the server that acts, and what it has sent to others since the scene began. */
export interface Shown {
  readonly state: string;
  readonly round: number;
  /** Its proposal, or whom it follows. */
  readonly leader: number;
  /** Epoch of that vote. */
  readonly voteEpoch: number;
  readonly currentEpoch: number;
  /** In the finalize wait. */
  readonly waiting: boolean;
  /** Notifications in recvqueue. */
  readonly queue: number;
  /** Such as `2: LOOKING 3 in round 1 (0:0, 0)`; sorted. */
  readonly sends: readonly string[];
}

/** A point that is reached: by which steps, and what is seen there. */
export interface Point {
  readonly steps: readonly string[];
  readonly shown: Shown;
}

interface Walk<T> {
  readonly at: T;
  readonly steps: readonly string[];
  readonly sends: readonly string[];
}

/** One side: where a scene begins, what may follow, what is seen. */
interface Side<T> {
  begin(scene: Scene): T;
  next(at: T, me: number): readonly { readonly step: string; readonly at: T; readonly sends: readonly string[] }[];
  show(at: T, me: number): Omit<Shown, 'sends'>;
}

/** Every point that `me` reaches by at most `most` steps of its own; the scene itself is the first. */
function reached<T>(side: Side<T>, scene: Scene, me: number, most: number): readonly Point[] {
  let level: readonly Walk<T>[] = [{ at: side.begin(scene), steps: [], sends: [] }];
  const all = [...level];
  for (let taken = 0; taken < most; taken += 1) {
    level = level.flatMap((walk) =>
      side.next(walk.at, me).map(({ step, at, sends }) => ({
        at,
        steps: [...walk.steps, step],
        sends: [...walk.sends, ...sends],
      })),
    );
    all.push(...level);
  }
  return all.map(({ at, steps, sends }) => ({ steps, shown: { ...side.show(at, me), sends: [...sends].sort() } }));
}

const said = (to: number, state: string, leader: number, rest: string): string => `${to}: ${state} ${leader} ${rest}`;

const OF_MODULE: Side<readonly Value[]> = {
  begin: moduleRow,
  next: (row, me) =>
    module.rules
      .filter(({ name }) => Number(/\((\d+)/.exec(name)?.[1]) === mirrored(me))
      .flatMap(({ name, reads, step }) =>
        step(reads.map((slot) => row[slot])).map(({ writes, updates }) => {
          const after = [...row];
          reads.forEach((slot, place) => (after[slot] = writes[place]));
          for (const { slot, operation } of updates) after[slot] = module.update('channel', after[slot], operation);
          return { step: name.slice(0, name.indexOf('(')), at: after, sends: updates.map(moduleSent(me)) };
        }),
      ),
  show(row, me) {
    const { state, logicalClock, currentVote, currentEpoch, waitNotmsg, recvQueue } = row[
      serverSlot(mirrored(me))
    ] as LocalState;
    return {
      state,
      round: logicalClock,
      leader: mirrored(currentVote.proposedLeader),
      voteEpoch: currentVote.proposedEpoch,
      currentEpoch,
      // The flag stays after the exit, where nobody reads it.
      waiting: state === 'LOOKING' && waitNotmsg,
      queue: recvQueue.filter(({ mtype }) => mtype === 'NOTIFICATION').length,
    };
  },
};

const moduleSent =
  (me: number) =>
  ({ slot, operation }: { readonly slot: number; readonly operation: unknown }): string => {
    const to = SIDS.find((sid) => channelSlot([mirrored(me), mirrored(sid)], COUNT) === slot) ?? 0;
    const { mstate, mround, mvote } = operation as Notification;
    const { proposedLeader, proposedZxid, proposedEpoch } = mvote;
    const rest = `in round ${mround} (${proposedZxid.join(':')}, ${proposedEpoch})`;
    return said(to, mstate, mirrored(proposedLeader), rest);
  };

/** What Zab and the world may do to `me` or with it as leader. */
function surroundings(me: number): readonly Action[] {
  const [leader, ...followers] = [me, ...SIDS.filter((sid) => sid !== me)].map((sid) => asSid(BigInt(sid)));
  if (leader === undefined) return [];
  const sets = [[], ...followers.map((sid) => [sid]), followers];
  return [
    { name: 'Crash', s: leader },
    { name: 'Restart', s: leader },
    { name: 'Write', leader },
    { name: 'CatchUp', s: leader },
    ...sets.flatMap((set) =>
      (['accepted', 'committed', 'synchronized', 'established', 'upToDate'] as const).map((extent): Action => ({
        name: 'Activate',
        leader,
        followers: set,
        extent,
      })),
    ),
    ...followers.flatMap((from): readonly Action[] => [
      { name: 'Lose', from, to: leader, index: 0 },
      { name: 'Replay', from, to: leader },
    ]),
  ];
}

function ofSpec(grain: keyof typeof GRAINS): Side<State> {
  return {
    begin: specState,
    next(state, me) {
      const own = enabledLocal(serverOf(state, asSid(BigInt(me))));
      const actions = [...own, ...enabledReceives(state, asSid(BigInt(me))), ...surroundings(me)];
      return actions.flatMap((action) =>
        GRAINS[grain].next(state, action).map((step) => ({
          step: action.name,
          at: step.state,
          sends: step.sends.filter(({ to }) => Number(to) !== me).map(specSent),
        })),
      );
    },
    show(state, me) {
      const { ce, life } = serverOf(state, asSid(BigInt(me)));
      const vote = life?.st === 'LOOKING' ? life.prop : (life?.end ?? life?.cur);
      return {
        state: life?.st ?? 'down',
        round: Number(life?.clk ?? 0),
        leader: Number(vote?.leader ?? 0),
        voteEpoch: Number(vote?.epoch ?? 0),
        currentEpoch: Number(ce),
        waiting: life?.pc === 'FINAL' || life?.pc === 'SILENT',
        queue: life?.nq.length ?? 0,
      };
    },
  };
}

function specSent({ to, message }: Send): string {
  const zxid = `${zxidEpoch(message.zxid)}:${zxidCounter(message.zxid)}`;
  return said(
    Number(to),
    message.state,
    Number(message.leader),
    `in round ${message.round} (${zxid}, ${message.epoch})`,
  );
}

/** All that `me` may come to in at most `most` steps, by the module. */
export function moduleReaches(scene: Scene, me: number, most: number): readonly Point[] {
  return reached(OF_MODULE, scene, me, most);
}

/** The same by the specification, in the steps of that grain, environment included. */
export function specReaches(
  scene: Scene,
  me: number,
  most: number,
  grain: keyof typeof GRAINS = 'strict',
): readonly Point[] {
  return reached(ofSpec(grain), scene, me, most);
}
