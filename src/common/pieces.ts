/** Long work done in pieces: at each `yield` the thread's other work may get its turn, and a cancelled query ends. */
export type Pieces<R = void> = Generator<undefined, R, undefined>;

/** Does all of the work at once, where there is no way to wait. */
export function finishPieces<R>(pieces: Pieces<R>): R {
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return next.value;
  }
}
