import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { encodeNested } from '../../../kernels/encode-nested.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { DataType } from '../../../types/data-type.ts';
import { gatherField, type RowAddresses } from '../rows/gather-rows.ts';
import { isExactKey, isNestedType, keyArea, payloadArea } from '../rows/row-layout.ts';
import type { GroupLayout } from './group-table.ts';

/** Rows that start with a hash and a key of these types; see `GroupLayout`. What the user adds comes after. */
export function keyLayout(types: readonly DataType[], extraBytes: (offset: number) => number): GroupLayout {
  const key = keyArea(types, 8);
  const originals = payloadArea(
    types.filter(t => !isExactKey(t)),
    8 + key.bytes,
  );
  const offset = 8 + key.bytes + originals.bytes;
  return { key, originals, rowBytes: offset + extraBytes(offset) };
}

/** Values as key fields take them: nested ones encoded as bytes that are equal when the values are. */
export function keyColumn(ctx: VectorContext, column: Vector, rows: Rows): Vector {
  return isNestedType(column.type) ? encodeNested(ctx, column, rows) : column;
}

/** The columns that a layout keeps as they were. */
export function originalColumns<C extends Vector | undefined>(types: readonly DataType[], columns: readonly C[]): C[] {
  return columns.filter((_, i) => !isExactKey(types[i]!));
}

/** The keys' values of rows, as they were when the row was made. */
export function gatherKeys(
  ctx: VectorContext,
  layout: GroupLayout,
  types: readonly DataType[],
  rows: RowAddresses,
): Vector[] {
  let original = 0;
  return types.map((type, i) => {
    const field = isExactKey(type) ? layout.key.fields[i]! : layout.originals.fields[original++]!;
    return gatherField(ctx, field, rows);
  });
}
