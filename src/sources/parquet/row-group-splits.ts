import type { ColumnRange, Split } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type RowGroupState, rowGroupState, toJson } from './bound-parquet.ts';
import type { ColumnLayout } from './column-layout.ts';
import type { RowGroup } from './file-metadata.ts';
import { columnRange } from './statistics.ts';

/** Larger row groups are read in parts of about so many rows, side by side. */
const PART_ROWS = 262_144;

/** A row group as a split, with what its statistics tell of the columns. */
export function rowGroupSplit(
  group: RowGroup,
  index: number,
  file: number,
  before: number,
  layout: readonly (ColumnLayout | null)[],
  constants: Readonly<Record<number, Scalar>>,
  rowNumbers: number,
): Split {
  const ranges: Record<number, ColumnRange> = {};
  layout.forEach((column, c) => {
    const constant = constants[c];
    if (constant !== undefined) ranges[c] = constantRange(constant, group.rows);
    else if (column === null) ranges[c] = { nullCount: group.rows };
    else if (column.kind === 'leaf') {
      const { statistics } = group.chunks[column.leaf]!;
      if (statistics !== undefined) ranges[c] = columnRange(column, statistics);
      else if (!column.nullable) ranges[c] = { nullCount: 0 };
    }
  });
  ranges[rowNumbers] = rowNumberRange(before, group.rows);
  const chunks = group.chunks.map(c => [c.offset, c.length, c.codec, c.values, c.uncompressed] as const);
  return { rows: group.rows, ranges, state: toJson({ file, group: index, before, from: 0, rows: group.rows, chunks }) };
}

/**
 * A large row group in parts, so that one file with one row group keeps all threads busy. Each part passes over the
 * pages before it, which for remote files would mean to fetch them: those stay whole.
 */
export function partsOfSplit(split: Split, isRemote: boolean): readonly Split[] {
  const state = rowGroupState(split);
  const count = isRemote ? 1 : Math.round(state.rows / PART_ROWS);
  if (count < 2) return [split];
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((state.rows * i) / count);
    const rows = Math.floor((state.rows * (i + 1)) / count) - from;
    const part: RowGroupState = { ...state, from, rows };
    return { rows, ranges: rangesOfPart(split, rows), state: toJson(part) };
  });
}

/** The bounds hold for each part; a count of NULLs does when it is none or all. */
function rangesOfPart({ ranges, rows }: Split, partRows: number): Readonly<Record<number, ColumnRange>> {
  const result: Record<number, ColumnRange> = {};
  for (const [column, range] of Object.entries(ranges ?? {})) {
    const { nullCount } = range;
    result[Number(column)] = { ...range, nullCount: nullCount === rows ? partRows : nullCount === 0 ? 0 : undefined };
  }
  return result;
}

function rowNumberRange(before: number, rows: number): ColumnRange {
  const number = (value: number): Scalar => ({ type: INT64, value: String(value) });
  return { min: number(before), max: number(before + rows - 1), nullCount: 0 };
}

function constantRange(value: Scalar, rows: number): ColumnRange {
  return value.value === null ? { nullCount: rows } : { min: value, max: value, nullCount: 0 };
}
