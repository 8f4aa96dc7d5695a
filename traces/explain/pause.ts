/** What long work is asked to mind. The core has no clock: the rim tells it. */
export interface Patience {
  /** Called between steps: lets others be heard, and throws to end the work. */
  readonly pause: () => Promise<void> | void;
  /** Has it taken long enough? Then what was found by now is the answer. */
  readonly isOver: () => boolean;
}
