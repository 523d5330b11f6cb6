import type { Batch } from '../../../batch/batch.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Sink } from '../../../protocol/operator.ts';
import { NEED_MORE } from '../../../protocol/step.ts';
import type { SortRows } from './sort-rows.ts';
import type { SortedPart } from './sorted-parts.ts';

/** A clone's rows on their way to its sorted part. */
export type SortingRows = {
  readonly rows: SortRows;
  readonly part: SortedPart;
  /** Rows may go to files while they are gathered; `mergeParts` reads them. */
  readonly spills: boolean;
  push(batch: Batch): void;
  close(): void;
};

/** A sink that gathers rows and, after all clones have theirs, sorts them. */
export const sortSink = <Node>(open: (node: Node, ctx: OpenContext) => SortingRows): Sink<Node, SortingRows> => ({
  open,
  push(state, batch) {
    const busy = state.spills ? state.part.makeRoom(state.rows) : undefined;
    if (busy !== undefined) return busy;
    state.push(batch);
    return NEED_MORE;
  },
  finish: state => (state.spills ? state.part.finish(state.rows) : state.part.publish(state.rows)),
  complete: state => state.part.sort(state.rows),
  close: state => state.close(),
});
