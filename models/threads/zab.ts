/** What discovery, synchronisation and broadcast do to the peers of a world, in one go: enough for elections to differ. */
import type { PeerEvent } from '../../impl/event.js';
import type { Process } from '../../impl/peer.js';
import { transition } from '../../impl/transition.js';
import { asPeerEpoch, asZxid, type Sid } from '../../types/ids.js';
import { indexOf, serverAt, sidAt, type World } from './world.js';

/** The role's process; null: down, or in an election. */
export function inRole(world: World, at: number): Process | null {
  const { process } = serverAt(world, at).peer;
  return process?.main.at === 'role' ? process : null;
}

/** Servers that follow this leader now, in ascending order. */
export function followersOf(world: World, leader: number): readonly number[] {
  const sid = sidAt(world, leader);
  return world.sids.flatMap((_, at) => (isBehind(world, at, sid) ? [at] : []));
}

function isBehind(world: World, at: number, leader: Sid): boolean {
  const process = inRole(world, at);
  return process !== null && process.state === 'FOLLOWING' && process.currentVote.leader === leader;
}

/** Is a majority behind the leader, itself included? */
export function hasQuorum(world: World, leader: number): boolean {
  const sid = sidAt(world, leader);
  let behind = 1;
  for (let at = 0; at < world.sids.length; at += 1) if (isBehind(world, at, sid)) behind += 1;
  return behind > world.sids.length / 2;
}

/**
 * The leader is established in a new epoch with all that follow it and whose history is not ahead of its own; false if they are no
 * majority. Who asks for it once for each leadership decides.
 */
export function activate(world: World, leader: number): boolean {
  const process = inRole(world, leader);
  const { durable } = serverAt(world, leader).peer;
  if (process?.state !== 'LEADING' || process.currentVote.leader !== sidAt(world, leader)) return false;
  const followers = followersOf(world, leader).filter((at) => !isAhead(world, at, leader));
  if (followers.length + 1 <= world.sids.length / 2) return false;
  const all = [leader, ...followers];
  const epoch = asPeerEpoch(
    1n + all.map((at) => serverAt(world, at).peer.durable.acceptedEpoch).reduce((a, b) => (a > b ? a : b)),
  );
  tell(world, leader, { type: 'ProposeEpoch', epoch });
  for (const at of followers) tell(world, at, { type: 'AcceptEpoch', epoch });
  tell(world, leader, { type: 'CommitEpoch' });
  for (const at of followers) tell(world, at, { type: 'Synchronize', zxid: durable.lastZxid, epoch });
  tell(world, leader, { type: 'Establish' });
  for (const at of followers) tell(world, at, { type: 'UpToDate', epoch });
  return true;
}

function isAhead(world: World, at: number, leader: number): boolean {
  const [a, b] = [serverAt(world, at).peer.durable, serverAt(world, leader).peer.durable];
  return a.currentEpoch > b.currentEpoch || (a.currentEpoch === b.currentEpoch && a.lastZxid > b.lastZxid);
}

/** The leader and its followers apply a transaction. */
export function write(world: World, leader: number): void {
  const zxid = asZxid(serverAt(world, leader).peer.durable.lastZxid + 1n);
  for (const at of [leader, ...followersOf(world, leader)]) tell(world, at, { type: 'Write', zxid });
}

/** Does a follower's leader lead, with the follower in its own epoch? */
export function leaderLeads(world: World, at: number): boolean {
  const process = inRole(world, at);
  if (process === null) return false;
  if (process.state === 'LEADING') return true;
  return inRole(world, indexOf(world, process.currentVote.leader))?.state === 'LEADING';
}

function tell(world: World, at: number, event: PeerEvent): void {
  const { peer, messenger } = serverAt(world, at);
  const config = world.configs[at]?.config;
  if (config === undefined) throw new Error(`internal error: no server number ${at}`);
  world.servers[at] = { peer: transition(config, peer, event).peer, messenger };
}
