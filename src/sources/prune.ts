import type { PhysicalExpr } from '../plan/expr.ts';
import type { ColumnRange } from '../plan/logical-plan.ts';
import type { Scalar } from '../types/scalar.ts';
import { compareScalars, compareText } from './compare-scalars.ts';

/**
 * Whether no row can satisfy all filters, judged by the ranges of the columns' values: a split that can be left out.
 * @param rangeOf what is known of an input column; undefined when nothing is
 * @param rows of the split, if known
 */
export function canSkip(
  filters: readonly PhysicalExpr[],
  rangeOf: (input: number) => ColumnRange | undefined,
  rows?: number,
): boolean {
  return filters.some(f => isNeverTrue(f, { rangeOf, rows }));
}

type Known = { readonly rangeOf: (input: number) => ColumnRange | undefined; readonly rows: number | undefined };

function isNeverTrue(expr: PhysicalExpr, known: Known): boolean {
  switch (expr.kind) {
    case 'literal':
      return expr.value.value === null || expr.value.value === false;
    case 'and':
      return expr.args.some(a => isNeverTrue(a, known));
    case 'or':
      return expr.args.every(a => isNeverTrue(a, known));
    case 'in': {
      const range = columnRange(expr.input, known);
      if (range === undefined || expr.negated) return false;
      return isAllNull(range, known) || expr.items.every(item => isOutside('=', range, item));
    }
    case 'call':
      return isCallNeverTrue(expr.fn, expr.args, known);
    default:
      return false;
  }
}

const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function isCallNeverTrue(fn: string, args: readonly PhysicalExpr[], known: Known): boolean {
  const [left, right] = args;
  const range = columnRange(left, known);
  if (fn === 'is null') return range?.nullCount === 0;
  if (fn === 'is not null') return range !== undefined && isAllNull(range, known);
  if (MIRRORED[fn] !== undefined && args.length === 2) {
    const mirrored = columnRange(right, known);
    if ((range && isAllNull(range, known)) || (mirrored && isAllNull(mirrored, known))) return true;
    if (range && right?.kind === 'literal') return isOutside(fn, range, right.value);
    if (mirrored && left?.kind === 'literal') return isOutside(MIRRORED[fn]!, mirrored, left.value);
    return false;
  }
  if (range === undefined || right?.kind !== 'literal' || right.value.type.kind !== 'utf8') return false;
  const text = right.value.value;
  if (typeof text !== 'string') return text === null;
  if (fn === 'like' && args.length === 2) return isPrefixOutside(range, /^[^%_\\]*/.exec(text)![0]);
  if (fn === 'starts_with' || fn === 'prefix' || fn === '^@') return isPrefixOutside(range, text);
  return false;
}

function columnRange(expr: PhysicalExpr | undefined, { rangeOf }: Known): ColumnRange | undefined {
  return expr?.kind === 'input' ? rangeOf(expr.index) : undefined;
}

function isAllNull(range: ColumnRange, { rows }: Known): boolean {
  return rows !== undefined && rows > 0 && range.nullCount === rows;
}

/** Whether `x fn constant` fails for every x of the range. */
function isOutside(fn: string, { min, max }: ColumnRange, constant: Scalar): boolean {
  if (constant.value === null) return true;
  const low = min && compareScalars(min, constant);
  const high = max && compareScalars(max, constant);
  switch (fn) {
    case '=':
      return (low !== undefined && low > 0) || (high !== undefined && high < 0);
    case '<':
      return low !== undefined && low >= 0;
    case '<=':
      return low !== undefined && low > 0;
    case '>':
      return high !== undefined && high <= 0;
    default:
      return high !== undefined && high < 0;
  }
}

/** Whether no text of the range begins with the prefix. */
function isPrefixOutside({ min, max }: ColumnRange, prefix: string): boolean {
  if (prefix === '') return false;
  if (typeof max?.value === 'string' && compareText(max.value, prefix) < 0) return true;
  return typeof min?.value === 'string' && compareText(min.value, prefix) > 0 && !min.value.startsWith(prefix);
}
