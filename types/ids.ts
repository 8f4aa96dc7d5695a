/**
 * The five kinds of 64-bit number that an election handles, branded so that they cannot be mixed:
 * ZooKeeper has three "epochs" (round, peer epoch, accepted epoch) and confusing them is the classic slip.
 */
declare const brand: unique symbol;
type Int64<Name extends string> = bigint & { readonly [brand]: Name };

/** A server id: the contents of `myid`. 0 and negative values are possible. */
export type Sid = Int64<'Sid'>;
/** A transaction id: epoch in the upper 32 bits, counter in the lower. */
export type Zxid = Int64<'Zxid'>;
/** `logicalclock`, `electionEpoch`: the number of an election round, volatile, per server. */
export type Round = Int64<'Round'>;
/** `peerEpoch`, `currentEpoch`, `acceptedEpoch`: the number of a leadership, kept on disk. */
export type PeerEpoch = Int64<'PeerEpoch'>;
/** `version` of an ensemble configuration (a zxid once reconfiguration is in use). */
export type ConfigVersion = Int64<'ConfigVersion'>;

export const asSid = (value: bigint): Sid => value as Sid;
export const asZxid = (value: bigint): Zxid => value as Zxid;
export const asRound = (value: bigint): Round => value as Round;
export const asPeerEpoch = (value: bigint): PeerEpoch => value as PeerEpoch;
export const asConfigVersion = (value: bigint): ConfigVersion => value as ConfigVersion;

/** Upper half of a zxid by arithmetic shift (ZxidUtils.getEpochFromZxid): negative for negative zxids. */
export function zxidEpoch(zxid: Zxid): PeerEpoch {
  return (zxid >> 32n) as PeerEpoch;
}

/** Lower half of a zxid, 0 to 2^32 − 1 (ZxidUtils.getCounterFromZxid). */
export function zxidCounter(zxid: Zxid): bigint {
  return zxid & 0xffffffffn;
}

/** `epoch << 32 | counter` in 64 bits (ZxidUtils.makeZxid). */
export function makeZxid(epoch: PeerEpoch, counter: bigint): Zxid {
  return BigInt.asIntN(64, (epoch << 32n) | (counter & 0xffffffffn)) as Zxid;
}
