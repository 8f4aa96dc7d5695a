/** Which looks ahead a judgement rested on: it holds again where they are answered alike. */
import type { Ahead } from './machine.js';

/** The looks from a line: `before` sees the line itself, `after` does not. */
export interface Looks {
  readonly before: Ahead;
  readonly after: Ahead;
}

type Side = keyof Looks;

/** One look ahead and what was seen. Lines that read alike are one object, so answers are compared as such. */
export class Question {
  readonly #side: Side;
  readonly #look: (ahead: Ahead) => unknown;
  readonly #answer: unknown;

  constructor(side: Side, look: (ahead: Ahead) => unknown, answer: unknown) {
    this.#side = side;
    this.#look = look;
    this.#answer = answer;
  }

  sameAnswer(looks: Looks): boolean {
    return this.#look(looks[this.#side]) === this.#answer;
  }
}

/** Notes every look that is taken through the watched `Ahead`s, each once. */
export class AskedAhead {
  readonly #questions = new Map<string, Question>();

  get questions(): readonly Question[] {
    return [...this.#questions.values()];
  }

  watch(looks: Looks, side: Side): Ahead {
    const ahead = looks[side];
    const noted = <T>(name: string, look: (ahead: Ahead) => T): T => {
      const answer = look(ahead);
      this.#questions.set(`${side} ${name}`, new Question(side, look, answer));
      return answer;
    };
    return {
      nextMain: () => noted('main', (one) => one.nextMain()),
      nextElectionZxid: () => noted('zxid', (one) => one.nextElectionZxid()),
      nextSending: () => noted('sending', (one) => one.nextSending()),
      ownNotification: (index) => noted(`own ${index}`, (one) => one.ownNotification(index)),
    };
  }
}
