/** `npx tsx property-tests/scenarios/to-scripts.ts FOLDER`: every section of the golden scenarios as a script that `zabcheck` can play. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conformance } from '../../models/conformance/conformance.js';
import { implSubject } from '../../models/conformance/impl-subject.js';
import type { Script } from '../../models/fuzz/script.js';
import { printScript } from '../../models/fuzz/script-codec.js';
import type { Action } from '../../spec/action.js';
import { expand } from './commands.js';
import { parseScenario, type Scenario, type Section } from './script.js';

const FOLDER = new URL('.', import.meta.url);

/** The section with all that it continues. */
function scriptOf(scenario: Scenario, section: Section): Script {
  const { setup, commands } = commandsOf(scenario, section);
  const run = new Conformance(implSubject, setup);
  const actions: Action[] = [];
  for (const command of commands) {
    for (const action of expand(command, () => run.state)) {
      actions.push(action);
      run.step(action);
    }
  }
  return { setup, actions };
}

function commandsOf(
  scenario: Scenario,
  { beginning, items }: Section,
  mark: string | null = null,
): { readonly setup: Script['setup']; readonly commands: readonly string[] } {
  const end = mark === null ? items.length : items.findIndex(({ kind, text }) => kind === 'mark' && text === mark);
  const own = items.slice(0, end).flatMap(({ kind, text }) => (kind === 'command' ? [text] : []));
  if (beginning.kind === 'servers') return { setup: beginning.setup, commands: own };
  const earlier = scenario.sections.find(({ id }) => id === beginning.id);
  if (earlier === undefined) throw new Error(`${scenario.file}: no section ${beginning.id}`);
  const { setup, commands } = commandsOf(scenario, earlier, beginning.mark);
  return { setup, commands: [...commands, ...own] };
}

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: npx tsx property-tests/scenarios/to-scripts.ts FOLDER');
mkdirSync(out, { recursive: true });
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))) {
  const scenario = parseScenario(file, readFileSync(new URL(file, FOLDER), 'utf8'));
  for (const section of scenario.sections) {
    const name = `${file.replace('.txt', '')}-${section.id}.json`;
    writeFileSync(join(out, name), `${printScript(scriptOf(scenario, section))}\n`);
  }
}
