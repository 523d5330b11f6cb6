/** Putting a thread to sleep and waking it takes about a quarter as long. */
const MILLISECONDS = 0.2;

/**
 * Asks again and again, for a fraction of a millisecond, whether something has come: it is there sooner than it would be for
 * a thread that sleeps meanwhile. Undefined when it has not.
 */
export function withinMoments<T>(poll: () => T | undefined): T | undefined {
  const end = performance.now() + MILLISECONDS;
  do {
    const found = poll();
    if (found !== undefined) return found;
  } while (performance.now() < end);
  return undefined;
}
