/** The steps of a hypothesis that print nothing by themselves. */
import type { WorkerEvent } from '../../impl/event.js';
import type { Effect } from '../../impl/effect.js';
import type { Process } from '../../impl/peer.js';
import type { Notification, Proposal } from '../../types/vote.js';
import type { Ahead, HiddenStep } from '../../traces/machine.js';
import { aboutToBegin } from './begin.js';
import { printsStateChanges } from './prints.js';
import type { LoggedMainEvent } from './rules.js';
import { type KnownLife, owedBy, type OwnCopy, settle, stateIsLocked } from './state.js';

/** All single steps of both threads that are possible now. */
export function hiddenSteps(state: KnownLife, ahead: Ahead): readonly HiddenStep<KnownLife>[] {
  const { process } = state.peer;
  if (process === null) return [];
  const worker = workerSteps(state, process);
  if (state.owed.length > 0) return worker;
  return [...worker, ...mainSteps(state, process, ahead)];
}

const EVENT_OF = {
  printed: { type: 'TestState' },
  tested: { type: 'Enqueue' },
  enqueued: { type: 'CompareRound' },
  replying: { type: 'SendReply' },
} as const satisfies Record<string, WorkerEvent>;

function workerSteps(state: KnownLife, process: Process): readonly HiddenStep<KnownLife>[] {
  const { worker } = process;
  if (worker.stage === 'idle' || state.receiverOwed.length > 0) return [];
  const locked = worker.stage === 'printed' && stateIsLocked(state);
  if (locked && !oldStateIsReadable(state)) return [];
  const event = EVENT_OF[worker.stage];
  let next = locked ? testedBeforeTheChange(state, process) : workerStep(state, event);
  // What a foreigner is told changes nothing here: those parts need no order of their own. An own copy's answer
  // comes back, and that to a followed server is asked for: there the clock and state at each part matter.
  const sender = worker.stage === 'replying' ? worker.to : worker.notification.from;
  if (sender !== state.config.sid && state.followed?.has(sender) !== true) {
    for (;;) {
      const { stage } = next.peer.process?.worker ?? { stage: 'idle' };
      if (stage === 'idle' || next.receiverOwed.length > 0) break;
      next = workerStep(next, EVENT_OF[stage]);
    }
  }
  const steps: HiddenStep<KnownLife>[] = [{ label: event.type, next }];
  if (worker.stage === 'enqueued' && state.proposalBefore !== null) {
    steps.push({
      label: 'CompareRound before the proposal',
      next: comparedBetween(state, process, state.proposalBefore),
    });
  }
  return locked ? [...steps, ...wiped(next, process)] : steps;
}

/**
 * An exit that makes a learner prints `I am a participant` (DEBUG) before it takes the lock of the state: until
 * `Peer state changed` is printed the state may still be read, as LOOKING (FastLeaderElection.setPeerState).
 */
function oldStateIsReadable(state: KnownLife): boolean {
  return state.debug && state.peer.process?.main.at === 'decided';
}

function testedBeforeTheChange(state: KnownLife, process: Process): KnownLife {
  const before = { ...state, peer: { ...state.peer, process: { ...process, state: 'LOOKING' as const } } };
  const tested = workerStep(before, { type: 'TestState' });
  const after = tested.peer.process;
  if (after === null) return tested;
  return { ...tested, peer: { ...tested.peer, process: { ...after, state: process.state } } };
}

/** The exit has yet to empty recvqueue: what was queued before is gone then (FastLeaderElection.leaveInstance). */
function wiped(state: KnownLife, before: Process): readonly HiddenStep<KnownLife>[] {
  const { process } = state.peer;
  if (process === null || process.recvqueue.length === before.recvqueue.length) return [];
  const peer = { ...state.peer, process: { ...process, recvqueue: before.recvqueue } };
  return [{ label: 'Enqueue before the exit empties recvqueue', next: { ...state, peer } }];
}

function workerStep(state: KnownLife, event: WorkerEvent): KnownLife {
  const { rules, config } = state;
  const { peer, effects } = rules.transition(config, state.peer, event);
  const process = peer.process;
  const copies: OwnCopy[] = [];
  let { sent } = state;
  const owed = [...state.receiverOwed];
  for (const effect of effects) {
    if (effect.type === 'send') {
      const notification = { ...effect.message, from: config.sid };
      const copy = { notification, epochMayBeHigher: state.capturedEpochMayRise };
      const unseen = state.capturedUnseen;
      if (effect.to === config.sid) copies.push(unseen ? { ...copy, anyVote: true } : copy);
      else if (state.followed?.has(effect.to) === true) {
        const answer = { ...copy, to: effect.to, isAnswer: true };
        sent = [...sent, unseen ? { ...answer, unknown: 'vote' } : answer];
      }
    } else if (effect.type === 'log' && state.debug && effect.line.what === 'answering') owed.push(effect.line);
  }
  const idle = process?.worker.stage === 'idle';
  const captures = event.type === 'TestState' && process?.worker.stage === 'replying';
  return {
    ...state,
    peer: event.type === 'Enqueue' ? queued(state, peer) : peer,
    receiverOwed: owed,
    sent,
    // The vote of an answer is captured when the state is tested, and only sent later: perhaps in another round.
    capturedEpochMayRise: captures && state.voteEpochMayRise,
    capturedUnseen: captures && state.voteUnseen,
    loopback: copies.length > 0 ? [...state.loopback, ...copies] : state.loopback,
    statesSeen: idle && process !== null ? readableStates(state, process) : state.statesSeen,
  };
}

/** A state whose change is not yet printed cannot be read: the reader waits for the lock, or was there before. */
function readableStates(state: KnownLife, process: Process): KnownLife['statesSeen'] {
  if (!stateIsLocked(state)) return [process.state];
  return oldStateIsReadable(state) ? ['LOOKING'] : [];
}

/** What becomes of a message that was just queued. */
function queued(state: KnownLife, peer: KnownLife['peer']): KnownLife['peer'] {
  return state.debug ? peer : withoutBurst(state, peer);
}

/**
 * A third equal vote of one sender in a row tells a peer nothing that the second did not, and without DEBUG no
 * line tells how many were used: runs are kept at two, so that a burst does not multiply hypotheses. LEADING
 * votes print a line each and are kept.
 */
function withoutBurst(state: KnownLife, peer: KnownLife['peer']): KnownLife['peer'] {
  const { process } = peer;
  if (process === null) return peer;
  const queue = process.recvqueue;
  const [a, b, c] = queue.slice(-3);
  if (a === undefined || b === undefined || c === undefined || c.state === 'LEADING') return peer;
  if (!state.rules.isVoter(state.config, c.leader) || !sameMessage(a, b) || !sameMessage(b, c)) return peer;
  return { ...peer, process: { ...process, recvqueue: queue.slice(0, -1) } };
}

function sameMessage(a: Notification, b: Notification): boolean {
  return (
    a.from === b.from &&
    a.state === b.state &&
    a.leader === b.leader &&
    a.zxid === b.zxid &&
    a.round === b.round &&
    a.epoch === b.epoch &&
    a.version === b.version
  );
}

function mainSteps(state: KnownLife, process: Process, ahead: Ahead): readonly HiddenStep<KnownLife>[] {
  switch (process.main.at) {
    case 'enter': {
      return aboutToBegin(state, ahead).map((begun) => ({ label: 'Begin', next: applyMain(begun, { type: 'Begin' }) }));
    }
    case 'poll':
      return oracleAnswers(state).flatMap((oracleSays) => pollSteps(state, process, oracleSays));
    case 'final':
      return finalSteps(state, process);
    case 'silent':
      return mainStep(state, process, { type: 'FinalEnd' });
    case 'decided':
      return mainStep(state, process, { type: 'Publish' });
    case 'role': {
      // Staying is always possible, so looking ahead here removes only hypotheses that are lost anyway.
      const next = ahead.nextMain();
      const leaves = printsStateChanges(state.config.profile)
        ? next?.what === 'stateChanged' && next.state === 'LOOKING'
        : next?.what === 'looking';
      return leaves ? leaveSteps(state, process) : [];
    }
  }
}

/** What an oracle's file says is not printed: each time it may be either. Without an oracle nobody asks. */
function oracleAnswers({ config }: KnownLife): readonly boolean[] {
  return config.membership.committed.quorumSystem.kind === 'oracle' ? [false, true] : [false];
}

function pollSteps(state: KnownLife, process: Process, oracleSays: boolean): readonly HiddenStep<KnownLife>[] {
  if (process.recvqueue.length > 0) return mainStep(state, process, { type: 'Handle', oracleSays });
  return [
    ...mainStep(state, process, { type: 'TimeOut', haveDelivered: true, oracleSays }),
    ...mainStep(state, process, { type: 'TimeOut', haveDelivered: false, oracleSays }),
  ];
}

/** Nor is it printed that a leader counted followers, and needs no oracle any more. */
function leaveSteps(state: KnownLife, process: Process): readonly HiddenStep<KnownLife>[] {
  const plain = mainStep(state, process, { type: 'Leave' });
  if (process.state !== 'LEADING' || oracleAnswers(state).length === 1) return plain;
  const counted = { ...process, needOracle: false };
  return [...plain, ...mainStep({ ...state, peer: { ...state.peer, process: counted } }, counted, { type: 'Leave' })];
}

/**
 * Silence and exit are two moments: recvqueue is found empty, and is emptied later. A message that WorkerReceiver
 * queues in between is neither used nor kept.
 */
function finalSteps(state: KnownLife, process: Process): readonly HiddenStep<KnownLife>[] {
  if (process.recvqueue.length > 0) return mainStep(state, process, { type: 'FinalStep' });
  const silent = mainStep(state, process, { type: 'Silence' });
  const { stage } = process.worker;
  if (stage === 'printed' || stage === 'tested') return silent;
  return silent.flatMap(({ next }) =>
    next.peer.process ? mainStep(next, next.peer.process, { type: 'FinalEnd' }) : [],
  );
}

/**
 * A notification of a later round raises the clock first and the proposal then: WorkerReceiver may read the new clock and
 * the old proposal (FastLeaderElection.lookForLeader, logicalclock.set; updateProposal). `process` has the new clock.
 */
function comparedBetween(state: KnownLife, process: Process, proposal: Proposal): KnownLife {
  const between = { ...state, peer: { ...state.peer, process: { ...process, proposal } } };
  const compared = workerStep(between, { type: 'CompareRound' });
  const after = compared.peer.process;
  if (after === null) return compared;
  return { ...compared, peer: { ...compared.peer, process: { ...after, proposal: process.proposal } } };
}

/**
 * The same for a Handle of which no line is printed in between; none if it raises no clock. `after`: the plain step. The answer, perhaps to itself, may
 * be sent before or after what Handle sends.
 */
function comparedWithin(state: KnownLife, event: LoggedMainEvent, after: KnownLife): readonly HiddenStep<KnownLife>[] {
  const { process } = state.peer;
  if (process?.worker.stage !== 'enqueued') return [];
  const raised = after.peer.process?.logicalclock ?? process.logicalclock;
  if (raised <= process.logicalclock) return [];
  const clocked = { ...process, logicalclock: raised };
  const compared = comparedBetween(state, clocked, process.proposal);
  if (compared.peer.process?.worker.stage !== 'replying') return [];
  const answered = workerStep(compared, { type: 'SendReply' });
  return [compared, answered].flatMap((between) => {
    const { peer } = between;
    if (peer.process === null) return [];
    const back = { ...peer, process: { ...peer.process, logicalclock: process.logicalclock } };
    return [{ label: 'CompareRound within Handle', next: applyMain({ ...between, peer: back }, event) }];
  });
}

/**
 * A step of the main loop. If it changes the state while WorkerReceiver holds a printed message, that thread may
 * have tested the state just before: both orders are kept (they differ in whether the message survives).
 */
function mainStep(state: KnownLife, process: Process, event: LoggedMainEvent): readonly HiddenStep<KnownLife>[] {
  const plain = applyMain(state, event);
  const changed = plain.peer.process?.state !== process.state;
  if (!changed || process.worker.stage !== 'printed' || stateIsLocked(state)) {
    return [{ label: event.type, next: plain }, ...comparedWithin(state, event, plain)];
  }
  const tested = workerStep(state, { type: 'TestState' });
  return [
    { label: event.type, next: plain },
    { label: `TestState before ${event.type}`, next: applyMain(tested, event) },
  ];
}

function applyMain(state: KnownLife, event: LoggedMainEvent): KnownLife {
  const { peer, effects } = state.rules.transition(state.config, state.peer, event);
  const owed = owedBy(effects, state);
  const { process } = state.peer;
  const updates = owed.some(({ line }) => line?.what === 'updatingProposal');
  const raises = process !== null && peer.process !== null && peer.process.logicalclock > process.logicalclock;
  const decided = peer.process?.main.at === 'decided';
  return settle({
    ...state,
    peer,
    owed,
    statesSeen: statesAfter(state, effects),
    unsure: state.unsure && !decided,
    proposalBefore: updates && raises ? process.proposal : null,
    neverPublished: state.neverPublished && event.type !== 'Publish',
    voteUnseen: state.voteUnseen && event.type !== 'Publish',
    voteEpochMayRise: event.type === 'Publish' ? false : state.voteEpochMayRise,
  });
}

/** A change of state that is not printed may be read at once. */
function statesAfter({ config, statesSeen }: KnownLife, effects: readonly Effect[]): KnownLife['statesSeen'] {
  if (printsStateChanges(config.profile)) return statesSeen;
  const changes = effects.flatMap((effect) =>
    effect.type === 'log' && effect.line.what === 'stateChanged' ? [effect.line.state] : [],
  );
  return [...statesSeen, ...changes.filter((one) => !statesSeen.includes(one))];
}
