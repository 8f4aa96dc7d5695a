/** Which looks ahead a judgement rested on: it holds again where they are answered alike. */
import type { Ahead } from './machine.js';

/** The looks from a line: `before` sees the line itself, `after` does not. */
export interface Looks {
  readonly before: Ahead;
  readonly after: Ahead;
}

type Side = keyof Looks;
type Look = (ahead: Ahead) => unknown;

/** One look ahead and what was seen. Lines that read alike are one object, so answers are compared as such. */
export class Question {
  readonly #side: Side;
  readonly #look: Look;
  readonly #answer: unknown;

  constructor(side: Side, look: Look, answer: unknown) {
    this.#side = side;
    this.#look = look;
    this.#answer = answer;
  }

  sameAnswer(looks: Looks): boolean {
    return this.#look(looks[this.#side]) === this.#answer;
  }
}

const nextMain = (one: Ahead): unknown => one.nextMain();
const nextElectionZxid = (one: Ahead): unknown => one.nextElectionZxid();
const nextSending = (one: Ahead): unknown => one.nextSending();
const nextPrinted = (one: Ahead): unknown => one.nextPrinted(false);
const nextPrintedAtDebug = (one: Ahead): unknown => one.nextPrinted(true);

/** The looks at the server's own notifications, by index: made once, so that equal looks are one object. */
const ownLooks = (take: (ahead: Ahead, index: number) => unknown): ((index: number) => Look) => {
  const made: Look[] = [];
  return (index) => (made[index] ??= (one) => take(one, index));
};
const ownNotification = ownLooks((one, index) => one.ownNotification(index));
const nextOwn = ownLooks((one, index) => one.nextOwn(index));

/** Notes every look that is taken through the watched `Ahead`s, each once. */
export class AskedAhead {
  readonly #questions: Question[] = [];

  get questions(): readonly Question[] {
    return this.#questions;
  }

  watch(looks: Looks, side: Side): Ahead {
    const ahead = looks[side];
    const noted = new Set<Look>();
    const note = <T>(look: Look, answer: T): T => {
      if (!noted.has(look)) {
        noted.add(look);
        this.#questions.push(new Question(side, look, answer));
      }
      return answer;
    };
    return {
      nextMain: () => note(nextMain, ahead.nextMain()),
      nextElectionZxid: () => note(nextElectionZxid, ahead.nextElectionZxid()),
      nextSending: () => note(nextSending, ahead.nextSending()),
      nextPrinted: (debug) => note(debug ? nextPrintedAtDebug : nextPrinted, ahead.nextPrinted(debug)),
      ownNotification: (index) => note(ownNotification(index), ahead.ownNotification(index)),
      nextOwn: (index) => note(nextOwn(index), ahead.nextOwn(index)),
    };
  }
}
