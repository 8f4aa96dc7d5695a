/** Plays a scenario: every step is held against the specification, every fact against what the collections hold. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import { NO_DEFECTS } from '../../impl/threads/profile.js';
import { collectionsOf } from './collections-told.js';
import { refined } from './refinement.js';
import type { ScriptLine } from './scenario-script.js';
import { type Arrow, arrowsOf } from './scenario-arrows.js';
import { boot, crash, makeWorld, partnerOf, perform, serverAt, type Step, stepsOf, type World } from './world.js';
import { activate } from './zab.js';

export type PlayedItem =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'section'; readonly heading: string; readonly focus: number }
  | { readonly kind: 'arrows'; readonly arrows: readonly Arrow[] }
  | { readonly kind: 'table'; readonly focus: number; readonly rows: ReadonlyMap<string, string> };

/** A line that cannot be done, or a fact that is none. The message names the line. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

const WAITS: ReadonlySet<string> = new Set(['TimeOut', 'Silence', 'Leave']);
const REST_STEPS = 20_000;

export function playScenario(config: EnsembleConfig, lines: readonly ScriptLine[]): readonly PlayedItem[] {
  const player = new Player(makeWorld(config, NO_DEFECTS));
  for (const line of lines) player.play(line);
  return player.end();
}

class Player {
  readonly #world: World;
  readonly #items: PlayedItem[] = [];
  #focus: number | null = null;
  #told = true;

  constructor(world: World) {
    this.#world = world;
  }

  play(line: ScriptLine): void {
    try {
      this.#do(line);
    } catch (error) {
      throw new ScenarioError(`line ${line.line}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  end(): readonly PlayedItem[] {
    this.#table();
    return this.#items;
  }

  #do(line: ScriptLine): void {
    switch (line.kind) {
      case 'text':
        this.#items.push({ kind: 'text', text: line.text });
        return;
      case 'section':
        this.#table();
        this.#focus = line.focus;
        this.#items.push({ kind: 'section', heading: line.heading, focus: line.focus });
        return;
      case 'world':
        return this.#deed(line.deed, line.server);
      case 'rest':
        return this.#rest(line.told);
      case 'thread':
        return this.#thread(line);
      case 'expect':
        return this.#expect(line);
    }
  }

  #deed(deed: Extract<ScriptLine, { kind: 'world' }>['deed'], server: number): void {
    const at = server - 1;
    if (deed === 'boot') boot(this.#world, at);
    else if (deed === 'leave')
      perform(this.#world, { at, event: { thread: 'QuorumPeer', step: 'Leave' }, pair: -1, net: null });
    else if (deed !== 'activate') crash(this.#world, at, deed === 'crash silently');
    else if (!activate(this.#world, at)) throw new Error(`server ${server} leads no quorum`);
    const said = {
      boot: 'comes up',
      crash: 'dies',
      'crash silently': 'dies with its machine',
      activate: 'is established',
      leave: 'leaves its role',
    }[deed];
    this.#push([{ from: null, to: null, server, text: said }]);
  }

  #rest(told: boolean): void {
    this.#told = told;
    for (let count = 0; count < REST_STEPS; count += 1) {
      const step = this.#firstStep();
      if (step === null) {
        this.#told = true;
        return;
      }
      this.#make(step);
    }
    throw new Error('nobody comes to rest');
  }

  #firstStep(): Step | null {
    for (let at = 0; at < this.#world.sids.length; at += 1) {
      const step = stepsOf(this.#world, at).find(({ event }) => !WAITS.has(event.step));
      if (step !== undefined) return step;
    }
    return null;
  }

  #thread(line: Extract<ScriptLine, { kind: 'thread' }>): void {
    const most = line.times ?? REST_STEPS;
    for (let count = 0; count < most; count += 1) {
      const found = stepsOf(this.#world, line.server - 1).filter((step) => this.#isMeant(step, line));
      const [step] = found;
      if (step === undefined && line.times === null && count > 0) return;
      if (step === undefined)
        throw new Error(
          `${line.thread}${line.step === null ? '' : `.${line.step}`} of server ${line.server} cannot run: ${this.#possible(line.server)}`,
        );
      this.#make(step);
    }
  }

  #isMeant(step: Step, { thread, step: name, peer }: Extract<ScriptLine, { kind: 'thread' }>): boolean {
    if (step.event.thread !== thread) return false;
    if (name === null ? WAITS.has(step.event.step) : step.event.step !== name) return false;
    return peer === null || partnerOf(this.#world, step) === peer;
  }

  #possible(server: number): string {
    const steps = stepsOf(this.#world, server - 1).map(({ event }) => `${event.thread}.${event.step}`);
    return steps.length === 0 ? 'it can do nothing' : `it can do ${[...new Set(steps)].join(', ')}`;
  }

  #make(step: Step): void {
    const was = serverAt(this.#world, step.at);
    refined(this.#world, step);
    if (this.#focus === null || !this.#told) return;
    this.#push(arrowsOf(this.#world, step, { was, now: serverAt(this.#world, step.at), focus: this.#focus }));
  }

  #push(arrows: readonly Arrow[]): void {
    const last = this.#items.at(-1);
    if (this.#focus === null || arrows.length === 0) return;
    if (last?.kind === 'arrows') this.#items.splice(-1, 1, { kind: 'arrows', arrows: [...last.arrows, ...arrows] });
    else this.#items.push({ kind: 'arrows', arrows });
  }

  #expect({ server, what, value }: Extract<ScriptLine, { kind: 'expect' }>): void {
    const rows = collectionsOf(this.#world, server - 1);
    const found = rows.get(what);
    if (found === undefined) throw new Error(`"${what}" is none of ${[...rows.keys()].join(', ')}`);
    if (found !== value) throw new Error(`${what} of server ${server} is "${found}", not "${value}"`);
  }

  #table(): void {
    if (this.#focus !== null)
      this.#items.push({ kind: 'table', focus: this.#focus, rows: collectionsOf(this.#world, this.#focus - 1) });
  }
}
