import { estimatedBytes } from '../../lower/estimated-bytes.ts';
import type { Stage } from '../stage.ts';

/** How rows go between tasks: through Ray's object store, or through files of the nodes, read over HTTP. */
export type Exchange = 'store' | 'files';

/** Each pair of a sender and a receiver costs a put and a get some time: from so many on, files are faster. */
const MANY_PAIRS = 1024;
/** Bytes that are better kept off the object store, which would write them to disk, and read them back, in its own time. */
const MANY_BYTES = 2 ** 31;

/** Bytes of an object at least, where a task's rows are put as several, and how many these are at most. */
const OBJECT_BYTES = 2 * 2 ** 20;
const MOST_OBJECTS = 64;

/** The exchange of a stage. @param asked what the setting `shuffle` says */
export function exchangeOf({ tasks, send, plan }: Stage, asked: Exchange | 'auto'): Exchange {
  if (asked !== 'auto') return asked;
  return tasks * send!.receivers > MANY_PAIRS || estimatedBytes(plan, 0) > MANY_BYTES ? 'files' : 'store';
}

/**
 * As how many objects the rows of a task are put into the store, each for as many receivers: a node fetches an object as a whole,
 * but each costs some time.
 */
export function objectsOf({ tasks, send, plan }: Stage): number {
  const { to, receivers } = send!;
  if (to.kind === 'broadcast' || to.kind === 'gather' || to.kind === 'forward') return 1;
  return Math.max(1, Math.min(receivers, MOST_OBJECTS, Math.floor(estimatedBytes(plan, 0) / tasks / OBJECT_BYTES)));
}
