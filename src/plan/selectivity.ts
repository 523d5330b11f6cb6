import { conjunctsOf } from './conjuncts.ts';
import { backOff, type ColumnEstimate, type Estimate } from './estimate.ts';
import { type BoundExpr, type ColumnId, typeOf } from './expr.ts';
import { positionOfScalar } from './scalar-position.ts';

const UNKNOWN = 0.2;
const RANGE = 1 / 3;
const LIKE = 0.1;
const PREFIX = 0.05;
const IS_NULL = 0.05;

/** The part of an input's rows (0 to 1) for which a predicate is expected to be true. */
export function selectivity(predicate: BoundExpr, input: Estimate): number {
  return clamp(of(predicate, input));
}

/** What is known of an expression's values: of a column, or of a cast or call that reads a single column. */
export function estimateExpr(expr: BoundExpr, input: Estimate): ColumnEstimate | undefined {
  switch (expr.kind) {
    case 'column':
      return input.columns.get(expr.id);
    case 'cast':
      return estimateExpr(expr.input, input);
    case 'call': {
      const columns = expr.args.filter(a => a.kind !== 'literal');
      if (columns.length !== 1) return undefined;
      const arg = estimateExpr(columns[0]!, input);
      if (arg === undefined) return undefined;
      const isYear = expr.fn === 'year' || (expr.fn === 'date_part' && yearPart(expr.args[0]));
      const distinct = isYear ? Math.max(1, Math.ceil(arg.distinct / 365)) : arg.distinct;
      return { distinct, bound: true, tableRows: arg.tableRows, nulls: arg.nulls };
    }
    default:
      return undefined;
  }
}

const yearPart = (part: BoundExpr | undefined): boolean => part?.kind === 'literal' && part.value.value === 'year';

function of(e: BoundExpr, input: Estimate): number {
  switch (e.kind) {
    case 'literal':
      return e.value.value === true ? 1 : 0;
    case 'and':
      return backOff(withIntervals(e.args.flatMap(conjunctsOf), input));
    case 'or':
      return 1 - e.args.reduce((none, arg) => none * (1 - selectivity(arg, input)), 1);
    case 'in': {
      const items = clamp(equality(estimateExpr(e.input, input)) * e.items.length);
      return e.negated ? 1 - items : items;
    }
    case 'call':
      return ofCall(e, input);
    case 'column':
      return 0.5;
    default:
      return UNKNOWN;
  }
}

function ofCall(e: Extract<BoundExpr, { kind: 'call' }>, input: Estimate): number {
  const [left, right] = e.args;
  switch (e.fn) {
    case '=':
    case 'is not distinct from':
      return ofEquality(left!, right!, input);
    case '<>':
    case 'is distinct from':
      return 1 - ofEquality(left!, right!, input);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const range = rangeOf(e, input);
      return range === undefined ? RANGE : fraction(range.estimate, range.from, range.to);
    }
    case 'not':
      return 1 - selectivity(left!, input);
    case 'not like':
    case 'not ilike':
      return 1 - ofCall({ ...e, fn: 'like' }, input);
    case 'like':
    case 'ilike':
      return right?.kind === 'literal' && /^[^%_]/.test(String(right.value.value)) ? PREFIX : LIKE;
    case 'starts_with':
    case 'prefix':
      return PREFIX;
    case 'contains':
    case 'ends_with':
    case 'suffix':
      return LIKE;
    case 'is null':
      return estimateExpr(left!, input)?.nulls ?? IS_NULL;
    case 'is not null':
      return 1 - (estimateExpr(left!, input)?.nulls ?? IS_NULL);
    default:
      return UNKNOWN;
  }
}

function ofEquality(left: BoundExpr, right: BoundExpr, input: Estimate): number {
  const l = estimateExpr(left, input);
  const r = estimateExpr(right, input);
  if (l !== undefined && r !== undefined) return Math.min(equality(l), equality(r));
  const column = l ?? r;
  const constant = l === undefined ? left : right;
  if (column === undefined) return UNKNOWN;
  const at = constant.kind === 'literal' ? positionOfScalar(constant.value) : undefined;
  const outside =
    at !== undefined &&
    ((column.min !== undefined && at < column.min) || (column.max !== undefined && at > column.max));
  return outside ? 1 / Math.max(1, column.tableRows) : equality(column);
}

const equality = (column: ColumnEstimate | undefined): number =>
  column === undefined ? 0.1 : (1 - column.nulls) / Math.max(1, column.distinct);

type Range = { readonly key: ColumnId; readonly estimate: ColumnEstimate; readonly from: number; readonly to: number };

/** `column < constant` and its like as an interval on the column's line; undefined when its ends are not known. */
function rangeOf(e: BoundExpr, input: Estimate): Range | undefined {
  if (e.kind !== 'call' || e.args.length !== 2) return undefined;
  const columnFirst = e.args[1]!.kind === 'literal';
  const column = stripCasts(e.args[columnFirst ? 0 : 1]!);
  const constant = e.args[columnFirst ? 1 : 0]!;
  if (column.kind !== 'column' || constant.kind !== 'literal') return undefined;
  if ((typeOf(column).kind === 'utf8') !== (constant.value.type.kind === 'utf8')) return undefined;
  const estimate = input.columns.get(column.id);
  const at = positionOfScalar(constant.value);
  if (estimate?.min === undefined || estimate.max === undefined || at === undefined) return undefined;
  const below = e.fn === '<' || e.fn === '<=';
  if (!below && e.fn !== '>' && e.fn !== '>=') return undefined;
  return below === columnFirst
    ? { key: column.id, estimate, from: Number.NEGATIVE_INFINITY, to: at }
    : { key: column.id, estimate, from: at, to: Number.POSITIVE_INFINITY };
}

const stripCasts = (e: BoundExpr): BoundExpr => (e.kind === 'cast' ? stripCasts(e.input) : e);

/** The part of a column's values in an interval, taking them as spread evenly; at least that of one value. */
function fraction(column: ColumnEstimate, from: number, to: number): number {
  const min = column.min!;
  const max = column.max!;
  const low = Math.max(from, min);
  const high = Math.min(to, max);
  if (low > high) return 1 / Math.max(1, column.tableRows);
  const part = max > min ? (high - low) / (max - min) : 1;
  return (1 - column.nulls) * Math.max(part, 1 / Math.max(1, column.distinct));
}

/** The selectivities of conjuncts, both ends of a BETWEEN as one. */
function withIntervals(conjuncts: readonly BoundExpr[], input: Estimate): number[] {
  const result: number[] = [];
  const intervals = new Map<ColumnId, { estimate: ColumnEstimate; from: number; to: number }>();
  for (const c of conjuncts) {
    const range = rangeOf(c, input);
    if (range === undefined) {
      result.push(selectivity(c, input));
      continue;
    }
    const known = intervals.get(range.key);
    if (known === undefined) intervals.set(range.key, { ...range });
    else {
      known.from = Math.max(known.from, range.from);
      known.to = Math.min(known.to, range.to);
    }
  }
  for (const i of intervals.values()) result.push(fraction(i.estimate, i.from, i.to));
  return result;
}

const clamp = (s: number): number => Math.min(1, Math.max(0, s));
