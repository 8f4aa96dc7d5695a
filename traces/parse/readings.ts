/** What the fields of a line of the election mean, whatever the wording that named them. */
import {
  asConfigVersion as config,
  asPeerEpoch as epoch,
  asRound as round,
  asSid as sid,
  asZxid as zxid,
} from '../../types/ids.js';
import type { ObservedLine } from '../observation.js';
import type { Fields, Misfit } from './template.js';

/** A field that the wording lacks is what a message without it means: epoch 0, configuration 0, the version before it. */
export function notification(f: Fields): ObservedLine | Misfit {
  const version = f.has('version') ? f.int('version') : f.has('config') ? 2n : 0n;
  if (version !== BigInt.asIntN(32, version)) return { at: 0, why: 'the message format version is beyond 32 bits' };
  return {
    what: 'notification',
    myState: f.state('myState'),
    notification: {
      from: sid(f.int('from')),
      state: f.state('state'),
      leader: sid(f.int('leader')),
      zxid: zxid(f.int('zxid')),
      round: round(f.int('round')),
      epoch: epoch(f.has('epoch') ? f.int('epoch') : 0n),
      version: Number(version),
      configVersion: config(f.has('config') ? f.int('config') : 0n),
    },
  };
}

export const newElection = (f: Fields): ObservedLine => ({
  what: 'newElection',
  myId: sid(f.int('myId')),
  zxid: zxid(f.int('zxid')),
});

export const learning =
  (observer: boolean) =>
  (f: Fields): ObservedLine => ({ what: 'learningState', myId: sid(f.int('myId')), observer });

export const sending = (f: Fields): ObservedLine => ({
  what: 'sending',
  leader: sid(f.int('leader')),
  zxid: zxid(f.int('zxid')),
  round: round(f.int('round')),
  epoch: epoch(f.int('epoch')),
  recipient: sid(f.int('recipient')),
  myId: sid(f.int('myId')),
});

export const compared = (f: Fields): ObservedLine => ({
  what: 'compared',
  leader: sid(f.int('leader')),
  proposedLeader: sid(f.int('proposedLeader')),
  zxid: zxid(f.int('zxid')),
  proposedZxid: zxid(f.int('proposedZxid')),
});

export const updatingProposal = (f: Fields): ObservedLine => ({
  what: 'updatingProposal',
  newLeader: sid(f.int('newLeader')),
  newZxid: zxid(f.int('newZxid')),
  oldLeader: sid(f.int('oldLeader')),
  oldZxid: zxid(f.int('oldZxid')),
});

export const staleRound = (f: Fields): ObservedLine => ({
  what: 'staleRound',
  round: round(f.int('round')),
  logicalclock: round(f.int('clock')),
});

export const addingVote = (f: Fields): ObservedLine => ({
  what: 'addingVote',
  from: sid(f.int('from')),
  leader: sid(f.int('leader')),
  zxid: zxid(f.int('zxid')),
  round: round(f.int('round')),
});

export const leavingElection = (f: Fields): ObservedLine => ({
  what: 'leavingElection',
  leader: sid(f.int('leader')),
  zxid: zxid(f.int('zxid')),
  myId: sid(f.int('myId')),
  myState: f.state('state'),
});

export const answering = (f: Fields): ObservedLine => ({
  what: 'answering',
  myId: sid(f.int('myId')),
  recipient: sid(f.int('recipient')),
  zxid: zxid(f.int('zxid')),
  leader: sid(f.int('leader')),
  configVersion: config(f.has('config') ? f.int('config') : 0n),
});
