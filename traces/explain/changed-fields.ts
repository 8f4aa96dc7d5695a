/** Changes of what lines say: of the one that fails, and of those that contradict it. */
import { MAIN_LINES } from '../../types/election-line.js';
import type { ReadLine } from '../observation.js';
import { type Change, nothing, replaced, replacedIn } from './change.js';
import { differing, fieldsOf, fieldWords, sameLine, withFields } from './fields.js';
import { COST, failing, type Place, placeWords, REMEDIES_MAX } from './place.js';

export function changedFields(place: Place): readonly Change[] {
  return [...changedHere(place), ...changedBefore(place), ...changedTogether(place)];
}

/** `changed`: what the line at this index says instead; null: another kind of line, or the same. */
export function changeOf(
  { held }: Pick<Place, 'held'>,
  index: number,
  { to, cost }: { readonly to: ReadLine; readonly cost: number },
): Change | null {
  const observation = held.log[index];
  if (observation === undefined || observation.said.what === 'leftOut') return null;
  const said: ReadLine = observation.said;
  const names = said.what === to.what ? differing(said, to) : [];
  if (names.length === 0) return null;
  // Who sent a message is told by its connection: that is seldom the mistake.
  const farFetched = names.includes('from') ? COST.otherSender : 0;
  return {
    sid: held.sid,
    kind: 'changed',
    words: `${placeWords(observation)} said ${fieldWords(to, names)} instead of ${fieldWords(said, names)}`,
    cost: cost + (names.length - 1) / 2 + farFetched,
    apply: replaced(index, to),
  };
}

export const known = (changes: readonly (Change | null)[]): readonly Change[] =>
  changes.flatMap((one) => (one === null ? [] : [one]));

function changedHere(place: Place): readonly Change[] {
  const { said } = failing(place);
  if (said.what === 'leftOut') return [];
  const lines = place.remedies.instead.slice(0, REMEDIES_MAX);
  return known([
    ...lines.map((to) => changeOf(place, place.at, { to, cost: COST.changed })),
    ...likeNeighbours(place, said).map((to) => changeOf(place, place.at, { to, cost: COST.likeNeighbours })),
  ]);
}

/** So far it is looked for lines of the same kind. */
const NEIGHBOURS_WITHIN = 40;

/** The line, in one field as another of its kind near it. */
function likeNeighbours({ held, at }: Place, said: ReadLine): readonly ReadLine[] {
  const near = held.log.slice(Math.max(0, at - NEIGHBOURS_WITHIN), at + NEIGHBOURS_WITHIN);
  const found: ReadLine[] = [];
  for (const { said: other } of near) {
    if (other.what === 'leftOut' || other.what !== said.what) continue;
    for (const name of differing(said, other)) {
      const to = withFields(said, { [name]: fieldsOf(other)[name] });
      if (!found.some((one) => sameLine(one, to))) found.push(to);
    }
  }
  return found;
}

/** A vote, and those before it that say the same in one field; a change of state, and the role behind it. */
function changedTogether(place: Place): readonly Change[] {
  const { held, at, excerpt, remedies } = place;
  const { said } = failing(place);
  return remedies.instead.flatMap((to): readonly Change[] => {
    if (said.what === 'stateChanged' && to.what === 'stateChanged') return otherRole(place, to);
    if (said.what !== 'notification' || to.what !== 'notification') return [];
    return differing(said, to).flatMap((name): readonly Change[] => {
      const alike = excerpt.filter((index) => {
        const other = held.log[index]?.said;
        const isOwn = other?.what === 'notification' && other.notification.from === said.notification.from;
        return isOwn && fieldsOf(other)[name] === fieldsOf(said)[name];
      });
      const value = { [name]: fieldsOf(to)[name] };
      return alike.length === 0 ? [] : [together(place, [...alike, at], (line) => withFields(line, value))];
    });
  });
}

function otherRole(place: Place, { state }: Extract<ReadLine, { what: 'stateChanged' }>): readonly Change[] {
  const { held, at } = place;
  const next = held.log.findIndex(({ said }, index) => index > at && MAIN_LINES.has(said.what));
  if (held.log[next]?.said.what !== 'roleEntered') return [];
  const change = together(place, [at, next], (line) =>
    line.what === 'roleEntered' ? withFields(line, { role: state }) : withFields(line, { state }),
  );
  return [change];
}

/** Several lines changed in one field each. */
function together({ held }: Place, indices: readonly number[], change: (said: ReadLine) => ReadLine): Change {
  const lines = indices.flatMap((index) => {
    const observation = held.log[index];
    if (observation === undefined || observation.said.what === 'leftOut') return [];
    return [{ index, observation, from: observation.said, to: change(observation.said) }];
  });
  const words = lines.map(({ observation, from, to }) => {
    const names = differing(from, to);
    return `${placeWords(observation)} said ${fieldWords(to, names)} instead of ${fieldWords(from, names)}`;
  });
  return {
    sid: held.sid,
    kind: 'changed',
    words: words.join(' and '),
    cost: COST.changedEarlier + (lines.length - 1) / 2,
    apply: (log) => lines.reduce((placed, { index, to }) => replacedIn(placed, index, to), nothing(log)),
  };
}

/** A line that contradicts it says, in a field that both have, what it says; or what would have led to it. */
function changedBefore(place: Place): readonly Change[] {
  const { said } = failing(place);
  if (said.what === 'leftOut') return [];
  const wanted = fieldsOf(said);
  const { log, sid } = place.held;
  return place.excerpt.flatMap((index): readonly Change[] => {
    const other = log[index]?.said;
    if (other === undefined || other.what === 'leftOut') return [];
    const has = fieldsOf(other);
    const own = other.what === 'notification' && other.notification.from === sid;
    const isForeign = other.what === 'notification' && !own;
    const shared = Object.keys(wanted).filter((name) => name in has && name !== 'from' && has[name] !== wanted[name]);
    const alike = isForeign ? [] : shared.map((name) => withFields(other, { [name]: wanted[name] }));
    const heard = isForeign
      ? place.remedies.heard
          .filter(({ from }) => from === other.notification.from)
          .map((notification) => ({
            ...other,
            notification: {
              ...notification,
              version: other.notification.version,
              configVersion: other.notification.configVersion,
            },
          }))
      : [];
    return known([...alike, ...heard].map((to) => changeOf(place, index, { to, cost: COST.changedEarlier })));
  });
}
