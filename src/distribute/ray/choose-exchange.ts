import type { DataType } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { Stage } from '../stage.ts';

/** How rows go between tasks: through Ray's object store, or through files of the nodes, read over HTTP. */
export type Exchange = 'store' | 'files';

/** Each pair of a sender and a receiver costs a put and a get some time: from so many on, files are faster. */
const MANY_PAIRS = 1024;
/** Bytes that are better kept off the object store, which would write them to disk, and read them back, in its own time. */
const MANY_BYTES = 2 ** 31;

/** The exchange of a stage. @param asked what the setting `shuffle` says */
export function exchangeOf({ tasks, send, plan }: Stage, asked: Exchange | 'auto'): Exchange {
  if (asked !== 'auto') return asked;
  const bytes = (plan.estimatedRows ?? 0) * plan.types.reduce((sum, type) => sum + bytesOf(type), 0);
  return tasks * send!.receivers > MANY_PAIRS || bytes > MANY_BYTES ? 'files' : 'store';
}

/** Bytes of a value, about. */
const bytesOf = (type: DataType): number => {
  const physical = physicalType(type);
  return physical === 'ref' || physical === 'list' || physical === 'struct' ? 24 : widthOf(physical);
};
