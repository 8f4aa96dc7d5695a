/**
 * A machine for logs of which lines are left out. In the place of such a line stood another of its kind, or none; in that of another
 * server's message any number of messages. A line that begins an election hides that whole election.
 */
import { MAIN_DEBUG_LINES, MAIN_LINES } from '../../types/election-line.js';
import type { Ahead, EnsembleMachine, Sent } from '../../traces/machine.js';
import type { LeftOutLine, ReadLine } from '../../traces/observation.js';
import { adrift, adriftAtEnter, adriftKey, anywhere, describeAdrift, type ExcerptHypothesis } from './adrift.js';
import { beginsElection, isOwn, nextOwed, observeAdrift, passedAdrift, passedMessages } from './adrift-lines.js';
import { anyMessages, isAny, withAny } from './any-messages.js';
import { observeLine } from './observe.js';
import type { KnownLife, ServerHypothesis, UnknownLife } from './state.js';

type Whole = EnsembleMachine<ServerHypothesis>;
type States = readonly ExcerptHypothesis[];

/** What `whole` is for a log with all its lines. */
export function ofExcerpts(whole: Whole): EnsembleMachine<ExcerptHypothesis> {
  return {
    name: whole.name,
    start: (hints) => whole.start(hints).flatMap(anywhere),
    hidden: (state, ahead) => {
      if (state.life === 'adrift') return [];
      if (state.life === 'unknown') return whole.hidden(state, ahead);
      if (takesHidden(state)) return [{ label: 'a message that is left out', next: adrift(state, ahead) }];
      return whole.hidden(state, ahead).map((step) => {
        const guessed = step.next.life === 'known' && step.next.unsure && !state.unsure;
        return guessed ? { label: step.label, next: adriftAtEnter(state, ahead) } : step;
      });
    },
    observe: (state, observation, ahead) => {
      const { said } = observation;
      if (said.what === 'leftOut') return { ok: true, next: passed(state, said, { whole, ahead }) };
      return state.life === 'adrift' ? observeAdrift(state, said, ahead) : whole.observe(state, observation, ahead);
    },
    key: (state) => (state.life === 'adrift' ? adriftKey(state, (one) => whole.key(one)) : whole.key(state)),
    describe: (state) => (state.life === 'adrift' ? describeAdrift(state) : whole.describe(state)),
    judging: (state) => (state.life === 'adrift' ? !state.unseen : whole.judging(state)),
    uncertain: (state) => (state.life === 'adrift' ? state.from.unsure : whole.uncertain(state)),
    decision: (state) => (state.life === 'adrift' ? null : whole.decision(state)),
    sent: (state) => (state.life === 'adrift' ? state.sent : whole.sent(state)),
    drained: (state) => (state.life === 'adrift' ? { ...state, sent: [] } : whole.drained(state)),
    answers: (state) => (state.life === 'adrift' ? [] : whole.answers(state)),
  };
}

interface Place {
  readonly whole: Whole;
  readonly ahead: Ahead;
}

function passed(state: ExcerptHypothesis, { said }: LeftOutLine, { whole, ahead }: Place): States {
  if (state.life === 'adrift') return passedAdrift(state, said, ahead);
  return state.life === 'unknown' ? takenIn(state, said, ahead) : passedKnown(state, said, { whole, ahead });
}

/** The state itself is always among them: nothing was printed. So is what the line really does, or what covers it. */
function passedKnown(state: KnownLife, said: ReadLine, { whole, ahead }: Place): States {
  if (MAIN_LINES.has(said.what) || (MAIN_DEBUG_LINES.has(said.what) && state.debug)) {
    const printed = nextOwed(state.owed, said.what).flatMap((next) => after(state, next, ahead));
    return [state, ...printed, ...(beginsElection(said) ? anywhere(state) : [])];
  }
  switch (said.what) {
    case 'receiving':
      return state.announced === 'none' && isFree(state) ? [state, { ...state, announced: 'any' }] : [state];
    case 'answering':
      return state.receiverOwed.length === 0
        ? [state]
        : [state, { ...state, receiverOwed: state.receiverOwed.slice(1) }];
    case 'notification':
      return isOwn(state, said) ? withCopy(state, ahead) : withMessages(state, { whole, ahead });
    case 'snapshotLoaded':
      return [{ ...state, disk: { ...state.disk, zxid: { known: 'nothing' } } }];
    case 'epochDefault':
      return [{ ...state, disk: { ...state.disk, epoch: { known: 'nothing' } } }];
    case 'processStarted':
      return [state, ...after(state, said, ahead)];
    default: {
      // What such a line tells is only that less is known than before: that covers the state without it.
      const next = after(state, said, ahead);
      return next.some(({ life }) => life === 'unknown') ? [state, ...next] : next;
    }
  }
}

function after(state: ServerHypothesis, said: ReadLine, ahead: Ahead): readonly ServerHypothesis[] {
  const outcome = observeLine(state, said, ahead);
  return outcome.ok ? outcome.next : [];
}

/** Its next copy arrived, or none. */
function withCopy(state: KnownLife, ahead: Ahead): States {
  const [myState] = state.statesSeen;
  const [copy] = state.loopback;
  if (copy === undefined || myState === undefined) return [state];
  const { notification } = copy;
  return [state, ...after({ ...state, announced: 'any' }, { what: 'notification', myState, notification }, ahead)];
}

/** Any messages of others arrived, and may have been answered, whoever sent them. While WorkerReceiver is busy none did. */
function withMessages(state: KnownLife, { whole, ahead }: Place): States {
  if (waits(state)) return [passedMessages(adrift(state, ahead))];
  const { peer, rules, config, followed } = state;
  const any = anyMessages(config);
  if (!isFree(state) || any === null) return [state];
  const arrived = rules.transition(config, peer, { type: 'Receive', notification: any }).peer;
  // What was announced (DEBUG) may be the next message that is printed.
  const announced = state.announced === 'none' ? (['none'] as const) : (['none', state.announced] as const);
  const next = announced.map((one): KnownLife => ({ ...state, announced: one, peer: arrived }));
  const told = [...whole.answers(state), ...answersToVoters(state)];
  if (followed === null || followed.size === 0 || told.length === 0) return next;
  const sent = told.flatMap((answer) => [...followed].map((to): Sent => ({ to, ...answer })));
  return [...next, ...next.map((one): KnownLife => ({ ...one, sent: [...one.sent, ...sent] }))];
}

const isFree = ({ peer: { process }, receiverOwed }: KnownLife): boolean =>
  process?.worker.stage === 'idle' && receiverOwed.length === 0;

/** What a voter is told: one of an earlier round the proposal; by a server that has decided, the published vote (WorkerReceiver.run). */
function answersToVoters(state: ServerHypothesis): ReturnType<Whole['answers']> {
  const process = state.life === 'unknown' ? null : state.peer.process;
  if (state.life === 'unknown' || process === null) return [];
  const { config, voteEpochMayRise } = state;
  const looking = process.state === 'LOOKING';
  const { leader, zxid, epoch, round } = looking
    ? { ...process.proposal, round: process.logicalclock }
    : process.currentVote;
  const carried = { version: config.profile.messageVersion, configVersion: config.membership.committed.version };
  const notification = { leader, zxid, epoch, round, state: process.state, ...carried, from: config.sid };
  return [{ notification, epochMayBeHigher: !looking && voteEpochMayRise, isAnswer: true }];
}

/** In a stretch that is not judged, what is left out makes less known, never more. */
function takenIn(state: UnknownLife, said: ReadLine, ahead: Ahead): States {
  switch (said.what) {
    case 'newElection':
    case 'looking':
    case 'stateChanged':
      return [{ ...state, sawLooking: false }];
    case 'notification':
      return [{ ...state, heard: withAny(state.heard, state.config) }];
    default:
      return [state, ...after(state, said, ahead)];
  }
}

/** Such a message waits, and the main loop takes messages: what it will do with those before it does not matter any more. */
const takesHidden = (state: KnownLife): boolean => waits(state) && state.peer.process?.recvqueue.some(isAny) === true;

function waits({ peer: { process } }: KnownLife): boolean {
  const at = process?.main.at;
  return at === 'poll' || at === 'final' || at === 'silent';
}
