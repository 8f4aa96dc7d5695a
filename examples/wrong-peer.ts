/**
 * An example of a subject that is subtly wrong: in a higher round it starts from the better of the received vote and its
 * _present_ proposal, where ZooKeeper takes its _own first_ vote. It thus carries votes of a server that may be gone from
 * round to round. Three servers that start together never show it; `zabcheck fuzz --subject examples/wrong-peer.ts` does.
 */
import type { Notification, Proposal, Subject } from 'zabcheck';
import { RightPeer } from './right-peer.js';

class WrongPeer extends RightPeer {
  protected override betterOfOwnAnd(n: Notification): Proposal {
    return this.totalOrderPredicate(n, this.proposed) ? n : this.proposed;
  }
}

const subject: Subject = { name: 'wrong', boot: (settings, disk) => new WrongPeer(settings, disk) };
export default subject;
