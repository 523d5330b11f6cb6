import fc from 'fast-check';

/**
 * Decisions read from a list of numbers, so that fast-check can shrink what is made of them: every list makes
 * something, the first option is the simplest, and where the list has ended it is always taken.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number from 0 below `options`. */
  below(options: number): number {
    return (this.#numbers[this.#next++] ?? 0) % options;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === inTimes - 1;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }

  /** Some of the items, at least one, in their order. */
  some<T>(items: readonly T[]): readonly T[] {
    const chosen = items.filter(() => this.below(2) === 0);
    return chosen.length === 0 ? items.slice(0, 1) : chosen;
  }
}

/** Lists of decisions for queries of all sizes. */
export const arbitraryChoices: fc.Arbitrary<Choices> = fc
  .array(fc.nat(0xffff), { maxLength: 400, size: 'max' })
  .map(numbers => new Choices(numbers));
