/** The public API: the vocabulary, the pure election peer, and the judge of logs. */
export * from './types/ids.js';
export * from './types/int64.js';
export * from './types/server-state.js';
export type * from './types/vote.js';
export type * from './types/ensemble.js';
export type * from './types/election-line.js';
export { parseZooCfg, printDynamicConfig, type ConfigError, type ZooCfg } from './types/zoo-cfg.js';

export { transition, NotEnabledError } from './impl/transition.js';
export { whyNotEnabled } from './impl/enabled.js';
export { makePeerConfig, type PeerConfig, type PeerConfigInput } from './impl/peer-config.js';
export { peerAtRest, type Durable, type Peer, type Process } from './impl/peer.js';
export { encodePeer, decodePeer } from './impl/peer-codec.js';
export { P380, type ReleaseProfile } from './impl/release-profile.js';
export type { Effect, Outgoing } from './impl/effect.js';
export type { PeerEvent } from './impl/event.js';
export type { Transition } from './impl/step.js';

export { threadStep, startServer, stopServer, type ThreadEvent, type ThreadedServer } from './impl/threads/process.js';
export type { CnxManager, Messenger } from './impl/threads/state.js';
export { simulate } from './models/threads/simulate.js';
export type { SimulationOptions, SimulationReport } from './models/threads/simulation.js';

export type { Ahead, Decision, Hints, HiddenStep, Machine, Outcome, Refusal } from './traces/machine.js';
export type { Observation, ObservedLine } from './traces/observation.js';
export type { Divergence, ElectionRecord, Verdict, VerdictKind } from './traces/verdict.js';
export { Judge } from './traces/judge.js';
export type { Limits } from './traces/hypothesis-sets.js';
export { judgeLog, type JudgeLogOptions } from './traces/judge-log.js';
export { LogParser } from './traces/parse/log-parser.js';
export { parseObservation, printObservation } from './traces/ndjson.js';
export { implMachine, type ServerHypothesis } from './models/impl-machine.js';
export { specMachine } from './models/spec-machine.js';

export { checkSubject, SubjectFailure, type SuiteOptions } from './models/fuzz/suite.js';
export { implSubject, subjectOf } from './models/conformance/impl-subject.js';
export { playScript, type Played, type Script } from './models/fuzz/script.js';
export { parseScript, printScript } from './models/fuzz/script-codec.js';
export { parseAction, printAction } from './models/fuzz/action-text.js';
export { tellScript, type Telling } from './models/fuzz/tell.js';
export type {
  Peer as SubjectPeer,
  PeerDisk,
  PeerInput,
  PeerSettings,
  PeerView,
  Place,
  Sent,
  SentMessage,
  Subject,
} from './models/conformance/peer.js';

export { search, type SearchOptions, type SearchResult } from './checker/search.js';
export { OwnCrew } from './checker/crew.js';
export { checkNaively, checkModelNaively } from './checker/naive.js';
export { validateTrace } from './checker/validate-trace.js';
export { itfOf, mermaidOf, storyOf } from './checker/story.js';
export type { CheckResult, Counterexample, TraceStep } from './checker/result.js';
export type { Model, ModelProperty, Successor } from './checker/model.js';
export type {
  Label,
  Outcome as RuleOutcome,
  Property as SystemProperty,
  Rule,
  Slot,
  System,
  Update,
  Value,
} from './checker/system.js';
export { type ModelChoice, type ModelName, parseChoice, systemOf } from './models/models.js';
