import type { DataType } from '../types/data-type.ts';
import { allOf } from './conjuncts.ts';
import type { ColumnEstimate, Estimate } from './estimate.ts';
import { filteredEstimate } from './estimate-filter.ts';
import type { ColumnId } from './expr.ts';
import type { BoundSource, ColumnStatistics, ScanPlan } from './logical-plan.ts';
import { positionOfScalar, valuesBetween } from './scalar-position.ts';

/** Rows of a source that doesn't say. */
const UNKNOWN_ROWS = 10_000;

/** What a scan hands up after its filters and limit, from the source's statistics. */
export function estimateScan(plan: ScanPlan): Estimate {
  const rows = rowsOf(plan.source);
  const columns = new Map<ColumnId, ColumnEstimate>();
  for (const { column, index } of plan.columns) {
    columns.set(column.id, columnEstimate(column.type, rows, plan.source.statistics.columns?.[index]));
  }
  const kept = filteredEstimate({ rows, columns }, allOf(plan.filters));
  return { rows: Math.min(kept.rows, plan.limit ?? kept.rows), columns: kept.columns };
}

function rowsOf(source: BoundSource): number {
  if (source.statistics.rows !== undefined) return source.statistics.rows;
  let rows = 0;
  for (const split of source.splits) {
    if (split.rows === undefined) return UNKNOWN_ROWS;
    rows += split.rows;
  }
  return source.splits.length === 0 ? UNKNOWN_ROWS : rows;
}

/** By what is known of a column: plans of a query, and queries of a file, have the same scans again and again. */
const estimates = new WeakMap<ColumnStatistics, { readonly type: DataType; readonly estimate: ColumnEstimate }>();

function columnEstimate(type: DataType, rows: number, known: ColumnStatistics = {}): ColumnEstimate {
  const before = estimates.get(known);
  if (before?.type === type && before.estimate.tableRows === rows) return before.estimate;
  const estimate = estimateColumn(type, rows, known);
  estimates.set(known, { type, estimate });
  return estimate;
}

function estimateColumn(type: DataType, rows: number, known: ColumnStatistics): ColumnEstimate {
  const min = known.min && positionOfScalar(known.min);
  const max = known.max && positionOfScalar(known.max);
  const nulls = known.nullCount === undefined ? 0 : Math.min(1, known.nullCount / Math.max(1, rows));
  const common = { tableRows: rows, min, max, nulls };
  const width = min === undefined || max === undefined ? undefined : valuesBetween(type, min, max);
  if (known.unique === true) return { ...common, distinct: Math.max(1, rows), bound: false };
  if (known.distinct !== undefined) {
    return { ...common, distinct: Math.max(1, Math.min(known.distinct, width ?? known.distinct)), bound: false };
  }
  // As many rows as values there could be: numbers given one after the other.
  const isDense = width !== undefined && width === rows && nulls === 0;
  return { ...common, distinct: Math.max(1, Math.min(rows, width ?? guessDistinct(type, rows))), bound: !isDense };
}

/** Texts are often categories, so they have few values; other types many. */
const guessDistinct = (type: DataType, rows: number): number =>
  type.kind === 'boolean' ? 2 : type.kind === 'utf8' ? Math.max(25, rows ** 0.4) : rows;
