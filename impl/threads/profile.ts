/** Constants of the manager, and defects that can be switched on to be found again. */

/** Capacity of recvQueue (QuorumCnxManager.RECV_CAPACITY): the oldest gives way, whoever sent it. */
export const RECV_CAPACITY = 100;
/** Capacity of each send queue (QuorumCnxManager.SEND_CAPACITY): the newest stays. */
export const SEND_CAPACITY = 1;
/** `zookeeper.electionPortBindRetry`. */
export const BIND_RETRIES = 3;

/** How the threads may be broken: historical defects by their issue, and seeded ones by name. */
export const THREAD_DEFECTS = [
  /** Called by a smaller server, the old worker is kept, and so nobody dials back. */
  'ZOOKEEPER-453',
  /** A new connection never repeats the last message. */
  'ZOOKEEPER-481',
  /** The end of an old worker removes whatever worker is registered for the peer. */
  'ZOOKEEPER-822',
  /** The end of the reading half leaves the writing half alive and registered. */
  'ZOOKEEPER-880',
  'send queue of two',
  'replay skipped',
  'replay although a message waits',
  'tie-break by the smaller id',
  'recvqueue cleared at entry, not at exit',
  'state published after the vote',
] as const;

export type ThreadDefect = (typeof THREAD_DEFECTS)[number];

export interface ThreadProfile {
  readonly recvCapacity: number;
  readonly sendCapacity: number;
  readonly defects: readonly ThreadDefect[];
}

export const NO_DEFECTS: ThreadProfile = { recvCapacity: RECV_CAPACITY, sendCapacity: SEND_CAPACITY, defects: [] };

export function withDefect(defect: ThreadDefect): ThreadProfile {
  return { ...NO_DEFECTS, sendCapacity: defect === 'send queue of two' ? 2 : SEND_CAPACITY, defects: [defect] };
}

export function has({ defects }: ThreadProfile, defect: ThreadDefect): boolean {
  return defects.length > 0 && defects.includes(defect);
}
