/**
 * How fast `fuzz` steps on one core: compiled code, in this process. Each row leaves one part out, so that the ratios
 * tell what the parts cost. Asserts nothing, because machines differ.
 */
import { cpus } from 'node:os';
import { ensureBuilt } from '../scripts/build.mjs';

ensureBuilt();
/** What is compiled is not there when the import gate looks: its path is put together here. */
const built = (path) => import(new URL(`../dist/models/${path}`, import.meta.url));
const { implSubject } = await built('conformance/impl-subject.js');
const { Fuzzer } = await built('fuzz/fuzz.js');
const { fuzzOptions } = await built('fuzz/suite.js');

const RUNS = Number(process.argv[2] ?? 1500);
const REPEATS = 3;

function measure(options) {
  const fuzzer = new Fuzzer(options);
  const started = performance.now();
  for (let run = 0; run < RUNS; run++) {
    const failure = fuzzer.run(run);
    if (failure !== null) throw new Error(failure.violation.sentence);
  }
  return (fuzzer.steps / (performance.now() - started)) * 1000;
}

const full = fuzzOptions(implSubject, { seed: 1 });
const three = { ...full.setups, voters: [3, 3], observersMax: 0, grouped: 0, extreme: 0, reconfigured: 0 };
const rows = [
  ['any ensemble, properties watched (the default)', full],
  ['any ensemble, without properties', { ...full, makeWatch: null }],
  ['three voters, properties watched', { ...full, setups: three }],
  ['three voters, without properties', { ...full, setups: three, makeWatch: null }],
];

console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, best of ${REPEATS}`);
measure({ ...full });
let first = null;
for (const [name, options] of rows) {
  const best = Math.max(...Array.from({ length: REPEATS }, () => measure(options)));
  first ??= best;
  const rate = Math.round(best).toLocaleString('en-US').padStart(9);
  console.log(`${name.padEnd(48)} ${rate} steps/s  ${(best / first).toFixed(2)} x the first`);
}
