/** Scenarios as data: who takes part, what is done to whom, and what must be true before the next step. */

/** One thing that is done, in order. */
export type ScenarioStep =
  /** Start these servers, all at once. */
  | { readonly do: 'start'; readonly sids: readonly number[] }
  /** SIGKILL: the process ends without a word. */
  | { readonly do: 'crash'; readonly sid: number }
  /** SIGTERM. */
  | { readonly do: 'stop'; readonly sid: number }
  /** SIGSTOP: the process stands still, its connections stay open. */
  | { readonly do: 'freeze'; readonly sid: number }
  /** SIGCONT: a frozen process goes on. */
  | { readonly do: 'thaw'; readonly sid: number }
  /** Shut every TCP connection between this server and each of the others; the processes are not touched. */
  | { readonly do: 'cut'; readonly sid: number; readonly from: readonly number[] }
  /** A client of ZooKeeper creates so many nodes through this server, one after the other. */
  | { readonly do: 'write'; readonly through: number; readonly nodes: number }
  /** Let time pass. */
  | { readonly do: 'wait'; readonly seconds: number }
  /** Wait until these servers report exactly one leader (this one, if named) and a role for each other. */
  | { readonly do: 'expect'; readonly running: readonly number[]; readonly leader?: number };

export interface Scenario {
  readonly name: string;
  /** One sentence: what happens. */
  readonly sentence: string;
  readonly voters: readonly number[];
  readonly observers: readonly number[];
  /** Further lines of zoo.cfg, such as groups and weights. */
  readonly config: readonly string[];
  /** Of the generator that chose the steps, if one did. */
  readonly seed?: number;
  readonly steps: readonly ScenarioStep[];
}

/** What a step does, for people and for truth.json. */
export function stepWords(step: ScenarioStep): string {
  switch (step.do) {
    case 'start':
      return `start ${serverNames(step.sids)}`;
    case 'crash':
      return `kill Server${step.sid} (SIGKILL)`;
    case 'stop':
      return `stop Server${step.sid} (SIGTERM)`;
    case 'freeze':
      return `freeze Server${step.sid} (SIGSTOP)`;
    case 'thaw':
      return `thaw Server${step.sid} (SIGCONT)`;
    case 'cut':
      return `cut the connections of Server${step.sid} with ${serverNames(step.from)}`;
    case 'write':
      return `create ${step.nodes} ${step.nodes === 1 ? 'node' : 'nodes'} through Server${step.through}`;
    case 'wait':
      return `let ${step.seconds} s pass`;
    case 'expect':
      return `wait for one leader among ${serverNames(step.running)}`;
  }
}

function serverNames(sids: readonly number[]): string {
  return sids.map((sid) => `Server${sid}`).join(', ');
}
