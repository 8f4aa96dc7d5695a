/** The lines around an election, in the wording of ZooKeeper 3.6 to 3.9. */
import { asPeerEpoch, asSid, asZxid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import type { Role } from '../../types/server-state.js';
import type { ObservedLine } from '../observation.js';
import { rule, type Rule } from './rules.js';
import type { Fields, Misfit } from './template.js';

const tookMs =
  (role: Role) =>
  (fields: Fields): ObservedLine | Misfit => {
    const ms = Number(fields.int('ms'));
    return Number.isSafeInteger(ms) ? { what: 'electionTook', role, tookMs: ms } : { at: 0, why: 'too long' };
  };

const ending = (reason: string): Rule => rule([reason], () => ({ what: 'roleEnding', reason }));

const reconfigured = (text: string): Rule => rule([text], () => ({ what: 'reconfigured', text }));

const mainException = (text: string): Rule =>
  rule([text], () => ({ what: 'mainLoopException', text }), { logger: 'QuorumPeer' });

const epochDefault = (which: 'currentEpoch' | 'acceptedEpoch'): Rule =>
  rule([`${which} not found! Creating with a reasonable default of {epoch:d}.{rest:r}`], (f) => ({
    what: 'epochDefault',
    which,
    epoch: asPeerEpoch(f.int('epoch')),
  }));

/** 3.6 and 3.7 print `=<ms>`, 3.8 and later ` = <ms> ms`. */
function intervalSetting(which: 'min' | 'max'): Rule {
  const name = `zookeeper.fastleader.${which}NotificationInterval`;
  const build = (fields: Fields): ObservedLine | Misfit => {
    const ms = Number(fields.int('ms'));
    return Number.isSafeInteger(ms) ? { what: 'intervalSetting', which, ms } : { at: 0, why: 'too long' };
  };
  return rule([`${name} = {ms:d} ms`, `${name}={ms:d}`], build, { prefix: name });
}

/** As in the text form of observations. */
const SUPPORTERS_MAX = 512;

/** `[1, 3]` or, with two configurations, `[2, 3],[2, 3]`: every server named, once, in order of appearance. */
function quorumOfSupporters(fields: Fields): ObservedLine | Misfit {
  const text = fields.word('rest');
  const end = text.indexOf(']; starting up and setting last processed zxid: 0x');
  const hex = text.slice(text.lastIndexOf('0x') + 2);
  if (end < 0 || !/^[0-9a-f]{1,16}$/.test(hex)) return { at: 0, why: 'the servers or the zxid cannot be read' };
  const sids = new Set<Sid>();
  for (const word of text.slice(0, end).split(/[[\], ]+/)) {
    if (word === '') continue;
    const sid = parseDecimalInt64(word);
    if (!sid.ok) return { at: 0, why: sid.error };
    sids.add(asSid(sid.value));
    if (sids.size > SUPPORTERS_MAX) return { at: 0, why: `more than ${SUPPORTERS_MAX} servers` };
  }
  return { what: 'quorumOfSupporters', sids: [...sids], zxid: asZxid(BigInt.asIntN(64, BigInt(`0x${hex}`))) };
}

/** Every line that tells what a server knows or why it left a role. */
export const CONTEXT_RULES: readonly Rule[] = [
  rule(['Starting quorum peer, myid={myId:d}'], (f) => ({ what: 'processStarted', myId: asSid(f.int('myId')) })),
  rule(['Starting quorum peer'], () => ({ what: 'processStarted', myId: null }), { logger: 'QuorumPeerMain' }),
  rule(['FOLLOWING - LEADER ELECTION TOOK - {ms:d} MS'], tookMs('FOLLOWING')),
  rule(['LEADING - LEADER ELECTION TOOK - {ms:d} MS'], tookMs('LEADING')),
  rule(['PeerState set to LOOKING'], () => ({ what: 'setToLooking' })),
  rule(['Learner received NEWLEADER message'], () => ({ what: 'newLeaderReceived' })),
  rule(['Learner received UPTODATE message'], () => ({ what: 'upToDateReceived' })),
  rule(['Have quorum of supporters, sids: [{rest:r}'], quorumOfSupporters, { strict: true }),
  rule(['Snapshot loaded in {ms:d} ms, highest zxid is 0x{zxid:h},{rest:r}'], (f) => ({
    what: 'snapshotLoaded',
    zxid: asZxid(f.int('zxid')),
  })),
  epochDefault('currentEpoch'),
  epochDefault('acceptedEpoch'),
  rule(['Shutdown called. For the reason {reason:r}'], (f) => ({ what: 'roleEnding', reason: f.word('reason') })),
  ending('shutdown Follower'),
  ending('shutdown Observer'),
  ending('Exception when following the leader'),
  ending('Exception when observing the leader'),
  rule(['restarting leader election'], () => ({ what: 'electionRestarted' })),
  rule(['Restarting Leader Election'], () => ({ what: 'electionRestarted' })),
  reconfigured('Becoming an observer'),
  reconfigured('Becoming a voting participant'),
  reconfigured('Becoming a non-voting participant'),
  rule(['Suggested leader: {leader:d}'], (f) => ({
    what: 'reconfigured',
    text: `Suggested leader: ${f.int('leader')}`,
  })),
  rule(['WorkerReceiver is down'], () => ({ what: 'messengerDown', which: 'receiver' })),
  rule(['WorkerSender is down'], () => ({ what: 'messengerDown', which: 'sender' })),
  intervalSetting('min'),
  intervalSetting('max'),
  rule(['Server environment:zookeeper.version={text:r}'], (f) => ({ what: 'version', text: f.word('text') })),
  mainException('Unexpected exception'),
  mainException('QuorumPeer main thread exited'),
];
