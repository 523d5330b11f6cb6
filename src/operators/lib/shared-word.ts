import type { LinearMemory } from '../../memory/linear-memory.ts';

/** A clone that is held up looks so often whether its query goes on. */
const LOOK_MILLISECONDS = 100;

/** Who waits on this thread. */
const waiting = new Set<() => void>();

/**
 * Wakes who waits for a word: threads by the memory, this thread directly too. Some runtimes know no longer whom they
 * work for in what the memory woke (workerd), or have no `waitAsync`; both run everything on one thread.
 */
export function wake(memory: LinearMemory, word: number): void {
  Atomics.notify(memory.i32, word);
  for (const told of [...waiting]) told();
}

/**
 * Resolves when the word is no longer `value`, or earlier: look again. Who waits may wait for a clone that has died, and
 * only another look shows that the query was cancelled.
 */
export async function changed(memory: LinearMemory, word: number, value: number): Promise<void> {
  const other = Atomics.waitAsync?.(memory.i32, word, value, LOOK_MILLISECONDS);
  if (other?.async === false) return;
  if (Atomics.load(memory.i32, word) !== value) return;
  let told = (): void => undefined;
  const here = new Promise<void>(resolve => {
    told = resolve;
  });
  waiting.add(told);
  try {
    await (other === undefined ? here : Promise.race([here, other.value]));
  } finally {
    waiting.delete(told);
  }
}
