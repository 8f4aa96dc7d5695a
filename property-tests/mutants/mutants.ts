/**
 * Single changes of `impl/` that must not survive: how historical bugs broke the election, and plain slips. `find` is
 * text that occurs once in the file.
 */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Each brings back what the issue of that number mended. */
export const HISTORICAL: readonly Mutant[] = [
  {
    name: 'ZOOKEEPER-159: a leader is joined that was not heard LEADING',
    file: 'impl/check-leader.ts',
    find: "votes.get(check.leader)?.state === 'LEADING'",
    replace: 'true',
  },
  {
    name: 'ZOOKEEPER-275: a higher round starts from the own vote, not from the better of two',
    file: 'impl/looking-case.ts',
    find: 'proposal: keep ? n : initial,',
    replace: 'proposal: initial,',
  },
  {
    name: 'ZOOKEEPER-480 (a): answers of this round are not stored with its votes',
    file: 'impl/join-case.ts',
    find: 'stored ? new Map(call.recvset).set(n.from, voteOfThisRound(n, profile)) : call.recvset',
    replace: 'call.recvset',
  },
  {
    name: 'ZOOKEEPER-480 (b): the named server itself needs a LEADING answer',
    file: 'impl/check-leader.ts',
    find: 'if (check.leader === check.me) return check.logicalclock === check.round;',
    replace: '',
  },
  {
    name: 'ZOOKEEPER-491: weight 0 does not matter to the order',
    file: 'impl/vote-order.ts',
    find: 'if (weight === 0n) return false;',
    replace: '',
  },
  {
    name: 'ZOOKEEPER-764: a non-voter proposes itself',
    file: 'impl/initial-vote.ts',
    find: 'proposesItself(config) ? config.sid : asSid(LONG_MIN)',
    replace: 'config.sid',
  },
  {
    name: 'ZOOKEEPER-975 (a): votes of all voters decide, whatever they say',
    file: 'impl/looking-case.ts',
    find: 'hasAllQuorums(context.config, voteSet, oracle)',
    replace: 'hasAllQuorums(context.config, voteSet, oracle) || recvset.size === context.config.voters.length',
  },
  {
    name: 'ZOOKEEPER-975 (b): one LEADING answer of this round is enough',
    file: 'impl/join-case.ts',
    find: 'sameRound && !elsewhere && mayJoin(context, within, input)',
    replace: "sameRound && (n.state === 'LEADING' || mayJoin(context, within, input))",
  },
  {
    name: 'ZOOKEEPER-1419: the tie-break by id ignores the epoch',
    file: 'impl/vote-order.ts',
    find: 'if (candidate.epoch !== current.epoch) return candidate.epoch > current.epoch;',
    replace:
      'if (candidate.epoch > current.epoch) return true;\n  if (candidate.epoch !== current.epoch && candidate.zxid !== current.zxid) return false;',
  },
  {
    name: 'ZOOKEEPER-1514: a server leads on answers of another round',
    file: 'impl/check-leader.ts',
    find: 'return check.logicalclock === check.round;',
    replace: 'return true;',
  },
  {
    name: 'ZOOKEEPER-1732 (a): the published vote keeps the old epoch',
    file: 'impl/zab-steps.ts',
    find: 'return { process: withNewEpoch(context, epoch), effects: [] };',
    replace: 'return { process: context.process, effects: [] };',
  },
  {
    name: 'ZOOKEEPER-1732 (b): zxid and round of decided servers must agree',
    file: 'impl/vote-equality.ts',
    find: "if (a.state === 'LOOKING' || b.state === 'LOOKING') {",
    replace: '{',
  },
  {
    name: 'ZOOKEEPER-1805: votes of this round are stored with their own version',
    file: 'impl/join-case.ts',
    find: 'const vote = reportedVote(n, 0);',
    replace: 'const vote = reportedVote(n, n.version);',
  },
  {
    name: 'ZOOKEEPER-1818: the published vote has no round',
    file: 'impl/role.ts',
    find: "const currentVote: Vote = { ...endVote, state: 'LOOKING', version: 0 };",
    replace: "const currentVote: Vote = { ...endVote, round: -1n as never, state: 'LOOKING', version: 0 };",
  },
  {
    name: 'ZOOKEEPER-2988: the leader a vote names is not checked',
    file: 'impl/handle.ts',
    find: 'if (!config.validVoters.has(leader)) warnings',
    replace: 'if (false as boolean) warnings',
  },
  {
    name: 'ZOOKEEPER-3537: LEADING is looked for among votes of any round',
    file: 'impl/join-case.ts',
    find: 'if (sameRound && !elsewhere && mayJoin(context, within, input)) return',
    replace: 'if (sameRound && mayJoin(context, within, input) && call.outofelection.has(n.leader)) return',
  },
  {
    name: 'ZOOKEEPER-261: a server without a database votes',
    file: 'impl/looking-case.ts',
    find: "if (initialProposal(config, durable).zxid === -1n) return debug({ what: 'ownZxidMissing' });",
    replace: '',
  },
];

/** One wrong operator, one forgotten line. */
export const SLIPS: readonly Mutant[] = [
  {
    name: 'Begin does not raise the clock',
    file: 'impl/begin.ts',
    find: 'process.logicalclock + 1n',
    replace: 'process.logicalclock + 0n',
  },
  {
    name: 'a raised round keeps the votes of the old one',
    file: 'impl/looking-case.ts',
    find: '{ ...call, recvset: new Map() }',
    replace: 'call',
  },
  {
    name: 'a raised round compares with the proposal, not with the initial vote',
    file: 'impl/looking-case.ts',
    find: 'const initial = initialProposal(config, durable);\n  const compared',
    replace: 'const initial = context.process.proposal;\n  const compared',
  },
  {
    name: 'a better vote in the finalize wait goes to the head',
    file: 'impl/waits.ts',
    find: 'recvqueue: [...rest, n]',
    replace: 'recvqueue: [n, ...rest]',
  },
  {
    name: 'an exit leaves recvqueue as it is',
    file: 'impl/election-exit.ts',
    find: 'state: role, recvqueue: [], main',
    replace: 'state: role, main',
  },
  {
    name: 'an equal round is answered too',
    file: 'impl/receive.ts',
    find: 'notification.round < process.logicalclock',
    replace: 'notification.round <= process.logicalclock',
  },
  {
    name: 'an answer carries the state of when it was captured',
    file: 'impl/receive.ts',
    find: 'round, state: process.state });',
    replace: "round, state: kind === 'looking' ? 'LOOKING' : process.state });",
  },
  {
    name: 'half of the voters are a quorum',
    file: 'impl/quorum-verifier.ts',
    find: 'acks.size > Math.floor(verifier.voters.size / 2)',
    replace: 'acks.size >= Math.floor(verifier.voters.size / 2)',
  },
  {
    name: 'a pending configuration has no say in quorums',
    file: 'impl/peer-config.ts',
    find: 'verifiers: joint ? [committed, lastSeen] : [committed],',
    replace: 'verifiers: [committed],',
  },
  {
    name: 'leaving a role forgets what was queued',
    file: 'impl/role.ts',
    find: "process: { ...process, state: 'LOOKING', main: { at: 'enter' } },",
    replace: "process: { ...process, state: 'LOOKING', recvqueue: [], main: { at: 'enter' } },",
  },
];
