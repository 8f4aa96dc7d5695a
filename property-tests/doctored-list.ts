/** Prints, for every doctored log of the corpus, where it is altered, where that is found, and the first sentence. */
import { specMachine } from '../models/spec-machine.js';
import { OVER_THE_CORPUS } from './doctored-corpus.js';
import { reportOf } from './doctored-report.js';

for (const [index, one] of OVER_THE_CORPUS.entries()) {
  const told = await reportOf(one);
  const { verdict } = await reportOf(one, { machine: specMachine });
  console.log(`${index + 1}. ${told.title} (${one.log}, line ${told.line})`);
  console.log(
    `   ${told.verdict.kind}, by the spec ${verdict.kind}, at line ${told.foundAt}: ${told.firstSentence} [${told.method}]`,
  );
}
