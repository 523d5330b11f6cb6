import type { Pieces } from '../../../common/pieces.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { type RowBlocks, rowSpans } from '../rows/row-blocks.ts';
import { type RowFormat, rowFormat } from '../spill/row-format.ts';
import type { DealKey, SpillPartitions } from '../spill/spill-partitions.ts';
import type { JoinShape } from './join-shape.ts';

/** Bytes that an index takes for each build row, at most. */
export const INDEX_BYTES = 24;

/** How build rows lie in files. */
export const buildFormat = ({ rowBytes, buildKey, payload }: JoinShape): RowFormat =>
  rowFormat(rowBytes, [buildKey, payload]);

/** How build rows are dealt out: as probe rows by the hash of their packed keys. */
export const buildDeal = ({ buildKey }: JoinShape): DealKey => ({
  key: buildKey.offset,
  texts: buildKey.texts,
  words: buildKey.bytes >>> 3,
});

/** Rows that are dealt out between two looks at the clock. */
const CHUNK = 4096;

/** Deals out the rows of a chain. */
export function* dealRows(
  { memory, kernels, arena }: OpenContext,
  partitions: SpillPartitions,
  { first, rowBytes }: Pick<RowBlocks, 'first' | 'rowBytes'>,
): Pieces {
  for (const { address, count } of rowSpans(memory, first)) {
    for (let from = 0; from < count; from += CHUNK) {
      const mark = arena.mark();
      const n = Math.min(CHUNK, count - from);
      const rows = arena.alloc(4 * n);
      kernels.row_addresses(address + from * rowBytes, rowBytes, n, rows);
      partitions.append(rows, n);
      arena.rewind(mark);
      yield;
    }
  }
}
