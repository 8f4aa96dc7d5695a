/** `zabcheck models`: what `check` can explore. */
import { MODEL_SENTENCES } from '../../models/models.js';
import { manifest } from '../check/manifest.js';
import type { Output } from '../output.js';

export function models({ json }: { readonly json?: true }, output: Output): void {
  if (json === true) return output.out(JSON.stringify({ schema: 'zabcheck.models/1', models: manifest() }, null, 2));
  const lines = ['Models, with bounds of your own:'];
  for (const [name, sentence] of Object.entries(MODEL_SENTENCES)) lines.push(`  ${name.padEnd(14)}${sentence}`);
  lines.push('', 'Named models, with what their exploration must find:');
  for (const { name, sentence, model, bounds, liveness, without, verdict, distinct, depth, time } of manifest()) {
    const words = Object.entries({ ...bounds, liveness, without }).flatMap(([bound, value]) =>
      value === undefined ? [] : [`--${bound} ${value}`],
    );
    lines.push(
      `  ${name}: ${sentence}`,
      `      ${model} ${words.join(' ')}`,
      `      ${verdict}, ${distinct.toLocaleString('en')} states, depth ${depth}, ${time}`,
    );
  }
  output.out(lines.join('\n'));
}
