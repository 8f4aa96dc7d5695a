/** What the world does to servers and channels, as often as the budget allows. */
import type { Outcome, Rule } from '../../checker/system.js';
import type { Sid } from '../../types/ids.js';
import { type Budget, isBeyond, spent } from './bounds.js';
import { EMPTY, type Queue, withoutOne } from './channels.js';
import type { Pair } from './layout.js';
import { allows, isThere, labelOf, type Model, played, ruleOf } from './model.js';

export function faultRules<V>(model: Model<V>): readonly Rule[] {
  const { bounds, layout } = model;
  const each = (make: (model: Model<V>, s: Sid, slot: number) => Rule): readonly Rule[] =>
    layout.sids.map((s, i) => make(model, s, layout.servers[i] ?? -1));
  return [
    ...(bounds.crashes !== 0 ? [...each(crashRule), ...each(restartRule)] : []),
    ...(bounds.crashes !== 0 ? layout.pairs.map((pair) => loseDeadRule(model, pair)) : []),
    ...(bounds.leaves !== 0 ? each(leaveRule) : []),
    ...(bounds.losses !== 0 ? layout.pairs.map((pair) => loseRule(model, pair)) : []),
    ...(bounds.channel === 'f2' ? layout.pairs.map(dropRule) : []),
  ];
}

/** A process ends: everything volatile is gone, own copies too. What it has sent to others may still arrive. */
function crashRule<V>(model: Model<V>, s: Sid, slot: number): Rule {
  const { courses, layout } = model;
  const action = { name: 'Crash', s } as const;
  const own = layout.own.get(s);
  const reads = own === undefined ? [slot, layout.budget] : [slot, layout.budget, own];
  const step = (value: V, budget: Budget): readonly Outcome[] => {
    const left = spent(budget, 'crashes');
    if (left === null) return [];
    return courses.from([value], { action, arrival: null }).map((course) => {
      const written = new Map<number, unknown>([
        [slot, course.values[0]],
        [layout.budget, left],
      ]);
      if (own !== undefined) written.set(own, EMPTY);
      return played(model, { action, actor: s, course, was: value, written });
    });
  };
  return ruleOf(`crash ${s}`, reads, step, [isUp(model), allows('crashes')]);
}

const isUp =
  <V>({ machine }: Model<V>) =>
  (value: V): boolean =>
    machine.look(value).life !== null;

/** Free: a crash was paid for. The election begins in round 1 again. */
function restartRule<V>(model: Model<V>, s: Sid, slot: number): Rule {
  const { courses } = model;
  const action = { name: 'Restart', s } as const;
  return ruleOf(`restart ${s}`, [slot], (value: V) =>
    courses
      .from([value], { action, arrival: null })
      .map((course) =>
        played(model, { action, actor: s, course, was: value, written: new Map([[slot, course.values[0]]]) }),
      ),
  );
}

/** A role ends, where the round after it is within the bound. */
function leaveRule<V>(model: Model<V>, s: Sid, slot: number): Rule {
  const { bounds, courses, layout, machine } = model;
  const action = { name: 'Leave', s } as const;
  const step = (value: V, budget: Budget): readonly Outcome[] => {
    const left = spent(budget, 'leaves');
    const { life } = machine.look(value);
    if (left === null || life === null || (bounds.leaves !== 'any' && isBeyond(life.clk + 1n, bounds))) return [];
    return courses.from([value], { action, arrival: null }).map((course) => {
      const written = new Map<number, unknown>([
        [slot, course.values[0]],
        [layout.budget, left],
      ]);
      return played(model, { action, actor: s, course, was: value, written });
    });
  };
  const isInRole = (value: V): boolean => machine.look(value).life?.pc === 'OUT';
  return ruleOf(`leave ${s}`, [slot, layout.budget], step, [isInRole, allows('leaves')]);
}

/** A message never arrives, the newest included: its connection broke (spec: Break). */
function loseRule<V>({ layout }: Model<V>, { from, to, slot }: Pair): Rule {
  const step = (queue: Queue, budget: Budget): readonly Outcome[] => {
    const left = spent(budget, 'losses');
    if (left === null) return [];
    return withoutOne(queue, queue.length).map((rest, index) => ({
      ...vanished({ from, to, index }, true),
      writes: [rest, left],
    }));
  };
  return ruleOf(`lose ${from}>${to}`, [slot, layout.budget], step, [isThere, allows('losses')]);
}

/** While the sender is down, what it had not yet got through may be gone with it. No fault of its own. */
function loseDeadRule<V>({ layout, machine }: Model<V>, { from, to, slot }: Pair): Rule {
  const sender = layout.servers[layout.sids.indexOf(from)] ?? -1;
  const isDown = (value: V): boolean => machine.look(value).life === null;
  const step = (value: V, queue: Queue): readonly Outcome[] => {
    if (!isDown(value)) return [];
    return withoutOne(queue, queue.length).map((rest, index) => ({
      ...vanished({ from, to, index }, false),
      writes: [value, rest],
    }));
  };
  return ruleOf(`lose-dead ${from}>${to}`, [sender, slot], step, [isDown, isThere]);
}

/** A waiting message is overwritten by the later one (spec: Lose): never the newest, and no fault. */
function dropRule({ from, to, slot }: Pair): Rule {
  return ruleOf(`drop ${from}>${to}`, [slot], (queue: Queue) =>
    withoutOne(queue, queue.length - 1).map((rest, index) => ({
      ...vanished({ from, to, index }, false),
      writes: [rest],
    })),
  );
}

function vanished(
  message: { readonly from: Sid; readonly to: Sid; readonly index: number },
  fault: boolean,
): Pick<Outcome, 'label' | 'updates'> {
  return { label: { ...labelOf({ name: 'Lose', ...message }, 'network'), fault }, updates: [] };
}
