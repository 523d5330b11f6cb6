import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { combineValidity, flatten, selectValid, type VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { keyArea, payloadArea } from '../rows/row-layout.ts';
import { keyColumn } from './group-keys.ts';
import { GroupTable } from './group-table.ts';

/** Where a batch's keys are in the index: entry addresses by position. Rows with a NULL in their key have none. */
export type KeyEntries = { readonly rows: Rows; readonly addresses: number };

/**
 * The keys of a table's rows: which row has a key. Grows only; who asks knows which rows are still there, and a key
 * whose row is gone is free again.
 */
export class UniqueIndex {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #table: GroupTable;
  /** Offset in an entry of the row's id plus 1, an f64; 0: the key was only looked up. */
  readonly #idOffset: number;

  /** @param ctx its owner owns the index; its arena takes what one call needs */
  constructor(machine: Omit<VectorContext, 'arena'>, owner: Owner, types: readonly DataType[]) {
    this.#ctx = { memory: machine.memory, kernels: machine.kernels, arena: new Arena(machine.memory, owner), owner };
    const key = keyArea(types, 8);
    this.#idOffset = 8 + key.bytes;
    const layout = { key, originals: payloadArea([], this.#idOffset), rowBytes: this.#idOffset + 8 };
    this.#table = new GroupTable(this.#ctx, layout);
  }

  /** Looks up the keys of rows; valid until the next call. */
  find(columns: readonly Vector[], among: Rows): KeyEntries {
    const ctx = this.#ctx;
    ctx.arena.reset();
    const rows = selectValid(ctx, combineValidity(ctx, columns, among), among);
    const keys = columns.map(c => keyColumn(ctx, flatten(ctx, c, rows), rows));
    return { rows, addresses: rows.selected === 0 ? 0 : this.#table.find(keys, [], rows) };
  }

  /** The id of the row that has an entry's key; undefined when none has. */
  rowOf(entry: number): number | undefined {
    const id = this.#ctx.memory.f64[(entry + this.#idOffset) >>> 3]!;
    return id === 0 ? undefined : id - 1;
  }

  setRow(entry: number, id: number): void {
    this.#ctx.memory.f64[(entry + this.#idOffset) >>> 3] = id + 1;
  }
}
