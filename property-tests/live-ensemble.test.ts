/**
 * Goal: servers whose logs grow are judged together as soon as nothing that is still to be written could matter, and never
 * before. Method: recorded ensembles, right and altered, are handed over in the order of their time stamps.
 */
import { describe, expect, it } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { type EnsembleNews, HELD_MAX, LiveEnsemble, type LiveMember } from '../traces/live/live-ensemble.js';
import { LiveServer } from '../traces/live/live-server.js';
import type { Observation } from '../traces/observation.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import { judgeLogs, type Logs, readEnsemble } from './ensemble-judging.js';
import { recordedNames } from './recorded-log.js';

const NAMES = recordedNames('3.8.0/leader-crash').filter((name) => name.includes('/info/'));
const signal = new AbortController().signal;

interface Live {
  readonly ensemble: LiveEnsemble<unknown>;
  readonly push: (sid: Sid, observation: Observation) => void;
  readonly judge: () => Promise<EnsembleNews | null>;
}

function liveOf(logs: Logs, config: EnsembleConfig): Live {
  const ensemble = new LiveEnsemble<unknown>([implMachine as never]);
  const servers = new Map(
    [...logs.keys()].map((sid) => [
      sid,
      new LiveServer([implMachine], { sid, release: null, gaps: false, config: () => config }),
    ]),
  );
  const members = (): readonly LiveMember[] =>
    [...servers].map(([sid, server]) => ({
      sid,
      label: `server-${sid}`,
      hints: server.hints,
      verdictOf: () => {
        const [first] = server.verdicts();
        if (first === undefined) throw new Error('a machine judges');
        return first.verdict;
      },
    }));
  return {
    ensemble,
    push: (sid, observation) => {
      servers.get(sid)?.push(observation);
      ensemble.push(sid, observation);
    },
    judge: async () => ensemble.judge(members(), { gaps: false, config, signal }),
  };
}

/** All lines in the order of their stamps. */
function byTime(logs: Logs): readonly (readonly [Sid, Observation])[] {
  return [...logs]
    .flatMap(([sid, all]) => all.map((one) => [sid, one] as const))
    .sort(([, a], [, b]) => ((a.at.time ?? '') < (b.at.time ?? '') ? -1 : 1));
}

/** With one digit changed in a vote that server 2 received from server 3. */
const altered = readEnsemble(NAMES, (lines, sid) =>
  sid === 2n ? lines.with(177, lines[177]?.replace('n.zxid:0x0', 'n.zxid:0x7') ?? '') : lines,
);
const { logs, ensemble: config } = readEnsemble(NAMES);

describe('logs that grow', () => {
  it('wherever they stand still, they do not contradict each other; each election is told once', async () => {
    const live = liveOf(logs, config);
    const told: string[] = [];
    for (const [index, [sid, observation]] of byTime(logs).entries()) {
      live.push(sid, observation);
      if (index % 40 !== 0) continue;
      live.ensemble.standStill();
      const news = await live.judge();
      expect(news?.divergences ?? []).toEqual([]);
      told.push(...(news?.elections ?? []).map(({ leader, epoch }) => `${leader} ${epoch}`));
    }
    expect(told).toEqual(['4 1', '3 2']);
    live.ensemble.standStill();
    await live.judge();
    const whole = await judgeLogs(logs, config);
    expect(live.ensemble.judged).toMatchObject([{ machine: 'impl', verdict: { kind: 'accepted' } }]);
    expect(live.ensemble.judged[0]?.verdict.elections).toEqual(whole.elections);
  });

  it('a line whose cause is still to be written is not judged', async () => {
    const live = liveOf(logs, config);
    for (const [sid, all] of logs) {
      for (const observation of all) live.push(sid, observation);
      expect(live.ensemble.isBehind).toBe(true);
      expect(await live.judge()).toBeNull();
    }
    live.ensemble.standStill();
    expect(live.ensemble.isBehind).toBe(false);
    expect((await live.judge())?.judged).toMatchObject([{ verdict: { kind: 'accepted' } }]);
    expect(await live.judge()).toBeNull();
  });

  it('nor is a line that came after all stood still', async () => {
    const live = liveOf(altered.logs, config);
    const lines = byTime(altered.logs);
    const wrong = lines.findIndex(([sid, { at }]) => sid === 2n && at.line === 178);
    for (const [sid, observation] of lines.slice(0, wrong)) live.push(sid, observation);
    live.ensemble.standStill();
    for (const [sid, observation] of lines.slice(wrong)) live.push(sid, observation);
    expect(await live.judge()).toMatchObject({ divergences: [] });
    live.ensemble.standStill();
    expect(await live.judge()).toMatchObject({ divergences: [{ divergence: { line: { sid: 2n } } }] });
  });

  it('a contradiction is told once, with its lines, and what follows changes nothing', async () => {
    const live = liveOf(altered.logs, config);
    for (const [sid, observation] of byTime(altered.logs)) live.push(sid, observation);
    live.ensemble.standStill();
    const news = await live.judge();
    const whole = await judgeLogs(altered.logs, config);
    expect(whole.kind).toBe('diverged');
    expect(news?.divergences).toEqual([{ machine: 'impl', divergence: whole.divergence }]);
    for (const [sid, observation] of byTime(altered.logs)) live.push(sid, observation);
    live.ensemble.standStill();
    expect(await live.judge()).toBeNull();
    expect(live.ensemble.judged[0]?.verdict.kind).toBe('diverged');
  });

  it('the latest lines are held; that earlier ones are missing contradicts nothing', async () => {
    const live = liveOf(logs, config);
    const lines = byTime(logs);
    const lives = Math.ceil((HELD_MAX * 1.05 * logs.size) / lines.length);
    for (let count = 0; count < lives; count++) for (const [sid, observation] of lines) live.push(sid, observation);
    live.ensemble.standStill();
    expect(live.ensemble.dropped).toBeGreaterThan(0);
    const news = await live.judge();
    expect(news?.divergences).toEqual([]);
    expect(news?.judged[0]?.verdict.elections.length).toBeGreaterThan(0);
  });
});
