/** Ensemble membership and quorum systems as data; whether a set is a quorum is judged elsewhere. */
import type { ConfigVersion, Sid } from './ids.js';
import type { LearnerType } from './server-state.js';

/** One `host:quorumPort:electionPort` of a server line. */
export interface ServerAddress {
  readonly host: string;
  /** 2888 by convention: a leader listens here for its learners. */
  readonly quorumPort: number;
  /** 3888 by convention: notifications travel here. */
  readonly electionPort: number;
}

/** One `server.N=` line (QuorumPeer.QuorumServer, 3.8.0). */
export interface Member {
  readonly sid: Sid;
  readonly type: LearnerType;
  /** At least one; several with multi-address. */
  readonly addresses: readonly ServerAddress[];
  /** `;host:port` suffix of a dynamic configuration. */
  readonly clientAddress: { readonly host: string; readonly port: number } | null;
}

/** Which sets of voters decide. */
export type QuorumSystem =
  | { readonly kind: 'majority' }
  | {
      readonly kind: 'hierarchical';
      /** Group id of each server that stands in a `group.` line, voter or not. */
      readonly groups: ReadonlyMap<Sid, bigint>;
      /** Weight of each server; a voter without a `weight.` line weighs 1. */
      readonly weights: ReadonlyMap<Sid, bigint>;
    }
  | { readonly kind: 'oracle'; readonly oraclePath: string };

/** One configuration: members and the way they form quorums (a QuorumVerifier in ZooKeeper). */
export interface EnsembleConfig {
  readonly version: ConfigVersion;
  /** Ascending by sid, no sid twice. */
  readonly members: readonly Member[];
  readonly quorumSystem: QuorumSystem;
}

/** The configuration in force and, during a reconfiguration, the last one proposed. */
export interface Membership {
  readonly committed: EnsembleConfig;
  readonly lastSeen: EnsembleConfig | null;
}
