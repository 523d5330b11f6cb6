import type { Pieces } from '../../../common/pieces.ts';
import { yieldToEventLoop } from '../../../common/slices.ts';
import type { Step } from '../../../protocol/step.ts';

const SLICE_MILLISECONDS = 5;

/** Long work that a clone must do before it takes its next batch. */
export class Backlog {
  #pieces: Pieces | undefined;

  get isEmpty(): boolean {
    return this.#pieces === undefined;
  }

  begin(pieces: Pieces): void {
    this.#pieces = pieces;
  }

  /** Works on for a while. `pending` when there is more to do; the caller's call is repeated then. */
  step(): Step | undefined {
    if (this.#pieces === undefined) return undefined;
    const until = performance.now() + SLICE_MILLISECONDS;
    do {
      if (this.#pieces.next().done !== true) continue;
      this.#pieces = undefined;
      return undefined;
    } while (performance.now() < until);
    return { status: 'pending', wake: yieldToEventLoop() };
  }
}
