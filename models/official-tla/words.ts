/** Values in words, for stories. Variables have the names that they have in the module. */
import type {
  ElectionMsgs,
  LocalState,
  NoneSignal,
  Notification,
  Received,
  ReceivedVotes,
  ServerId,
  Txn,
  Vote,
  Zxid,
} from './local-state.js';

export function showServer(server: LocalState): string {
  const { history, lastProcessed, receiveVotes, outOfElection, recvQueue, leadingVoteSet } = server;
  return [
    `${server.state}, logicalClock ${server.logicalClock}, currentVote ${showVote(server.currentVote)}`,
    `currentEpoch ${server.currentEpoch}, lastProcessed ${lastProcessed.index} ${showZxid(lastProcessed.zxid)}`,
    ...(history.length > 0 ? [`history ${history.map(showTxn).join(' ')}`] : []),
    ...showVotes('receiveVotes', receiveVotes),
    ...showVotes('outOfElection', outOfElection),
    ...(recvQueue.length > 0 ? [`recvQueue ${recvQueue.map(showMessage).join('; ')}`] : []),
    ...(server.waitNotmsg ? ['waitNotmsg'] : []),
    ...(leadingVoteSet.length > 0 ? [`leadingVoteSet ${showSet(leadingVoteSet)}`] : []),
  ].join(', ');
}

export function showMessages(messages: ElectionMsgs): string {
  return messages.length === 0 ? 'empty' : messages.map(showMessage).join('; ');
}

function showMessage(message: Notification | NoneSignal): string {
  if (message.mtype === 'NONE') return 'NONE';
  const { msource, mstate, mround, mvote } = message;
  return `[from ${msource}, ${mstate}, round ${mround}, vote ${showVote(mvote)}]`;
}

/** Only of servers of which something was received. */
function showVotes(name: string, votes: ReceivedVotes): readonly string[] {
  const shown = votes.flatMap((received, place) =>
    received.version === 0 ? [] : [`${place + 1}: ${showReceived(received)}`],
  );
  return shown.length === 0 ? [] : [`${name} {${shown.join('; ')}}`];
}

function showReceived({ vote, round, state, version }: Received): string {
  return `${state}, round ${round}, vote ${showVote(vote)}, version ${version}`;
}

/** Leader, zxid, epoch. */
function showVote({ proposedLeader, proposedZxid, proposedEpoch }: Vote): string {
  return `(${proposedLeader}, ${showZxid(proposedZxid)}, ${proposedEpoch})`;
}

function showTxn({ zxid, ackSid }: Txn): string {
  return `${showZxid(zxid)} acknowledged by ${showSet(ackSid)}`;
}

function showZxid([epoch, counter]: Zxid): string {
  return `${epoch}:${counter}`;
}

function showSet(ids: readonly ServerId[]): string {
  return `{${ids.join(', ')}}`;
}
