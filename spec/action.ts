/** The closed list of actions with their parameters. Bounds and fault budgets are not here: they belong to models. */
import type { ConfigVersion, Sid } from '../types/ids.js';
import type { Message, Server } from './state.js';

/** How far discovery and synchronisation get before they are cut off: each includes those before it. */
export const EXTENTS = ['accepted', 'committed', 'synchronized', 'established', 'upToDate'] as const;
export type Extent = (typeof EXTENTS)[number];

/** Steps of one server's two threads. They read and write that server alone, and send. */
export type LocalAction =
  | { readonly name: 'Begin'; readonly s: Sid }
  | { readonly name: 'TestState'; readonly s: Sid }
  | { readonly name: 'Enqueue'; readonly s: Sid }
  | { readonly name: 'CompareRound'; readonly s: Sid }
  | { readonly name: 'SendReply'; readonly s: Sid }
  | { readonly name: 'Handle'; readonly s: Sid }
  /** The main wait found nothing. `delivered`: some send queue is empty, so votes go out again; absent: either. */
  | { readonly name: 'Resend'; readonly s: Sid; readonly delivered?: boolean }
  | { readonly name: 'FinalStep'; readonly s: Sid }
  | { readonly name: 'Silence'; readonly s: Sid }
  | { readonly name: 'FinalEnd'; readonly s: Sid }
  | { readonly name: 'Publish'; readonly s: Sid }
  | { readonly name: 'Leave'; readonly s: Sid };

/** A message crosses from channel to server. */
export type ReceiveAction =
  | { readonly name: 'Receive'; readonly from: Sid; readonly s: Sid }
  /** Taken instead of Receive where the message's configuration is newer and the server LOOKING. */
  | { readonly name: 'ConfigGossip'; readonly from: Sid; readonly s: Sid };

/** What the world does. */
export type EnvironmentAction =
  | { readonly name: 'Crash'; readonly s: Sid }
  | { readonly name: 'Restart'; readonly s: Sid }
  /** The connection of a pair ends: of each direction the first so many messages survive. */
  | { readonly name: 'Break'; readonly a: Sid; readonly b: Sid; readonly keepAB: number; readonly keepBA: number }
  /** A waiting message is overwritten by a later one. `index` counts from 0; never the last. */
  | { readonly name: 'Lose'; readonly from: Sid; readonly to: Sid; readonly index: number }
  /** A new connection begins with a copy of the newest message. */
  | { readonly name: 'Replay'; readonly from: Sid; readonly to: Sid }
  /** recvQueue (100) overflows: the oldest is dropped. */
  | { readonly name: 'Overflow'; readonly from: Sid; readonly s: Sid }
  /** `followers`: ascending, without the leader; a quorum together with it. */
  | { readonly name: 'Activate'; readonly leader: Sid; readonly followers: readonly Sid[]; readonly extent: Extent }
  | { readonly name: 'Write'; readonly leader: Sid }
  /** A learner of an established leader has its history, epoch and vote. */
  | { readonly name: 'CatchUp'; readonly s: Sid }
  | { readonly name: 'CountFollowers'; readonly leader: Sid; readonly none: boolean }
  | { readonly name: 'OracleFlip' }
  /** A server in a role sees the proposal of configuration `version`: joint quorums from here on. */
  | { readonly name: 'ProposeConfig'; readonly s: Sid; readonly version: ConfigVersion }
  /** It commits: its election object is replaced; `designated` is the leader named by the reconfiguration. */
  | { readonly name: 'CommitConfig'; readonly s: Sid; readonly designated: Sid };

export type Action = LocalAction | ReceiveAction | EnvironmentAction;
export type ActionName = Action['name'];

export interface Send {
  readonly to: Sid;
  readonly message: Message;
}

/** Which branch of an action was taken; the tables of coverage count these. */
export type CaseName =
  | 'plain'
  /** Handle: dropped by the gate; an OBSERVING sender; an unchecked exception. */
  | 'gate'
  | 'observing'
  | 'exception'
  /** Handle of a LOOKING vote. */
  | 'K0'
  | 'K1'
  | 'K2'
  | 'K3'
  | 'K4'
  /** Handle of a FOLLOWING or LEADING vote; `stay`: stored, no exit. */
  | 'J1'
  | 'J2'
  | 'J3'
  | 'stay'
  /** Resend. */
  | 'resend'
  | 'reconnect'
  | 'oracle'
  /** FinalStep. */
  | 'drop'
  | 'putBack'
  /** TestState and CompareRound: does an answer follow? */
  | 'looking'
  | 'answer'
  | 'silent'
  /** SendReply and Enqueue whose reads are torn; `nonVoter`, `decided`, `lagging` if they are not. */
  | 'TR-A'
  | 'TR-B'
  | 'TR-C'
  | 'TR-D'
  | 'TR-E'
  | 'TR-F'
  | 'nonVoter'
  | 'decided'
  | 'lagging'
  /** An exit that wipes queued notifications. */
  | 'wipe'
  /** Leave. */
  | 'toLooking'
  | 'skipLooking';

/** One allowed result of a step of one server. */
export interface LocalOutcome {
  readonly server: Server;
  /** In program order; a copy to the server itself included. */
  readonly sends: readonly Send[];
  readonly cases: readonly CaseName[];
}
