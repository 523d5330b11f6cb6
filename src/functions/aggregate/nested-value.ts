import { allRows, type Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { readColumn, valueReader } from '../../batch/read.ts';
import { sortKey } from '../../batch/sort-key.ts';
import type { Vector } from '../../batch/vector.ts';
import { BINARY, type DataType, UTF8 } from '../../types/data-type.ts';
import { physicalType } from '../../types/physical.ts';
import { type RawValue, rawToScalar, scalarToRaw } from '../../types/raw-value.ts';
import type { ScalarValue } from '../../types/scalar.ts';
import type { EvalContext } from '../function.ts';

/** Whether values of a type have parts elsewhere (lists, structs, maps): states keep such values as texts. */
export const isNested = (type: DataType): boolean => ['list', 'struct'].includes(physicalType(type));

/** The type whose values a state keeps for a type: its own, or VARCHAR for nested ones. */
export const storedType = (type: DataType): DataType => (isNested(type) ? UTF8 : type);

/** Nested values as texts that hold them exactly; other vectors as they are. */
export function toStored(ctx: EvalContext, vector: Vector, rows: Rows): Vector {
  if (!isNested(vector.type)) return vector;
  return mapNested(ctx, vector, rows, UTF8, value => JSON.stringify(rawToScalar(vector.type, value).value));
}

function mapNested(
  ctx: EvalContext,
  vector: Vector,
  rows: Rows,
  type: DataType,
  map: (value: RawValue) => RawValue,
): Vector {
  const read = valueReader(ctx.memory, vector);
  const mapped = new Array<RawValue>(rows.count).fill(null);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    const value = read(i);
    if (value !== null) mapped[i] = map(value);
  }
  return buildVector(ctx, type, mapped);
}

/** The type of the keys by which states order rows: that of what is ordered, or BLOB for nested values. */
export const keyType = (type: DataType): DataType => (isNested(type) ? BINARY : type);

/** Nested values as bytes in their order; other vectors as they are. */
export function toKeys(ctx: EvalContext, vector: Vector, rows: Rows): Vector {
  if (!isNested(vector.type)) return vector;
  return mapNested(ctx, vector, rows, BINARY, value => sortKey(vector.type, value));
}

/** The inverse of `toStored`. */
export function fromStored(ctx: EvalContext, vector: Vector, type: DataType): Vector {
  if (!isNested(type)) return vector;
  const texts = readColumn(ctx.memory, vector, allRows(vector.length)) as readonly (string | null)[];
  return buildVector(
    ctx,
    type,
    texts.map(text => (text === null ? null : scalarToRaw({ type, value: JSON.parse(text) as ScalarValue }))),
  );
}
