/** `zabcheck replay zabc1.…`: plays a counterexample of `check` again, step by step. */
import { decode, encode } from '../../checker/encode.js';
import { storyOf } from '../../checker/story.js';
import type { Counterexample } from '../../checker/result.js';
import type { Label, System, Value } from '../../checker/system.js';
import { validateTrace } from '../../checker/validate-trace.js';
import { systemOf } from '../../models/models.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { parseCheckToken, type Played } from './token.js';

/** 1: it is violated, as then. Throws UsageError for what is no token, or does not happen in this release. */
export function replayCheck(token: string, output: Output): ExitCode {
  const played = parseCheckToken(token);
  if (!played.ok) throw new UsageError(`${played.error}.`);
  const system = systemOf(played.value.choice);
  const counterexample = counterexampleOf(system, played.value);
  const wrong = validateTrace(system, counterexample);
  if (wrong !== null) throw new UsageError(`the token tells of steps that this model does not make: ${wrong}.`);
  output.out(`${system.name}\n${storyOf(system, counterexample)}`);
  return EXIT.diverged;
}

/** The labels are looked up among what the rules do: the token holds their texts only. */
function counterexampleOf(system: System, { property, initial, steps }: Played): Counterexample {
  const first = decode(initial) as readonly Value[];
  let row = first;
  const found = steps.map(([text, after]) => {
    const label = labelOf(system, row, text);
    row = decode(after) as readonly Value[];
    return { label: label ?? { text, action: text, actor: '', fault: false }, row };
  });
  const why =
    system.properties.find(({ name }) => name === property)?.sentence ?? whyOf(system, { found, first, property });
  return { property, why, initial: first, steps: found };
}

function labelOf(system: System, row: readonly Value[], text: string): Label | null {
  for (const rule of system.rules) {
    const outcome = rule.step(rule.reads.map((slot) => row[slot])).find(({ label }) => label.text === text);
    if (outcome !== undefined) return outcome.label;
  }
  return null;
}

/** What the last step says of the property that it breaks. */
function whyOf(
  system: System,
  {
    found,
    first,
    property,
  }: { readonly found: Counterexample['steps']; readonly first: readonly Value[]; readonly property: string },
): string {
  const before = found.at(-2)?.row ?? first;
  const last = found.at(-1);
  for (const rule of system.rules) {
    for (const { label, breaks } of rule.step(rule.reads.map((slot) => before[slot]))) {
      if (breaks?.property === property && label.text === last?.label.text) return breaks.why;
    }
  }
  return encode(property);
}
