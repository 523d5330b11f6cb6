import { outputOf } from '../plan/columns.ts';
import { type AnyExpr, type ColumnId, typeOf } from '../plan/expr.ts';
import type { ColumnStatistics, LogicalPlan, ScanPlan } from '../plan/logical-plan.ts';
import { inputsOf } from '../plan/rewrite.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

/** Bounds, both included, that the values of an integer expression keep. It may be NULL besides. */
export type IntegerRange = { readonly min: bigint; readonly max: bigint };
export type IntegerRanges = ReadonlyMap<ColumnId, IntegerRange>;

/** Counts of rows: no table has as many. */
const COUNTED: IntegerRange = { min: 0n, max: 2n ** 53n };
const COUNTING: ReadonlySet<string> = new Set(['count', 'row_number', 'rank', 'dense_rank']);

/** What is known of the integer columns below a plan: from statistics of its sources, and of functions that count rows. */
export function integerRanges(plan: LogicalPlan): IntegerRanges {
  const ranges = new Map<ColumnId, IntegerRange>();
  collect(plan, ranges);
  return ranges;
}

/** Bounds of an integer expression that can't overflow; undefined for any other. */
export function rangeOfExpr(expr: AnyExpr, ranges: IntegerRanges): IntegerRange | undefined {
  switch (expr.kind) {
    case 'column':
      return ranges.get(expr.id);
    case 'literal':
      return pointOf(expr.value);
    case 'cast':
      return within(rangeOfExpr(expr.input, ranges), expr.type);
    case 'call': {
      const [a, b] = expr.args.map(arg => rangeOfExpr(arg, ranges));
      return a === undefined || b === undefined ? undefined : within(combined(expr.fn, a, b), typeOf(expr));
    }
    default:
      return undefined;
  }
}

function collect(plan: LogicalPlan, ranges: Map<ColumnId, IntegerRange>): void {
  const note = (id: ColumnId, range: IntegerRange | undefined): void => {
    if (range !== undefined) ranges.set(id, range);
  };
  for (const input of inputsOf(plan)) collect(input, ranges);
  switch (plan.kind) {
    case 'scan':
      for (const { column, index } of plan.columns) note(column.id, rangeOfColumn(plan, index));
      break;
    case 'project':
      for (const { column, expr } of plan.columns) note(column.id, rangeOfExpr(expr, ranges));
      break;
    case 'aggregate':
      for (const { column, expr } of plan.keys) note(column.id, rangeOfExpr(expr, ranges));
      for (const { column, aggregate } of plan.aggregates) if (aggregate.fn === 'count') note(column.id, COUNTED);
      break;
    case 'window':
      for (const { column, call } of plan.functions) if (COUNTING.has(call.fn)) note(column.id, COUNTED);
      break;
    case 'set-op': {
      const [left, right] = [outputOf(plan.left), outputOf(plan.right)];
      for (const [i, { id }] of plan.columns.entries()) {
        const ofLeft = ranges.get(left[i]!.id);
        note(id, plan.op === 'union' ? hull(ofLeft, ranges.get(right[i]!.id)) : ofLeft);
      }
      break;
    }
    case 'shared-ref':
      plan.columns.forEach((c, i) => {
        note(c.id, ranges.get(plan.source[i]!));
      });
      break;
    default:
      break;
  }
}

/** By what is known of a column: the same for all queries of a file. */
const known = new WeakMap<ColumnStatistics, { readonly range: IntegerRange | undefined }>();

function rangeOfColumn({ source }: ScanPlan, index: number): IntegerRange | undefined {
  const statistics = source.statistics.columns?.[index];
  if (statistics === undefined) return undefined;
  let entry = known.get(statistics);
  if (entry === undefined) {
    entry = { range: rangeOf(statistics) };
    known.set(statistics, entry);
  }
  return entry.range;
}

function rangeOf({ min, max }: ColumnStatistics): IntegerRange | undefined {
  const [low, high] = [min && pointOf(min), max && pointOf(max)];
  return low === undefined || high === undefined ? undefined : { min: low.min, max: high.max };
}

function hull(a: IntegerRange | undefined, b: IntegerRange | undefined): IntegerRange | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { min: smaller(a.min, b.min), max: greater(a.max, b.max) };
}

/** What lies in both; of ranges apart, one whose minimum is above its maximum. */
export function overlap(a: IntegerRange, b: IntegerRange): IntegerRange {
  return { min: greater(a.min, b.min), max: smaller(a.max, b.max) };
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function greater(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

function pointOf({ type, value }: Scalar): IntegerRange | undefined {
  if (type.kind !== 'int' || (typeof value !== 'number' && typeof value !== 'string')) return undefined;
  const point = BigInt(value);
  return { min: point, max: point };
}

function combined(fn: string, a: IntegerRange, b: IntegerRange): IntegerRange | undefined {
  switch (fn) {
    case '+':
      return { min: a.min + b.min, max: a.max + b.max };
    case '-':
      return { min: a.min - b.max, max: a.max - b.min };
    default:
      return undefined;
  }
}

/** A range all of whose values a type has. */
function within(range: IntegerRange | undefined, type: DataType): IntegerRange | undefined {
  if (range === undefined || type.kind !== 'int') return undefined;
  const bits = BigInt(type.bits) - (type.signed ? 1n : 0n);
  const min = type.signed ? -(2n ** bits) : 0n;
  return range.min >= min && range.max < 2n ** bits ? range : undefined;
}
