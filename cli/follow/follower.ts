/** The servers that are followed: each judged by itself, and all together when their logs stand still. */
import type { EnsembleMachine } from '../../traces/machine.js';
import { LiveEnsemble, type EnsembleNews, HELD_MAX } from '../../traces/live/live-ensemble.js';
import { LiveServer, type ServerNews } from '../../traces/live/live-server.js';
import { newReadStatistics } from '../../traces/files/read-observations.js';
import type { Observation } from '../../traces/observation.js';
import type { Sid } from '../../types/ids.js';
import { gravest as gravestOfEnsemble, type EnsembleResult } from '../commands/validate-ensemble.js';
import { gravest, type ServerResult } from '../commands/validate-server.js';
import {
  configurationWords,
  isCovered,
  withAttribution,
  withNothingRead,
  withRelease,
} from '../commands/verdict-notes.js';
import type { LiveConfig } from './live-config.js';
import type { LiveSource } from './live-source.js';

export interface FollowerOptions<S> {
  readonly machines: readonly EnsembleMachine<S>[];
  readonly config: LiveConfig;
  readonly release: string | null;
  readonly gaps: boolean;
  /** Every server is judged by itself only. */
  readonly apart: boolean;
}

/** One server in one source. */
export interface Followed<S> {
  readonly sid: Sid;
  readonly source: LiveSource;
  readonly server: LiveServer<S>;
  observations: number;
  unreadable: number;
  /** Lines came since it was asked for news. */
  isNew: boolean;
}

export interface News<S> {
  readonly followed: Followed<S>;
  readonly news: ServerNews;
}

export class Follower<S> {
  readonly #options: FollowerOptions<S>;
  readonly #followed: Followed<S>[] = [];
  readonly #ensemble: LiveEnsemble<S>;

  constructor(options: FollowerOptions<S>) {
    this.#options = options;
    this.#ensemble = new LiveEnsemble(options.machines);
  }

  get servers(): readonly Followed<S>[] {
    return this.#followed;
  }

  /** Takes what a source gave. */
  take(source: LiveSource, lines: readonly { readonly sid: Sid; readonly observation: Observation }[]): void {
    for (const { sid, observation } of lines) {
      const one =
        this.#followed.find((known) => known.sid === sid && known.source === source) ?? this.#begin(sid, source);
      one.server.push(observation);
      one.observations += 1;
      one.unreadable += observation.said.what === 'unreadable' ? 1 : 0;
      one.isNew = true;
      this.#ensemble.push(sid, observation);
    }
    const { trouble } = source.attribution;
    if (trouble === null) return;
    for (const one of this.#followed) if (one.source === source) one.server.distrust(trouble);
  }

  #begin(sid: Sid, source: LiveSource): Followed<S> {
    const { machines, config, release, gaps } = this.#options;
    const server = new LiveServer(machines, { sid, release, gaps, config: () => config.ensemble });
    const one = { sid, source, server, observations: 0, unreadable: 0, isNew: false };
    this.#followed.push(one);
    return one;
  }

  /** The configuration has changed: what was before is not judged together with what comes. */
  reconfigured(): void {
    this.#ensemble.forget();
  }

  /** What became known of each server. */
  news(): readonly News<S>[] {
    const asked = this.#followed.filter(({ isNew }) => isNew);
    return asked.flatMap((followed) => {
      followed.isNew = false;
      const news = followed.server.news();
      const { release = null } = followed.server.hints;
      return isCovered(release) ? [{ followed, news }] : [];
    });
  }

  /** Every log stands still: what is held so far may be judged together. */
  standStill(): void {
    this.#ensemble.standStill();
  }

  /** What became known of the ensemble; null: nothing. */
  async together(signal: AbortSignal): Promise<EnsembleNews | null> {
    const { apart, config, gaps } = this.#options;
    const members = this.#followed.filter(({ server }) => isCovered(server.hints.release ?? null));
    const sids = new Set(members.map(({ sid }) => sid));
    const known = new Set(config.ensemble.members.map(({ sid }) => sid));
    // Two logs of one server, or a server of another ensemble: nobody knows what belongs together.
    if (apart || sids.size < members.length || [...sids].some((sid) => !known.has(sid))) return null;
    return this.#ensemble.judge(
      members.map(({ sid, source, server }) => {
        const verdicts = server.verdicts();
        const verdictOf = (machine: string) => gravest(verdicts.filter((one) => one.machine === machine));
        return { sid, label: source.label, hints: server.hints, verdictOf };
      }),
      { gaps, config: config.ensemble, signal },
    );
  }

  /** What is said at the end. */
  results(): readonly ServerResult[] {
    const { config } = this.#options;
    return this.#followed.map(({ sid, source, server, observations, unreadable }): ServerResult => {
      const statistics = { ...newReadStatistics(), lines: source.reader.lines, observations, unreadable };
      statistics.anonymous = source.attribution.sids.length > 1 ? 0 : source.attribution.anonymous;
      const release = server.hints.release ?? null;
      const machines = server.verdicts().map(({ machine, verdict }) => {
        const read = withNothingRead(verdict, statistics);
        return { machine, verdict: withRelease(withAttribution(read, sid, statistics), release) };
      });
      const isShared = source.attribution.sids.length > 1;
      return {
        sid,
        label: isShared ? `${source.label} [server ${sid}]` : source.label,
        files: [source.label],
        verdict: gravest(machines),
        machines,
        threads: null,
        statistics,
        level: server.hints.debug ? 'DEBUG' : 'INFO',
        release: release ?? 'release not named (3.8 or 3.9 assumed)',
        configuration: configurationWords(config.known, []),
        interrupted: false,
        log: null,
        reasons: null,
        material: null,
      };
    });
  }

  /** The last judgement of the ensemble; none if nothing was judged together. */
  ensembles(): readonly EnsembleResult[] {
    const { judged, dropped, isBehind } = this.#ensemble;
    if (judged.length === 0) return [];
    const notes = [
      ...(dropped === 0 ? [] : [`of each server the last ${HELD_MAX} election lines are held: these were judged`]),
      ...(isBehind ? ['what came after every log stood still last was not judged together'] : []),
    ];
    const machines = judged.map(({ machine, verdict }) => ({
      machine,
      verdict: { ...verdict, notes: [...verdict.notes, ...notes] },
    }));
    const verdict = gravestOfEnsemble(machines);
    return [{ label: verdict.servers.map(({ label }) => label).join(', '), verdict, machines, reasons: null }];
  }
}
