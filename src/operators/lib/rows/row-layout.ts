import type { DataType } from '../../../types/data-type.ts';
import { type PhysicalType, physicalType, widthOf } from '../../../types/physical.ts';

/** Bytes of a text in a row: length, first bytes, the rest or its address. */
const TEXT_BYTES = 16;
/** Bytes of a nested value in a row: a stored vector's description and a position. */
const NESTED_BYTES = 8;

/** How a field's bytes come about from a vector's values. */
type FieldForm = 'copy' | 'float-key' | 'interval-key' | 'text' | 'nested';

/** A column's place in a row; offsets from the row's start. */
export type RowField = {
  readonly type: DataType;
  readonly form: FieldForm;
  readonly width: number;
  readonly offset: number;
  /** The byte with the field's NULL flag, and the flag. */
  readonly nullOffset: number;
  readonly nullBit: number;
};

/** Fields side by side: texts first, then from wide to narrow so that all are aligned, then NULL flags, padded to 8 bytes. */
export type RowArea = {
  /** In the order of the columns. */
  readonly fields: readonly RowField[];
  readonly offset: number;
  readonly bytes: number;
  /** Fields that are texts; they come first. */
  readonly texts: number;
};

/**
 * Lays out fields that are compared as 8-byte words: equal values have equal words. Floats and intervals are normalised;
 * nested values must have been encoded as text by the caller.
 */
export function keyArea(types: readonly DataType[], offset: number): RowArea {
  return layOut(types, offset, type => {
    const physical = physicalType(type);
    if (physical === 'f32' || physical === 'f64') return 'float-key';
    if (physical === 'interval') return 'interval-key';
    return isNested(physical) || physical === 'ref' ? 'text' : 'copy';
  });
}

/** Lays out fields that are only read back, exactly as they were. */
export function payloadArea(types: readonly DataType[], offset: number): RowArea {
  return layOut(types, offset, type => {
    const physical = physicalType(type);
    if (isNested(physical)) return 'nested';
    return physical === 'ref' ? 'text' : 'copy';
  });
}

const isNested = (physical: PhysicalType): boolean => physical === 'list' || physical === 'struct';

/** Whether values of the type are lists, structs or the like. */
export const isNestedType = (type: DataType): boolean => isNested(physicalType(type));

/** Whether a key field gives back the value that went in: not for floats (-0), intervals, and nested values. */
export function isExactKey(type: DataType): boolean {
  const physical = physicalType(type);
  return physical !== 'f32' && physical !== 'f64' && physical !== 'interval' && !isNested(physical);
}

function layOut(types: readonly DataType[], offset: number, formOf: (type: DataType) => FieldForm): RowArea {
  const placed = types.map((type, index) => {
    const form = formOf(type);
    return { type, index, form, width: fieldWidth(type, form) };
  });
  // Sorting is stable: columns of one width keep their order.
  placed.sort((a, b) => Number(b.form === 'text') - Number(a.form === 'text') || b.width - a.width);
  const valueBytes = placed.reduce((sum, p) => sum + p.width, 0);
  const fields = new Array<RowField>(types.length);
  let next = offset;
  for (const { type, index, form, width } of placed) {
    const nullOffset = offset + valueBytes + (index >> 3);
    fields[index] = { type, form, width, offset: next, nullOffset, nullBit: 1 << (index & 7) };
    next += width;
  }
  const bytes = (valueBytes + ((types.length + 7) >> 3) + 7) & -8;
  return { fields, offset, bytes, texts: placed.filter(p => p.form === 'text').length };
}

function fieldWidth(type: DataType, form: FieldForm): number {
  if (form === 'text') return TEXT_BYTES;
  return form === 'nested' ? NESTED_BYTES : widthOf(physicalType(type));
}
