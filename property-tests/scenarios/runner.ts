/** Plays scenarios: the peer under the specification's eyes, every property watched, every line accounted for. */
import { Conformance } from '../../models/conformance/conformance.js';
import type { Subject } from '../../models/conformance/peer.js';
import { printAction } from '../../models/fuzz/action-text.js';
import { Diagram } from '../../models/fuzz/story.js';
import { watchProperties } from '../../models/fuzz/watch.js';
import type { InitialSituation as Setup } from '../../spec/init.js';
import { expand } from './commands.js';
import { whyNotTrue } from './facts.js';
import { outcomeLines } from './outcomes.js';
import type { Item, Scenario, Section } from './script.js';

export interface PlayedSection {
  readonly section: Section;
  readonly diagram: string;
}

export interface PlayedScenario {
  readonly scenario: Scenario;
  readonly sections: readonly PlayedSection[];
  /** By the line of the command. */
  readonly outcomes: ReadonlyMap<number, readonly string[]>;
  /** Facts that do not hold. */
  readonly failures: readonly string[];
}

/** Throws where a command is impossible, and whatever `Conformance` throws. */
export function playScenario(subject: Subject, scenario: Scenario): PlayedScenario {
  const outcomes = new Map<number, readonly string[]>();
  const failures: string[] = [];
  const sections = scenario.sections.map((section) => {
    const stage = new Stage(subject, scenario, firstSetup(scenario, section));
    stage.prepare(section);
    stage.play(section, { outcomes, failures });
    return { section, diagram: stage.diagram.toString() };
  });
  return { scenario, sections, outcomes, failures };
}

function firstSetup(scenario: Scenario, section: Section): Setup {
  const { beginning } = section;
  return beginning.kind === 'servers' ? beginning.setup : firstSetup(scenario, sectionOf(scenario, beginning.id));
}

function sectionOf(scenario: Scenario, id: string): Section {
  const found = scenario.sections.find((section) => section.id === id);
  if (found === undefined) throw new Error(`${scenario.file}: no section ${id}`);
  return found;
}

interface Record {
  readonly outcomes: Map<number, readonly string[]>;
  readonly failures: string[];
}

/** One run of the servers of a section. */
class Stage {
  readonly #scenario: Scenario;
  readonly #run: Conformance;
  diagram: Diagram;

  constructor(subject: Subject, scenario: Scenario, setup: Setup) {
    this.#scenario = scenario;
    this.#run = new Conformance(subject, setup, watchProperties(setup));
    this.diagram = this.#blank();
  }

  #blank(): Diagram {
    return new Diagram(this.#run.state.servers.keys());
  }

  /** Repeats what the section continues, up to its mark; nothing of it is drawn. */
  prepare({ beginning }: Section): void {
    if (beginning.kind === 'servers') return;
    const earlier = sectionOf(this.#scenario, beginning.id);
    this.prepare(earlier);
    const end = earlier.items.findIndex(({ kind, text }) => kind === 'mark' && text === beginning.mark);
    if (end < 0) throw new Error(`${this.#scenario.file}: section ${earlier.id} has no mark ${beginning.mark}`);
    for (const item of earlier.items.slice(0, end)) if (item.kind === 'command') this.#command(item);
    this.diagram = this.#blank();
  }

  play({ items }: Section, { outcomes, failures }: Record): void {
    const opening = items.findIndex(({ kind }) => kind === 'command');
    items.forEach((item, index) => {
      if (item.kind === 'command') outcomes.set(item.line, this.#command(item));
      if (item.kind === 'prose' && index > opening) this.diagram.remark(null, item.text);
      if (item.kind !== 'fact') return;
      const why = whyNotTrue(this.#run.state, item.text);
      if (why !== null) failures.push(`${this.#at(item)}: "= ${item.text}" is not so: ${why}`);
    });
  }

  #command(item: Item): readonly string[] {
    const lines: string[] = [];
    try {
      for (const action of expand(item.text, () => this.#run.state)) {
        const why = this.#run.whyNot(action);
        if (why !== null) throw new Error(`${printAction(action)} is impossible: ${why}`);
        const before = this.#run.state;
        const step = this.#run.step(action);
        lines.push(...outcomeLines(before, action, step));
        this.diagram.add(before, action, step);
      }
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.#at(item)}: "> ${item.text}": ${what}`, { cause: error });
    }
    return lines;
  }

  #at({ line }: Item): string {
    return `${this.#scenario.file}:${line}`;
  }
}
