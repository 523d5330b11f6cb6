import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { keyColumn, keyLayout } from './group-keys.ts';
import { type GroupLayout, GroupTable } from './group-table.ts';

/** Tells rows that were there before from new ones; NULL equals NULL. Belongs to one thread. */
export class KnownRows {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #layout: GroupLayout;
  readonly #table: GroupTable;
  /** Offset in the table's rows of a word that is 1 once the row was handed on. */
  readonly #mark: number;

  /** @param ctx its arena takes what is needed for one batch; its owner, what lasts */
  constructor(ctx: VectorContext & { readonly owner: Owner }, types: readonly DataType[]) {
    this.#ctx = ctx;
    let mark = 0;
    const layout = keyLayout(types, offset => {
      mark = offset;
      return 8;
    });
    // Only keys are compared: no row is read back from here.
    this.#layout = { ...layout, originals: { ...layout.originals, fields: [] } };
    this.#mark = mark;
    this.#table = new GroupTable(ctx, this.#layout);
  }

  /** The rows that come for the first time; of equal ones the first. They are known afterwards. */
  select(columns: readonly Vector[], rows: Rows): Rows {
    const { arena, kernels } = this.#ctx;
    const keys = columns.map(c => keyColumn(this.#ctx, c, rows));
    const found = this.#table.find(keys, [], rows);
    const selection = arena.alloc((rows.selected + 1) * 2);
    const selected = kernels.select_unmarked(found, this.#mark, rows.selection, rows.selected, selection);
    return { count: rows.count, selection, selected };
  }
}
