import type { ScalarFunction } from '../functions/function.ts';
import { type AnyExpr, type CallOf, type ColumnRef, type InputRef, typeOf } from '../plan/expr.ts';
import { partsOfExpr } from '../plan/physical-expr.ts';
import { type DataType, sameType } from '../types/data-type.ts';
import { type IntegerRanges, rangeOfExpr } from './integer-ranges.ts';

/** Finds scalar functions by name, as `FunctionRegistry` does. */
export type FunctionFinder = { scalar(name: string): ScalarFunction | undefined };

/** Operators that neither fail nor vary, known without a registry. */
const HARMLESS: ReadonlySet<string> = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'not',
  'is null',
  'is not null',
  'is distinct from',
  'is not distinct from',
  'like',
  'starts_with',
  'contains',
]);
/** Of these, the ones that are not NULL although an argument is. */
const SEE_NULLS: ReadonlySet<string> = new Set(['is null', 'is not null', 'is distinct from', 'is not distinct from']);

/** What running an expression may do beside giving a value. Calls of unknown functions may do anything. */
export class Effects {
  readonly #functions: FunctionFinder;
  readonly #failing = new WeakMap<AnyExpr, boolean>();
  readonly #volatile = new WeakMap<AnyExpr, boolean>();
  readonly #rangesOf: () => IntegerRanges;
  #ranges: IntegerRanges | undefined;

  /** `rangesOf`: what is known of integer columns, asked for when it matters: sums of small numbers don't overflow. */
  constructor(functions: FunctionFinder, rangesOf: () => IntegerRanges = () => new Map()) {
    this.#functions = functions;
    this.#rangesOf = rangesOf;
  }

  /** Some values may make it fail: it must not meet rows that it did not meet as the query was written. */
  mayFail(expr: AnyExpr): boolean {
    return remembered(this.#failing, expr, () => {
      if (expr.kind === 'call' && this.#callMayFail(expr) && !this.#keepsRange(expr)) return true;
      if (expr.kind === 'cast' && !expr.try && castMayFail(typeOf(expr.input), expr.type) && !this.#keepsRange(expr))
        return true;
      return partsOfExpr(expr).some(e => this.mayFail(e));
    });
  }

  /** It gives other values each time: it can be neither repeated, nor folded, nor moved. */
  isVolatile(expr: AnyExpr): boolean {
    return remembered(this.#volatile, expr, () => {
      if (expr.kind === 'call' && this.#callIsVolatile(expr)) return true;
      return partsOfExpr(expr).some(e => this.isVolatile(e));
    });
  }

  /** The call is NULL as soon as an argument is. */
  propagatesNulls(call: CallOf<ColumnRef | InputRef>): boolean {
    const overload = this.#overload(call);
    if (overload !== undefined) return overload.nulls === 'propagate';
    return HARMLESS.has(call.fn) && !SEE_NULLS.has(call.fn);
  }

  #callIsVolatile(call: CallOf<ColumnRef | InputRef>): boolean {
    const overload = this.#overload(call);
    return overload === undefined ? !HARMLESS.has(call.fn) : overload.volatile === true;
  }

  #callMayFail(call: CallOf<ColumnRef | InputRef>): boolean {
    const overload = this.#overload(call);
    return overload === undefined ? !HARMLESS.has(call.fn) : overload.canFail === true;
  }

  /** An integer expression that no value of its columns takes out of its type's range. */
  #keepsRange(expr: AnyExpr): boolean {
    if (typeOf(expr).kind !== 'int') return false;
    this.#ranges ??= this.#rangesOf();
    return rangeOfExpr(expr, this.#ranges) !== undefined;
  }

  #overload(call: CallOf<ColumnRef | InputRef>) {
    return this.#functions.scalar(call.fn)?.overloads.find(o => o.key === call.overload);
  }
}

function remembered(memo: WeakMap<AnyExpr, boolean>, expr: AnyExpr, compute: () => boolean): boolean {
  const known = memo.get(expr);
  if (known !== undefined) return known;
  const value = compute();
  memo.set(expr, value);
  return value;
}

/** Whether a cast has values that it refuses. */
function castMayFail(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === 'null' || to.kind === 'utf8') return false;
  return !keepsValues(from, to) && !((from.kind === 'int' || from.kind === 'decimal') && to.kind === 'float');
}

/** Whether a cast keeps every value and their order, so that comparing before it is the same as comparing after it. */
export function keepsValues(from: DataType, to: DataType): boolean {
  switch (from.kind) {
    case 'int':
      if (to.kind === 'int')
        return from.signed
          ? to.signed && to.bits >= from.bits
          : to.bits > from.bits || (!to.signed && to.bits === from.bits);
      if (to.kind === 'float') return from.bits <= (to.bits === 64 ? 32 : 16);
      return to.kind === 'decimal' && to.precision - to.scale >= DIGITS[from.bits];
    case 'decimal':
      return to.kind === 'decimal' && to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
    case 'float':
      return to.kind === 'float' && to.bits >= from.bits;
    case 'date':
      return to.kind === 'timestamp' && !to.zone && to.unit !== 'ns';
    default:
      return false;
  }
}

const DIGITS = { 8: 3, 16: 5, 32: 10, 64: 20, 128: 39 } as const;
