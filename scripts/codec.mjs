/**
 * Hostile bytes on the election port: `node scripts/codec.mjs --count 10000000 --seed 1`. Prints how many strings fell into
 * each class. Exit code 1 if anything threw, hung, or was read otherwise than the tables say (`scripts/codec-table.mjs`).
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { runCodec } from './codec-run.mjs';

async function makeKit() {
  ensureBuilt();
  const names = ['frames', 'initial-message', 'notification', 'received-config'];
  const modules = await Promise.all(
    names.map((name) => import(new URL(`../dist/impl/wire/${name}.js`, import.meta.url))),
  );
  return Object.assign({}, ...modules);
}

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: node scripts/codec.mjs --count N --seed S');
  process.exit(2);
}
const kit = await makeKit();
const started = performance.now();
const onProgress = ({ strings }) => process.stderr.isTTY && process.stderr.write(`\r${strings} strings`);
const figures = runCodec({ count, seed, kit, onProgress });
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`seed ${seed}: ${figures.strings} strings, ${figures.bytes} bytes in ${seconds} s`);
console.log(`  slowest string ${figures.slowest.ms.toFixed(1)} ms  ${figures.slowest.of}`);
console.log(`  peak memory    ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
console.log(`  not as the table says, thrown or slow: ${figures.failed}`);
for (const [name, times] of [...figures.classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`  ${String(times).padStart(9)}  ${name}`);
}
for (const failure of figures.failures) console.error(`FAILED  ${failure}`);
process.exitCode = figures.failed > 0 ? 1 : 0;
