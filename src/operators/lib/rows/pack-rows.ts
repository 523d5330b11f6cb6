import type { Rows } from '../../../batch/batch.ts';
import { describeVector } from '../../../batch/describe-vector.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Kernels } from '../../../kernels/kernels.ts';
import { flatten, type VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import { storeVector } from '../stored/stored-vector.ts';
import type { RowArea, RowField } from './row-layout.ts';

/** Consecutive rows to write into. */
export type RowTarget = { readonly address: number; readonly rowBytes: number };

/**
 * Writes columns into an area of consecutive rows whose bytes are zero. Long texts are left where they are (see
 * `keepTexts`). Nested values of payload areas are copied to `heap`.
 * @param columns one per field; `undefined` writes NULLs
 */
export function packRows(
  ctx: VectorContext,
  area: RowArea,
  columns: readonly (Vector | undefined)[],
  rows: Rows,
  target: RowTarget,
  heap?: Arena,
): void {
  for (const [i, field] of area.fields.entries()) packField(ctx, field, columns[i], rows, target, heap);
}

function packField(
  ctx: VectorContext,
  field: RowField,
  column: Vector | undefined,
  rows: Rows,
  target: RowTarget,
  heap: Arena | undefined,
): void {
  const { kernels } = ctx;
  const { address, rowBytes } = target;
  const nulls = address + field.nullOffset;
  const n = rows.selected;
  if (column === undefined) {
    kernels.row_pack_null(n, rowBytes, nulls, field.nullBit);
    return;
  }
  if (field.form === 'nested') {
    // The stored vector has its own validity; the flag is not needed.
    const stored = storeVector(ctx, heap!, column, rows);
    kernels.row_pack_nested(describeVector(ctx.memory, heap!, stored), n, address + field.offset, rowBytes);
    return;
  }
  const vector = column.form === 'dictionary' ? flatten(ctx, column, rows) : column;
  const mask = vector.form === 'constant' ? 0 : -1;
  const pack = packKernel(kernels, field);
  pack(vector.data, mask, vector.validity, rows.selection, n, address + field.offset, rowBytes, nulls, field.nullBit);
}

function packKernel(kernels: Kernels, field: RowField): Kernels['row_pack_8'] {
  switch (field.form) {
    case 'text':
      return kernels.row_pack_text;
    case 'interval-key':
      return kernels.row_pack_interval;
    case 'float-key':
      return field.width === 4 ? kernels.row_pack_f32 : kernels.row_pack_f64;
    default:
  }
  switch (field.width) {
    case 1:
      return kernels.row_pack_8;
    case 2:
      return kernels.row_pack_16;
    case 4:
      return kernels.row_pack_32;
    case 8:
      return kernels.row_pack_64;
    default:
      return kernels.row_pack_128;
  }
}

/** Copies the long texts of an area of `count` consecutive rows to `heap`. */
export function keepTexts(
  { kernels }: VectorContext,
  area: RowArea,
  target: RowTarget,
  count: number,
  heap: Arena,
): void {
  if (area.texts === 0 || count === 0) return;
  for (const { form, offset } of area.fields) {
    if (form !== 'text') continue;
    const bytes = kernels.row_text_bytes(target.address + offset, target.rowBytes, count) >>> 0;
    if (bytes > 0) kernels.row_text_copy(target.address + offset, target.rowBytes, count, heap.alloc(bytes));
  }
}
