/**
 * Whole elections of well-connected servers: messages in order, nobody decides while a message is on its way. Under
 * these conditions the outcome is determined, and can be told by hand.
 */
import { describe, expect, it } from 'vitest';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asPeerEpoch, type Sid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import { configOf, type Disk, ensemble, Run, sid } from './testing.js';

class Ensemble {
  readonly #servers = new Map<Sid, Run>();
  #wire: { readonly to: Sid; readonly notification: Notification }[] = [];

  constructor(config: EnsembleConfig, disks: Readonly<Record<number, Disk>> = {}) {
    for (const { sid: id } of config.members) {
      this.#servers.set(id, new Run(configOf(Number(id), config), disks[Number(id)] ?? {}));
    }
  }

  server(id: number): Run {
    const server = this.#servers.get(sid(id));
    if (server === undefined) throw new Error(`no server ${id}`);
    return server;
  }

  /** These begin a round, all before any message is delivered. */
  begin(...ids: readonly number[]): this {
    for (const id of ids) {
      const server = this.server(id);
      if (server.peer.process === null) server.do({ type: 'Restart' });
      this.#carry(server.do({ type: 'Begin' }));
    }
    return this;
  }

  crash(id: number): this {
    this.server(id).do({ type: 'Crash' });
    this.#wire = this.#wire.filter(({ to }) => to !== sid(id));
    return this;
  }

  leave(...ids: readonly number[]): this {
    for (const id of ids) this.server(id).do({ type: 'Leave' });
    return this;
  }

  /** A leader and its followers complete discovery and synchronisation. */
  activate(leader: number, ...followers: readonly number[]): this {
    const epoch = asPeerEpoch(this.server(leader).peer.durable.acceptedEpoch + 1n);
    this.server(leader).do({ type: 'ProposeEpoch', epoch }, { type: 'CommitEpoch' });
    const { lastZxid } = this.server(leader).peer.durable;
    for (const id of followers) {
      this.server(id).do(
        { type: 'AcceptEpoch', epoch },
        { type: 'Synchronize', zxid: lastZxid, epoch },
        { type: 'UpToDate', epoch },
      );
    }
    this.server(leader).do({ type: 'Establish' });
    return this;
  }

  /** Delivers and handles everything; when nothing is left, silence ends the finalize waits. */
  settle(): this {
    for (;;) {
      const next = this.#wire.shift();
      if (next !== undefined) this.#deliver(next.to, next.notification);
      else if (!this.#silence()) return this;
    }
  }

  /** Every server that still waits for notifications sends its vote again. */
  timeOut(): this {
    for (const server of this.#servers.values()) {
      if (server.peer.process?.main.at === 'poll') this.#carry(server.do({ type: 'TimeOut', haveDelivered: true }));
    }
    return this.settle();
  }

  /** State and leader of each server that is up. */
  roles(): Readonly<Record<string, string>> {
    const up = [...this.#servers].filter(([, { peer }]) => peer.process !== null);
    return Object.fromEntries(
      up.map(([id, { process }]) => [String(id), `${process.state} ${process.currentVote.leader}`]),
    );
  }

  #deliver(to: Sid, notification: Notification): void {
    const server = this.#servers.get(to);
    if (server === undefined || server.peer.process === null) return;
    server.do({ type: 'Receive', notification });
    while (server.process.worker.stage !== 'idle') {
      const { stage } = server.process.worker;
      const next = {
        printed: 'TestState',
        tested: 'Enqueue',
        enqueued: 'CompareRound',
        replying: 'SendReply',
      } as const;
      this.#carry(server.do({ type: next[stage] }));
    }
    this.#work(server);
  }

  #work(server: Run): void {
    while (server.process.recvqueue.length > 0) {
      const { at } = server.process.main;
      if (at !== 'poll' && at !== 'final') return;
      this.#carry(server.do({ type: at === 'poll' ? 'Handle' : 'FinalStep' }));
    }
    if (server.process.main.at === 'decided') server.do({ type: 'Publish' });
  }

  #silence(): boolean {
    const waiting = [...this.#servers.values()].filter(({ peer }) => peer.process?.main.at === 'final');
    for (const server of waiting) server.do({ type: 'Silence' }, { type: 'FinalEnd' }, { type: 'Publish' });
    return waiting.length > 0;
  }

  #carry(server: Run): void {
    for (const effect of server.effects) {
      if (effect.type !== 'send') continue;
      this.#wire.push({ to: effect.to, notification: { ...effect.message, from: server.config.sid } });
    }
  }
}

describe('three servers start together', () => {
  it('equal data: the highest id leads in round 1', () => {
    const servers = new Ensemble(ensemble(3)).begin(1, 2, 3).settle();
    expect(servers.roles()).toEqual({ 1: 'FOLLOWING 3', 2: 'FOLLOWING 3', 3: 'LEADING 3' });
    for (const id of [1, 2, 3]) expect(servers.server(id).process.logicalclock).toBe(1n);
  });

  it('a higher zxid leads in spite of the id, a higher epoch in spite of both', () => {
    const byZxid = new Ensemble(ensemble(3), { 1: { zxid: 5 } }).begin(1, 2, 3).settle();
    expect(byZxid.roles()[1]).toBe('LEADING 1');
    const byEpoch = new Ensemble(ensemble(3), { 1: { zxid: 5 }, 2: { currentEpoch: 1 } }).begin(1, 2, 3).settle();
    expect(byEpoch.roles()).toEqual({ 1: 'FOLLOWING 2', 2: 'LEADING 2', 3: 'FOLLOWING 2' });
  });

  it('two of three elect; the third joins in the same round', () => {
    const servers = new Ensemble(ensemble(3)).begin(1, 2).settle();
    expect(servers.roles()).toEqual({ 1: 'FOLLOWING 2', 2: 'LEADING 2' });
    expect(servers.begin(3).settle().roles()[3]).toBe('FOLLOWING 2');
  });

  it('an observer observes the elected leader and is nobody’s vote', () => {
    const servers = new Ensemble(ensemble(3, 1)).begin(1, 2, 3).settle().begin(4).settle();
    expect(servers.roles()[4]).toBe('OBSERVING 3');
  });
});

describe('Server1 of three restarts as a follower', () => {
  it('is told by the others in its own round 1 and follows 3 with the epoch of the leadership', () => {
    const servers = new Ensemble(ensemble(3)).begin(1, 2, 3).settle().activate(3, 1, 2);
    servers.crash(1).begin(1).settle();
    expect(servers.roles()).toEqual({ 1: 'FOLLOWING 3', 2: 'FOLLOWING 3', 3: 'LEADING 3' });
    expect(servers.server(1).process.currentVote).toMatchObject({ leader: 3n, round: 1n, epoch: 1n });
  });

  it('an ensemble in round 2 is joined from round 1: the clock is set to theirs', () => {
    const servers = new Ensemble(ensemble(3)).begin(1, 2, 3).settle().activate(3, 1, 2);
    servers.leave(1, 2, 3).begin(1, 2, 3).settle().activate(3, 1, 2);
    servers.crash(1).begin(1).settle();
    expect(servers.roles()[1]).toBe('FOLLOWING 3');
    expect(servers.server(1).process.logicalclock).toBe(2n);
  });
});

describe('leader Server4 of four crashes', () => {
  it('three of four elect 3 in round 2; Server4 returns as its follower', () => {
    const servers = new Ensemble(ensemble(4)).begin(1, 2, 3, 4).settle().activate(4, 1, 2, 3);
    expect(servers.roles()[4]).toBe('LEADING 4');
    servers.crash(4).leave(1, 2, 3).begin(1, 2, 3).settle();
    expect(servers.roles()).toEqual({ 1: 'FOLLOWING 3', 2: 'FOLLOWING 3', 3: 'LEADING 3' });
    expect(servers.server(1).process.logicalclock).toBe(2n);
    servers.activate(3, 1, 2).begin(4).settle();
    expect(servers.roles()[4]).toBe('FOLLOWING 3');
    expect(servers.server(4).process.logicalclock).toBe(2n);
  });

  it('two of the remaining three are no quorum of four', () => {
    const servers = new Ensemble(ensemble(4)).begin(1, 2, 3, 4).settle().activate(4, 1, 2, 3);
    servers.crash(4).leave(1, 2).begin(1, 2).settle();
    expect(servers.roles()).toMatchObject({ 1: 'LOOKING 4', 2: 'LOOKING 4', 3: 'FOLLOWING 4' });
  });
});

describe('FLEZeroWeightTest', () => {
  /** Servers 0 to 8 in groups of three; only 0, 1 and 2 have weight 1. */
  const groups = new Map(Array.from({ length: 9 }, (_, id) => [sid(id), BigInt(Math.floor(id / 3) + 1)] as const));
  const weights = new Map(Array.from({ length: 9 }, (_, id) => [sid(id), id < 3 ? 1n : 0n] as const));
  const members = ensemble(9).members.map((member, index) => ({ ...member, sid: sid(index) }));
  const config: EnsembleConfig = { ...ensemble(9), members, quorumSystem: { kind: 'hierarchical', groups, weights } };
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8];

  it('no server of weight 0 is elected, whoever starts first', () => {
    for (const order of [all, [...all].reverse(), [8, 0, 7, 1, 6, 2, 5, 3, 4]]) {
      const servers = new Ensemble(config).begin(...order).settle();
      // A vote for itself is never beaten by a smaller id: without weight it waits until the decided ones tell it.
      expect(servers.roles()).toMatchObject({ 0: 'FOLLOWING 2', 1: 'FOLLOWING 2', 2: 'LEADING 2', 8: 'LOOKING 8' });
      servers.timeOut();
      expect(new Set(Object.values(servers.roles()))).toEqual(new Set(['LEADING 2', 'FOLLOWING 2']));
    }
  });
});
