import { allRows, batchOf, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { fromRef } from '../../batch/vector-ref.ts';
import { RayexecError } from '../../common/errors.ts';
import { selectValid } from '../../kernels/vectors.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader, TableFunction } from '../../protocol/table-function.ts';
import type { Segment } from '../../storage/segment.ts';
import { INT64 } from '../../types/data-type.ts';
import { fillSafeIntegers } from '../fill-integers.ts';

/**
 * Reads the segments of a table in linear memory: batches are windows on them, nothing is copied. The column behind the
 * last one is the row id.
 */
export const tableScan: TableFunction = {
  name: 'table_scan',
  doc: {
    summary: 'Reads a table of the database; a table name in FROM means this.',
    args: [],
    examples: [],
    category: 'table',
  },
  bind: () => Promise.reject(new RayexecError('bind', 'table_scan has no arguments: name the table in FROM')),
  readsMemory: true,
  open: (scan, ctx) => new SegmentReader(scan, ctx),
};

class SegmentReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  /** Absent for the row id. */
  #columns: readonly (Vector | undefined)[] = [];
  #rows = 0;
  #live: number | undefined;
  #start = 0;
  #next = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    const segment = split.state as unknown as Segment & { readonly start: number };
    this.#columns = this.#scan.columns.map((c, i) => {
      const column = segment.columns[c];
      return column && fromRef(this.#scan.types[i]!, column);
    });
    this.#rows = segment.rows;
    this.#live = segment.live?.bitmap;
    this.#start = segment.start;
    this.#next = 0;
    this.#split = index;
  }

  pull(): Step {
    const from = this.#next;
    const count = Math.min(this.#ctx.batchRows, this.#rows - from);
    if (count <= 0) return EXHAUSTED;
    this.#next += count;
    // Bitmaps can be cut at whole bytes only: a window that starts inside one has the rows before it deselected.
    const lead = from & 7;
    const first = from - lead;
    const columns = this.#columns.map(c => c?.slice(first, count + lead) ?? this.#rowIds(first, count + lead));
    const window = lead === 0 ? allRows(count) : this.#after(lead, count);
    const there = this.#live === undefined ? window : selectValid(this.#ctx, this.#live + (first >> 3), window);
    return ready(batchOf(this.#scan.select(columns, there), columns, this.#split));
  }

  close(): void {}

  #rowIds(from: number, count: number): Vector {
    const { arena, memory } = this.#ctx;
    const data = arena.alloc(8 * count);
    fillSafeIntegers(memory.i32, data >>> 2, count, this.#start + from, 1);
    return Vector.flat(INT64, count, data);
  }

  /** `count` rows after the first `lead` positions. */
  #after(lead: number, count: number): Rows {
    const { arena, memory } = this.#ctx;
    const selection = arena.alloc(2 * count + 2);
    const u16 = memory.u16;
    for (let j = 0; j < count; j++) u16[(selection >> 1) + j] = lead + j;
    return { count: count + lead, selection, selected: count };
  }
}
