/** Plays a script and tells it: numbered steps, the violation, and a Mermaid diagram. */
import { emptyHistory, extend } from '../../spec/history.js';
import { FALSE_CLAIMS } from '../../spec/properties/index.js';
import type { StepTaken } from '../../spec/history.js';
import type { Script } from './script.js';
import type { Watch } from '../conformance/conformance.js';
import { Conformance, ConformanceError, type Violation } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';
import { printAction } from './action-text.js';
import { Diagram, tellStep } from './story.js';
import { proposalWords } from './words.js';

export interface Telling {
  readonly text: string;
  readonly diagram: string;
  readonly violation: Violation | null;
  /** How many actions were enabled in their turn. */
  readonly taken: number;
  /** Tempting claims that the run refutes, each with the step at which it does so first. */
  readonly refuted: readonly { readonly id: string; readonly claim: string; readonly step: number }[];
}

export interface TellOptions {
  readonly makeWatch?: (setup: Script['setup']) => Watch;
}

export function tellScript(subject: Subject, script: Script, options: TellOptions = {}): Telling {
  const { setup } = script;
  const run = new Conformance(subject, setup, options.makeWatch?.(setup) ?? null);
  const diagram = new Diagram(setup.servers.map(({ sid }) => sid));
  const lines = [setupWords(setup)];
  let violation: Violation | null = null;
  let taken = 0;
  const claims = new ClaimWatch(run.state);
  for (const action of script.actions) {
    const why = run.whyNot(action);
    if (why !== null) {
      lines.push(`   -. ${printAction(action)}: left out, ${why}`);
      continue;
    }
    taken += 1;
    const number = `${taken}.`.padStart(5);
    const before = run.state;
    try {
      const step = run.step(action);
      lines.push(`${number} ${tellStep(before, action, step)}`);
      diagram.add(before, action, step);
      const { state: after, sends } = step;
      for (const claim of claims.see({ before, action, after, sends }, taken)) {
        lines.push(`       refutes ${claim}`);
      }
    } catch (error) {
      if (!(error instanceof ConformanceError)) throw error;
      ({ violation } = error);
      lines.push(`${number} ${printAction(action)}`, `       ${violation.kind}: ${violation.sentence}`);
      diagram.remark(violation.server, violation.sentence);
      break;
    }
  }
  return { text: lines.join('\n'), diagram: diagram.toString(), violation, taken, refuted: claims.refuted };
}

/** Notices which of the tempting and false claims a run refutes. */
class ClaimWatch {
  readonly refuted: Telling['refuted'][number][] = [];
  #history;

  constructor(first: Conformance['state']) {
    this.#history = emptyHistory(first);
  }

  see(taken: StepTaken, step: number): readonly string[] {
    this.#history = extend(this.#history, taken);
    const told: string[] = [];
    for (const claim of FALSE_CLAIMS) {
      if (this.refuted.some(({ id }) => id === claim.id) || !claim.witness(taken, this.#history)) continue;
      this.refuted.push({ id: claim.id, claim: claim.claim, step });
      told.push(`${claim.id}: "${claim.claim}"`);
    }
    return told;
  }
}

/** `servers 1, 2 and 3 vote by majority; 1: zxid …` */
function setupWords({ servers, config, release }: Script['setup']): string {
  const ids = (type: string): string =>
    config.members
      .filter((member) => member.type === type)
      .map(({ sid }) => sid)
      .join(', ');
  const observers = ids('OBSERVER');
  const disks = servers.map(({ sid, zxid, currentEpoch }) => proposalWords({ leader: sid, zxid, epoch: currentEpoch }));
  return `Voters ${ids('PARTICIPANT')}${observers === '' ? '' : `, observers ${observers}`}, quorums by ${config.quorumSystem.kind}${release === undefined ? '' : `, servers of release ${release}`}; on disk: ${disks.join(', ')}.`;
}
