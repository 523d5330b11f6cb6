import type { ColumnRange, Split } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type RowGroupState, rowGroupState, toJson } from './bound-parquet.ts';
import type { ColumnLayout } from './column-layout.ts';
import type { RowGroup } from './file-metadata.ts';
import { columnRange } from './statistics.ts';

/** Larger row groups are read in parts of about so many rows, side by side. */
const PART_ROWS = 262_144;
/** Files are read in about so many parts if they can be: with a few of unlike lengths some threads would wait for the last one. */
const PARTS = 8;
/** Rows of this engine's pages; most writers end them after 20,000. Parts that end within a page both decompress it. */
const PAGE_ROWS = 24_576;

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
  const indexes = group.chunks.some(c => c.indexes !== undefined)
    ? group.chunks.map(c => c.indexes ?? null)
    : undefined;
  const state: RowGroupState = {
    file,
    group: index,
    before,
    from: 0,
    rows: group.rows,
    chunks,
    ...(indexes && { indexes }),
  };
  return { rows: group.rows, ranges, state: toJson(state) };
}

/** How many rows parts of row groups have when files have so many together: whole pages, if pages are like this engine's. */
export const partRows = (rows: number): number =>
  PAGE_ROWS * Math.max(1, Math.round(Math.min(PART_ROWS, rows / PARTS) / PAGE_ROWS));

/**
 * A row group in parts of so many rows (the last is shorter), so that few row groups keep all threads busy, too. Each part
 * passes over the pages before it, which for remote files would mean to fetch them: those stay whole.
 */
export function partsOfSplit(split: Split, length: number, isRemote: boolean): readonly Split[] {
  const state = rowGroupState(split);
  if (isRemote || Math.round(state.rows / length) < 2) return [split];
  return Array.from({ length: Math.ceil(state.rows / length) }, (_, i) => {
    const from = i * length;
    const rows = Math.min(length, state.rows - from);
    const part: RowGroupState = { ...state, from, rows };
    return { rows, ranges: rangesOfPart(split, rows), state: toJson(part) };
  });
}

function rangesOfPart({ ranges, rows }: Split, partRows: number): Readonly<Record<number, ColumnRange>> {
  const result: Record<number, ColumnRange> = {};
  for (const [column, range] of Object.entries(ranges ?? {})) {
    result[Number(column)] = rangeOfPart(range, rows, partRows);
  }
  return result;
}

/** What is known of some of the rows that a range is known of: its bounds, and how many NULLs there are if it has none or nothing else. */
export function rangeOfPart(range: ColumnRange, rows: number | undefined, partRows: number): ColumnRange {
  const { nullCount } = range;
  return { ...range, nullCount: nullCount === 0 ? 0 : nullCount === rows ? partRows : undefined };
}

function rowNumberRange(before: number, rows: number): ColumnRange {
  const number = (value: number): Scalar => ({ type: INT64, value: String(value) });
  return { min: number(before), max: number(before + rows - 1), nullCount: 0 };
}

function constantRange(value: Scalar, rows: number): ColumnRange {
  return value.value === null ? { nullCount: rows } : { min: value, max: value, nullCount: 0 };
}
