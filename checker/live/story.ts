/** A lasso for people: the way, then what is repeated for ever, then why nothing is owed. */
import { changesOf } from '../story.js';
import type { System, Value } from '../system.js';
import { type Lasso, type LiveQuestion, standsStill } from './question.js';
import { type Account, accountOf } from './validate-lasso.js';

export function storyOfLasso(system: System, question: LiveQuestion, lasso: Lasso): string {
  const { initial, steps, loop, property, why } = lasso;
  const lines = ['   0  the beginning', ...changesOf(system, null, initial)];
  let before: readonly Value[] = initial;
  steps.forEach(({ label, row }, index) => {
    if (index === loop) lines.push('      for ever, again and again:');
    lines.push(`${String(index + 1).padStart(4)}  ${label.actor}: ${label.text}${label.fault ? '  [fault]' : ''}`);
    lines.push(...changesOf(system, before, row));
    before = row;
  });
  lines.push(
    standsStill(lasso)
      ? '      and nothing happens any more'
      : `      as after step ${loop}: again from step ${loop + 1}`,
  );
  lines.push(...fairWords(accountOf(system, question, lasso)), `violated: ${property}: ${why}`);
  return lines.join('\n');
}

/** Why fairness is content. */
function fairWords(accounts: readonly Account[]): readonly string[] {
  const names = (which: (account: Account) => boolean): string =>
    accounts
      .filter(which)
      .map(({ name }) => name)
      .join(', ');
  const taken = names((account) => account.taken);
  const now = names(({ taken: isTaken, possible }) => !isTaken && possible > 0);
  const never = accounts.filter(({ taken: isTaken, possible }) => !isTaken && possible === 0).length;
  return [
    ...(taken === '' ? [] : [`fair: taken again and again: ${taken}`]),
    ...(now === '' ? [] : [`fair: possible, but not always: ${now}`]),
    `fair: ${never} of ${accounts.length} that are owed something are never possible there`,
  ];
}
