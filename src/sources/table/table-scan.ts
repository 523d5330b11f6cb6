import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { fromRef } from '../../batch/vector-ref.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader, TableFunction } from '../../protocol/table-function.ts';
import type { Segment } from '../../storage/table.ts';

/** Reads the segments of a table in linear memory: batches are windows on them, nothing is copied. */
export const tableScan: TableFunction = {
  name: 'table_scan',
  doc: {
    summary: 'Reads a table of the database; a table name in FROM means this.',
    args: [],
    examples: [],
    category: 'table',
  },
  bind: () => Promise.reject(new RayexecError('bind', 'table_scan has no arguments: name the table in FROM')),
  open: (scan, ctx) => new SegmentReader(scan, ctx),
};

class SegmentReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #columns: readonly Vector[] = [];
  #rows = 0;
  #next = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    const segment = split.state as unknown as Segment;
    this.#columns = this.#scan.columns.map((c, i) => fromRef(this.#scan.types[i]!, segment.columns[c]!));
    this.#rows = segment.rows;
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
    const columns = this.#columns.map(c => c.slice(from - lead, count + lead));
    const rows = this.#scan.select(columns, count + lead);
    return ready({ ...(lead === 0 ? rows : this.#without(rows, lead)), columns, split: this.#split });
  }

  close(): void {}

  /** The rows at or after position `lead`. */
  #without(rows: Rows, lead: number): Rows {
    const { arena, memory } = this.#ctx;
    const selection = arena.alloc(2 * rows.count + 2);
    const u16 = memory.u16;
    let selected = 0;
    for (let j = 0; j < rows.selected; j++) {
      const at = rows.selection === 0 ? j : u16[(rows.selection >> 1) + j]!;
      if (at >= lead) u16[(selection >> 1) + selected++] = at;
    }
    return { count: rows.count, selection, selected };
  }
}
