import type { Span } from '../common/errors.ts';
import { type BoundExpr, typeOf } from '../plan/expr.ts';
import { commonTypeOf, literalType } from '../types/coercion.ts';
import { type DataType, sameType } from '../types/data-type.ts';
import { hasInstants } from '../types/has-instants.ts';
import type { Scalar } from '../types/scalar.ts';
import { isUtc } from '../types/time-zone.ts';
import { typeName } from '../types/type-name.ts';
import { type Binder, bindError } from './binder.ts';
import { dateOf, decimalText, integerFits, integerOf, integerValue, literal, nullOf, rescaled } from './constant.ts';

/** The expression in a type: itself, a constant of that type, or a cast. */
export function castTo(b: Binder, expr: BoundExpr, type: DataType): BoundExpr {
  const from = typeOf(expr);
  if (sameType(from, type)) return expr;
  const span = b.spanOf(expr);
  if (expr.kind === 'literal') {
    if (expr.value.value === null) return b.markSpan(nullOf(type), span);
    const value = constantIn(expr.value, type);
    if (value !== undefined) return b.markSpan(literal(value), span);
  }
  return b.markSpan({ kind: 'cast', input: expr, type, try: false, span, ...zoneOfCast(b, from, type) }, span);
}

/** The session's time zone for a cast that it makes a difference to. */
export function zoneOfCast(b: Binder, from: DataType, to: DataType): { readonly zone?: string } {
  const { timeZone } = b.options.settings;
  return !isUtc(timeZone) && (hasInstants(from) || hasInstants(to)) ? { zone: timeZone } : {};
}

/** A constant in another type, where that is plain; the rest is left to the cast when the query runs. */
function constantIn(value: Scalar, type: DataType): Scalar | undefined {
  const integer = integerValue({ kind: 'literal', value });
  if (integer !== undefined) {
    const isNumber = type.kind === 'int' || type.kind === 'decimal' || type.kind === 'float';
    return isNumber && integerFits(integer, type) ? integerOf(type, integer) : undefined;
  }
  if (value.type.kind === 'decimal' && type.kind === 'float' && type.bits === 64)
    return { type, value: Number(decimalText(value)) };
  if (value.type.kind === 'utf8' && type.kind === 'date') return dateOf(String(value.value));
  return rescaled(value, type);
}

/** An expression's type for finding overloads and common types: constants without a type of their own fit in. */
export function flexibleType(b: Binder, expr: BoundExpr): DataType {
  return expr.kind === 'literal' && b.isUntyped(expr) ? literalType(expr.value) : typeOf(expr);
}

/** Brings expressions to the one type that they meet in. @throws RayexecError `bind` when there is none */
export function unify(
  b: Binder,
  exprs: readonly BoundExpr[],
  where: string,
  span?: Span | undefined,
): { readonly exprs: readonly BoundExpr[]; readonly type: DataType } {
  const type = commonTypeOf(exprs.map(e => flexibleType(b, e)));
  if (type === undefined) {
    const names = [...new Set(exprs.map(e => typeName(typeOf(e))))].join(' and ');
    throw bindError(
      `Cannot mix values of type ${names} in ${where}`,
      span,
      'an explicit cast is required: CAST(… AS …)',
    );
  }
  return { exprs: exprs.map(e => castTo(b, e, type)), type };
}

/** What a column of a stored table is when nothing says its type: DuckDB makes INTEGER of NULL. */
export const concrete = (type: DataType): DataType =>
  type.kind === 'null' ? { kind: 'int', bits: 32, signed: true } : type;

/** A numeric constant in the type of the decimal beside it, when it loses nothing there: `l_quantity < 24` casts no column. */
export function besideDecimal(expr: BoundExpr, other: DataType): DataType | undefined {
  if (expr.kind !== 'literal' || other.kind !== 'decimal') return undefined;
  return constantIn(expr.value, other) === undefined ? undefined : other;
}
