import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { DataType } from '../../../types/data-type.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { packRows } from '../rows/pack-rows.ts';
import { payloadArea, type RowArea } from '../rows/row-layout.ts';
import { type RowFormat, rowFormat, type SpilledFile } from './row-format.ts';
import { SpillReader } from './spill-reader.ts';
import type { SpillContext } from './spill-writer.ts';

/** Rows of some columns: a hash (or another u64), then the columns' values. */
export type BatchRows = { readonly area: RowArea; readonly rowBytes: number; readonly format: RowFormat };

export function batchRows(types: readonly DataType[]): BatchRows {
  const area = payloadArea(types, 8);
  const rowBytes = 8 + area.bytes;
  return { area, rowBytes, format: rowFormat(rowBytes, [area]) };
}

/** Rows as addresses (u32). */
export type PackedRows = { readonly address: number; readonly rows: number; readonly count: number };

/** Packs columns into rows, in `ctx.arena`; the first row's address too. Long texts stay where they are. */
export function packBatch(
  ctx: VectorContext,
  { area, rowBytes }: BatchRows,
  columns: readonly (Vector | undefined)[],
  rows: Rows,
): PackedRows {
  const { arena, kernels } = ctx;
  const n = rows.selected;
  const address = arena.alloc(n * rowBytes);
  kernels.row_clear(address, n * rowBytes);
  packRows(ctx, area, columns, rows, { address, rowBytes }, arena);
  const addresses = arena.alloc(n * 4);
  kernels.row_addresses(address, rowBytes, n, addresses);
  return { address, rows: addresses, count: n };
}

/** The columns of some rows in files, one batch after another. */
export class SpilledBatches {
  readonly #ctx: SpillContext;
  readonly #layout: BatchRows;
  readonly #files: readonly SpilledFile[];
  #file = 0;
  #reader: SpillReader | undefined;
  #address = 0;
  #left = 0;

  constructor(ctx: SpillContext, layout: BatchRows, files: readonly SpilledFile[]) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#files = files;
  }

  /** At most `limit` rows, undefined at the end: columns in `ctx.arena`, texts valid until the next call. */
  next(limit: number): { readonly columns: Vector[]; readonly count: number; readonly address: number } | undefined {
    while (this.#left === 0) {
      if (this.#reader === undefined) {
        const file = this.#files[this.#file++];
        if (file === undefined) return undefined;
        this.#reader = new SpillReader(this.#ctx, this.#layout.format, file);
      }
      const block = this.#reader.next();
      if (block === undefined) {
        this.#reader.close();
        this.#reader = undefined;
        continue;
      }
      this.#address = block.address;
      this.#left = block.count;
    }
    const { arena, kernels } = this.#ctx;
    const { rowBytes, area } = this.#layout;
    const count = Math.min(limit, this.#left);
    const address = this.#address;
    const rows = arena.alloc(count * 4);
    kernels.row_addresses(address, rowBytes, count, rows);
    this.#address += count * rowBytes;
    this.#left -= count;
    return { columns: area.fields.map(f => gatherField(this.#ctx, f, denseRows(rows, count))), count, address };
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }
}
