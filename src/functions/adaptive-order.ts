import type { Rows } from '../batch/batch.ts';

/** Of batches with fewer rows looking at the clock would take too great a part of the time. */
const MIN_ROWS = 64;
/** The order is looked at after 2 batches, 4, 8 and so on, then each time after so many. */
const MOST_BATCHES = 16;
/** A condition changes places with the one before it when it takes less than this part of that one's time per row dropped. */
const WORTH_IT = 0.8;
/** What looking at a row takes at least, in milliseconds: the clock may be coarser than a batch. */
const LEAST_TIME = 1e-7;

type Measured = { milliseconds: number; seen: number; dropped: number };

/**
 * Applies conditions one after another, each to the rows that those before it have left. Goes by what they turn out to take
 * for each row that they drop: those that take the least go first. What is left is the same in any order.
 */
export class AdaptiveOrder {
  /** Where false: must meet the very rows that those written before it leave, and so must those behind it. */
  readonly #isMovable: readonly boolean[];
  readonly #now: () => number;
  readonly #measured: readonly Measured[];
  readonly #order: number[];
  readonly #isFixed: boolean;
  #batches = 0;
  #due = 2;
  #changes = 0;

  constructor(isMovable: readonly boolean[], now: () => number = () => performance.now()) {
    this.#isMovable = isMovable;
    this.#now = now;
    this.#measured = isMovable.map(() => ({ milliseconds: 0, seen: 0, dropped: 0 }));
    this.#order = isMovable.map((_, i) => i);
    this.#isFixed = !isMovable.some((m, i) => m && isMovable[i + 1] === true);
  }

  /** How often two conditions have changed places. */
  get changes(): number {
    return this.#changes;
  }

  /** The rows that are left. @param apply the rows that a condition, by its number, leaves of some */
  select(rows: Rows, apply: (condition: number, rows: Rows) => Rows): Rows {
    if (this.#isFixed || rows.selected < MIN_ROWS) {
      let left = rows;
      for (let at = 0; at < this.#order.length && left.selected > 0; at++) left = apply(this.#order[at]!, left);
      return left;
    }
    const left = this.#measuredSelect(rows, apply);
    if (++this.#batches === this.#due) this.#reconsider();
    return left;
  }

  #measuredSelect(rows: Rows, apply: (condition: number, rows: Rows) => Rows): Rows {
    let left = rows;
    let began = this.#now();
    for (let at = 0; at < this.#order.length && left.selected > 0; at++) {
      const condition = this.#order[at]!;
      const kept = apply(condition, left);
      const ended = this.#now();
      const measured = this.#measured[condition]!;
      measured.milliseconds += ended - began;
      measured.seen += left.selected;
      measured.dropped += left.selected - kept.selected;
      began = ended;
      left = kept;
    }
    return left;
  }

  #reconsider(): void {
    this.#due += Math.min(this.#batches, MOST_BATCHES);
    const order = this.#order;
    for (let end = order.length - 1; end > 0; end--) {
      for (let at = 0; at < end; at++) {
        const [first, second] = [order[at]!, order[at + 1]!];
        if (!this.#isMovable[first] || !this.#isMovable[second]) continue;
        if (!(this.#timePerDropped(second) < WORTH_IT * this.#timePerDropped(first))) continue;
        order[at] = second;
        order[at + 1] = first;
        this.#changes++;
      }
    }
    // What comes later counts more.
    for (const m of this.#measured) {
      m.milliseconds /= 2;
      m.seen /= 2;
      m.dropped /= 2;
    }
  }

  /** Infinite for a condition that has dropped nothing. */
  #timePerDropped(condition: number): number {
    const { milliseconds, seen, dropped } = this.#measured[condition]!;
    return dropped === 0 ? Number.POSITIVE_INFINITY : (milliseconds + LEAST_TIME * seen) / dropped;
  }
}
