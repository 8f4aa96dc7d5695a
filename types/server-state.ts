/** What a server is doing (QuorumPeer.ServerState). The order is the ordinal on the wire. */
export const SERVER_STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'] as const;
export type ServerState = (typeof SERVER_STATES)[number];

/** A state that an election ends in. */
export type Role = Exclude<ServerState, 'LOOKING'>;

/** What the configuration lets a server be (QuorumPeer.LearnerType); independent of its state. */
export type LearnerType = 'PARTICIPANT' | 'OBSERVER';

/** Does the text name a state? */
export function isServerState(text: string): text is ServerState {
  return (SERVER_STATES as readonly string[]).includes(text);
}
