/** What came of a step, in one line: who it concerns, the branch taken, what changed, what was sent. */
import type { Action, CaseName } from '../../spec/action.js';
import type { Step } from '../../spec/next.js';
import type { Life, Message, Server, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import type { Vote } from '../../types/vote.js';
import { changeWords, messageWords, sendsWords } from '../../models/fuzz/words.js';

/** No line for steps inside a server that nobody, not even its main loop, can notice. */
export function outcomeLines(before: State, action: Action, step: Step): readonly string[] {
  const lines = channelLines(before, action);
  for (const [sid, server] of step.state.servers) {
    const old = before.servers.get(sid);
    if (old === undefined) continue;
    const acts = 's' in action && action.s === sid;
    const words = [
      ...(acts ? taken(before, action) : []),
      ...changeWords(old, server),
      ...(acts && step.sends.length > 0 ? [sendsWords(step.sends)] : []),
      ...tallyWords(old, server),
    ];
    const branch = acts ? branchWords(action, step.cases) : '';
    if (words.length > 0 || branch !== '') lines.push(`${sid}: ${branch}${words.join('; ')}`.trimEnd());
  }
  return lines;
}

/** Branches of the reading steps; those of WorkerReceiver show in what follows. */
function branchWords(action: Action, cases: readonly CaseName[]): string {
  const told = cases.filter((one) => one !== 'plain' && !QUIET.has(one));
  if (told.length === 0 || action.name === 'Leave' || action.name === 'Resend') return '';
  return `[${told.join(', ')}] `;
}

const QUIET: ReadonlySet<CaseName> = new Set(['looking', 'answer', 'silent']);

function taken(before: State, action: Action): readonly string[] {
  if (action.name === 'Receive') {
    const [head] = queueOf(before, action.from, action.s);
    return head === undefined ? [] : [`takes from ${action.from}: ${messageWords(head)}`];
  }
  if (action.name !== 'Enqueue') return [];
  const pc = before.servers.get(action.s)?.life?.pc;
  return pc === 'POLL' || pc === 'FINAL' ? [] : ['keeps it in recvqueue'];
}

/** What happens to messages that no server reads. */
function channelLines(before: State, action: Action): string[] {
  switch (action.name) {
    case 'Break': {
      const { a, b, keepAB, keepBA } = action;
      return [...lostLines(before, [a, b], keepAB), ...lostLines(before, [b, a], keepBA)];
    }
    case 'Lose': {
      const lost = queueOf(before, action.from, action.to)[action.index];
      return lost === undefined ? [] : [`${action.from}->${action.to}: overwritten is ${messageWords(lost)}`];
    }
    case 'Replay': {
      const newest = before.channels.get(action.from)?.get(action.to)?.newest;
      return newest ? [`${action.from}->${action.to}: sent again is ${messageWords(newest)}`] : [];
    }
    default:
      return [];
  }
}

function lostLines(state: State, [from, to]: readonly [Sid, Sid], keep: number): readonly string[] {
  return queueOf(state, from, to)
    .slice(keep)
    .map((message) => `${from}->${to}: lost is ${messageWords(message)}`);
}

function queueOf(state: State, from: Sid, to: Sid): readonly Message[] {
  return state.channels.get(from)?.get(to)?.queue ?? [];
}

/** The votes that the main loop holds: `recvset {1 L2, 3 D3}; agreed by 1`. Nothing once the election is over. */
function tallyWords(old: Server, { life }: Server): readonly string[] {
  const before = old.life;
  if (life === null || before === null || (life.pc !== 'POLL' && life.pc !== 'FINAL')) return [];
  const words: string[] = [];
  if (life.recvset !== before.recvset && life.recvset.size > 0) words.push(`recvset ${votes(life.recvset)}`);
  if (life.ooe !== before.ooe && life.ooe.size > 0) words.push(`outofelection ${votes(life.ooe)}`);
  if (life.counted !== before.counted && life.counted !== null) words.push(`agreed by ${agreed(life)}`);
  return words;
}

const agreed = ({ counted }: Life): string => (counted ?? []).join(', ') || 'nobody';

function votes(map: ReadonlyMap<Sid, Vote>): string {
  const letter = ({ state }: Vote): string => (state === 'LEADING' ? 'D' : state.charAt(0));
  const ascending = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${ascending.map(([sid, vote]) => `${sid} ${letter(vote)}${vote.leader}`).join(', ')}}`;
}
