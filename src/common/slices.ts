import type { Pieces } from './pieces.ts';

/** After so long the thread's other work gets a turn. */
const SLICE_MILLISECONDS = 8;

/** Cuts long work into slices, between which the thread's other work gets a turn. */
export class Slices {
  #until = performance.now() + SLICE_MILLISECONDS;

  /** Whether `next` should be awaited now. */
  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  async next(): Promise<void> {
    await yieldToEventLoop();
    this.#until = performance.now() + SLICE_MILLISECONDS;
  }
}

/** Does work to its end, in slices. @param check called after each wait; what it throws ends the work */
export async function runPieces<R>(pieces: Pieces<R>, slices: Slices, check: () => void): Promise<R> {
  for (let next = pieces.next(); ; next = pieces.next()) {
    if (next.done === true) return next.value;
    if (!slices.isOver) continue;
    await slices.next();
    check();
  }
}

/** Of Node and its like only. */
type Immediate = { readonly setImmediate?: (callback: () => void) => void };

/** Lets timers, I/O and other requests of this thread run, then goes on. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => {
    const { setImmediate } = globalThis as Immediate;
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
