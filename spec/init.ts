/** Initial states: every server is down, nothing is on the way. */
import type { EnsembleConfig } from '../types/ensemble.js';
import { assert } from '../base/assert.js';
import { specProfile } from './profile.js';
import { serverAtRest, type Disk } from './server.js';
import type { State } from './state.js';

/** What a model must say to begin. */
export interface InitialSituation {
  /** Disks; a sid once. Members of later configurations may be listed too, they start with `config` as well. */
  readonly servers: readonly Disk[];
  /** In force everywhere. */
  readonly config: EnsembleConfig;
  /** What reconfigurations may propose; all versions differ. */
  readonly laterConfigs: readonly EnsembleConfig[];
  /** Does the oracle's file say '1'? */
  readonly oracle: boolean;
  /** Of all servers; one that the specification knows. Absent: 3.8. */
  readonly release?: string;
}

/** The state before anything was started: Restart brings a server up (TLA+: Init, except that there all are up). */
export function initialState(situation: InitialSituation): State {
  const { release } = situation;
  const profile = release === undefined ? undefined : specProfile(release);
  assert(profile !== null, `the specification says nothing of ${release}`);
  const configs = [situation.config, ...situation.laterConfigs];
  const state: State = {
    servers: new Map(situation.servers.map((disk) => [disk.sid, serverAtRest(disk, situation.config, profile)])),
    channels: new Map(),
    oracle: situation.oracle,
    configs: new Map(configs.map((config) => [config.version, config])),
  };
  assert(state.servers.size === situation.servers.length, 'a server is listed twice');
  assert(state.configs.size === configs.length, 'two configurations have one version');
  return state;
}
