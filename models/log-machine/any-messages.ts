/** A message that stands for any number of unknown ones, any of them or none. It lies in recvqueue like any other. */
import { asConfigVersion, asPeerEpoch, asRound, asZxid, type Sid } from '../../types/ids.js';
import type { ServerState } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';
import type { PeerConfig } from '../../impl/peer-config.js';

/** No message has this version. */
const VERSION = -2;

/** Of which only the state says something. */
export function anyNotification(from: Sid, state: ServerState): Notification {
  const numbers = { zxid: asZxid(0n), round: asRound(0n), epoch: asPeerEpoch(0n), configVersion: asConfigVersion(0n) };
  return { from, leader: from, ...numbers, state, version: VERSION };
}

/** As from another voter, so that it is taken in; its state says that it is never answered. Null: nobody else votes. */
export function anyMessages({ sid, voters }: PeerConfig): Notification | null {
  const from = voters.find((one) => one !== sid);
  return from === undefined ? null : anyNotification(from, 'FOLLOWING');
}

export const isAny = ({ version }: Notification): boolean => version === VERSION;

/** Once more is not more. */
export function withAny(heard: readonly Notification[], config: PeerConfig): readonly Notification[] {
  const any = anyMessages(config);
  const last = heard.at(-1);
  return any === null || (last !== undefined && isAny(last)) ? heard : [...heard, any];
}
