import type { BoundExpr, LiteralExpr } from '../plan/expr.ts';
import { BOOLEAN, DATE, type DataType, NULL, UTF8 } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

export const literal = (value: Scalar): LiteralExpr => ({ kind: 'literal', value });
export const TRUE: LiteralExpr = literal({ type: BOOLEAN, value: true });
export const FALSE: LiteralExpr = literal({ type: BOOLEAN, value: false });
export const NULL_LITERAL: LiteralExpr = literal({ type: NULL, value: null });
export const textLiteral = (value: string): LiteralExpr => literal({ type: UTF8, value });
export const nullOf = (type: DataType): LiteralExpr => literal({ type, value: null });

/** An integer constant in an integer or decimal type, as JSON keeps it. */
export function integerOf(type: DataType, value: bigint): Scalar {
  if (type.kind === 'decimal') return { type, value: String(value * 10n ** BigInt(type.scale)) };
  if (type.kind === 'float') return { type, value: Number(value) };
  if (type.kind === 'int' && type.bits <= 32) return { type, value: Number(value) };
  return { type, value: String(value) };
}

/** The value of an integer constant. */
export function integerValue(expr: BoundExpr): bigint | undefined {
  if (expr.kind !== 'literal' || expr.value.type.kind !== 'int' || expr.value.value === null) return undefined;
  return BigInt(expr.value.value as string | number);
}

/** Whether an integer lies in a type's range. */
export function integerFits(value: bigint, type: DataType): boolean {
  switch (type.kind) {
    case 'int':
      return (type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value)) === value;
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision - type.scale);
      return value < limit && value > -limit;
    }
    case 'float':
      return value <= 2n ** 24n && value >= -(2n ** 24n);
    default:
      return false;
  }
}

/** A decimal constant with another precision and scale, when it has the same value there. */
export function rescaled(value: Scalar, type: DataType): Scalar | undefined {
  if (value.type.kind !== 'decimal' || type.kind !== 'decimal' || value.value === null) return undefined;
  const digits = BigInt(value.value as string);
  const by = type.scale - value.type.scale;
  const unscaled = by >= 0 ? digits * 10n ** BigInt(by) : digits / 10n ** BigInt(-by);
  if (by < 0 && unscaled * 10n ** BigInt(-by) !== digits) return undefined;
  const limit = 10n ** BigInt(type.precision);
  return unscaled < limit && unscaled > -limit ? { type, value: String(unscaled) } : undefined;
}

/** The digits of a decimal constant: '-1.25'. */
export function decimalText(value: Scalar): string {
  const scale = value.type.kind === 'decimal' ? value.type.scale : 0;
  const digits = String(value.value);
  const sign = digits.startsWith('-') ? '-' : '';
  const padded = digits.slice(sign.length).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A date constant from `YYYY-MM-DD`; undefined for other texts, which the cast reads (or refuses) when it runs. */
export function dateOf(text: string): Scalar | undefined {
  const found = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (found === null) return undefined;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { type: DATE, value: date.getTime() / 86_400_000 };
}
