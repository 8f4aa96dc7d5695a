/** Crash: a process ends. */
import { serverOf, withNewManager, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/**
 * Everything volatile is gone, own copies and remembered messages too. What is on the way from or to it may still
 * arrive: Break and Lose take it.
 */
export const crash: GlobalRule<Of<'Crash'>> = {
  name: 'Crash',
  whyNot(state, { s }) {
    const found = lifeAt(state, s);
    return typeof found === 'string' ? found : null;
  },
  next: (state, { s }) => plainStep(withNewManager(withServer(state, { ...serverOf(state, s), life: null }), s)),
};
