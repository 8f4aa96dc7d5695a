/**
 * What is claimed of the states of a model, and what must be reached in it. Properties of single steps are checked
 * inside them (checks.ts).
 */
import type { Property, System, Value } from '../../checker/system.js';
import { I8 } from '../../spec/properties/invariants.js';
import { I9, Z1 } from '../../spec/properties/zab.js';
import { isQuorum } from '../../spec/quorums.js';
import { NO_HELP } from '../../spec/properties/terms.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asSid, type Sid } from '../../types/ids.js';
import type { Epochs } from './activation.js';
import { isFaultless } from './bounds.js';
import type { Model } from './model.js';

type Seen = readonly (string | null)[];

/** What a decided server shows. */
interface Decided {
  readonly sid: Sid;
  readonly state: string;
  /** Has it published its vote? */
  readonly published: boolean;
  readonly leader: Sid;
}

export function propertiesOf<V>(model: Model<V>, config: EnsembleConfig): readonly Property[] {
  return [...claims(model, config), ...witnesses(model, config)];
}

/** A property of what decided servers show. */
function ofServers<V>(
  { layout, machine }: Model<V>,
  about: Pick<Property, 'name' | 'kind' | 'sentence'>,
  holds: (decided: readonly Decided[]) => boolean,
): Property {
  const { sids, servers } = layout;
  return {
    ...about,
    slots: servers,
    project: (value) => {
      const { life } = machine.look(value as V);
      if (life === null || life.st === 'LOOKING') return null;
      return `${life.st} ${life.pc} ${(life.end ?? life.cur).leader}`;
    },
    holds: (seen) =>
      holds(
        sids.flatMap((sid, i) => {
          const text = seen[servers[i] ?? -1] ?? null;
          if (text === null) return [];
          const [state = '', pc = '', leader = ''] = text.split(' ');
          return [{ sid, state, published: pc === 'OUT', leader: asSid(BigInt(leader)) }];
        }),
      ),
  };
}

function claims<V>(model: Model<V>, config: EnsembleConfig): readonly Property[] {
  const one = ofServers(
    model,
    { name: I8.id, kind: 'always', sentence: I8.sentence },
    (decided) => leadersOfQuorums(config, decided).length <= 1,
  );
  const { epochs } = model.layout;
  return epochs === null ? [one] : [one, ...epochClaims(epochs)];
}

/** Whom a quorum of published votes names. Observers do not count. */
function leadersOfQuorums(config: EnsembleConfig, decided: readonly Decided[]): readonly Sid[] {
  const published = decided.filter((each) => each.published);
  const named = [...new Set(published.map(({ leader }) => leader))];
  return named.filter((leader) => {
    const those = published.filter((each) => each.leader === leader).map(({ sid }) => sid);
    return isQuorum(config, those, NO_HELP);
  });
}

/** Properties of the epochs so far. */
function epochClaims(slot: number): readonly Property[] {
  const claim = (name: string, sentence: string, broken: (epochs: Epochs) => boolean): Property => ({
    name,
    kind: 'always',
    sentence,
    slots: [slot],
    project: (value: Value) => (broken(value as Epochs) ? 'broken' : null),
    holds: (seen: Seen) => seen[slot] !== 'broken',
  });
  return [
    claim(I9.id, I9.sentence, (epochs) => isTwice(epochs, 'established')),
    claim(Z1.id, Z1.sentence, (epochs) => isTwice(epochs, 'acknowledged')),
    claim(
      'complete',
      'Whoever is established had taken part in every leadership established before: its currentEpoch was not below.',
      (epochs) => {
        const established = epochs.filter(({ what }) => what === 'established');
        return established.some((later, i) => established.slice(0, i).some(({ epoch }) => epoch > later.base));
      },
    ),
  ];
}

function isTwice(epochs: Epochs, kind: Epochs[number]['what']): boolean {
  const numbers = epochs.filter(({ what }) => what === kind).map(({ epoch }) => epoch);
  return new Set(numbers).size < numbers.length;
}

/** What a model that is rich enough must reach: a green result says nothing otherwise. */
function witnesses<V>(model: Model<V>, config: EnsembleConfig): readonly Property[] {
  const { servers, start } = model.bounds;
  const reachable = (name: string, sentence: string): Pick<Property, 'name' | 'kind' | 'sentence'> => ({
    name,
    kind: 'reachable',
    sentence,
  });
  const led = ofServers(model, reachable('led', 'A leader is followed by a quorum, itself included.'), (decided) =>
    leadersOfQuorums(config, decided).some((leader) =>
      decided.some(({ sid, state, published }) => sid === leader && state === 'LEADING' && published),
    ),
  );
  const ended = ofServers(
    model,
    reachable('ended', 'Every server is in a role.'),
    (decided) => decided.length === model.layout.sids.length && decided.every(({ published }) => published),
  );
  // Two voters can only agree, and an established ensemble needs faults to come apart.
  if (servers < 3 || start !== 'cold') return [led, ended];
  return [led, ended, ...surprises(model, reachable)];
}

/** False claims of spec/properties that three voters refute without any fault. */
function surprises<V>(
  model: Model<V>,
  reachable: (name: string, sentence: string) => Pick<Property, 'name' | 'kind' | 'sentence'>,
): readonly Property[] {
  return [
    ofServers(
      model,
      reachable('two leaders', 'Two servers are LEADING at once (W1).'),
      (decided) => decided.filter(({ state }) => state === 'LEADING').length > 1,
    ),
    ofServers(model, reachable('followed follower', 'A server follows one that follows another.'), (decided) =>
      decided.some(
        ({ state, leader }) =>
          state === 'FOLLOWING' && decided.some((it) => it.sid === leader && it.state === 'FOLLOWING'),
      ),
    ),
  ];
}

/**
 * Every voter gets a role: where it may send again, and, strict, where nothing goes wrong. Windowed it may need to send
 * again even then: who is decided but has not yet published answers with an old vote, and only once. An observer may
 * always need to.
 */
export function mayEnd<V>(model: Model<V>): System['mayEnd'] {
  const { bounds } = model;
  if (bounds.resend === 'none' && (bounds.grain === 'windowed' || !isFaultless(bounds))) return undefined;
  const { voters } = model.layout;
  const about = { name: 'end', kind: 'always', sentence: '' } as const;
  return ofServers(model, about, (decided) =>
    voters.every((voter) => decided.some(({ sid, published }) => published && sid === voter)),
  );
}
