import type { Scalar } from './scalar.ts';
import { typeName } from './type-name.ts';

/** A constant as people write it, in plans and messages: `'abc'`, `1.50`, `date '1998-09-02'`, `NULL`. */
export function explainScalar({ type, value }: Scalar): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'utf8':
    case 'json':
    case 'enum':
    case 'uuid':
    case 'bit':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'decimal':
      return unscaledText(String(value), type.scale);
    case 'date':
      return `date '${dateText(Number(value))}'`;
    case 'boolean':
    case 'int':
    case 'float':
      return String(value);
    default:
      return `${typeName(type)} ${JSON.stringify(value)}`;
  }
}

/** Digits of an unscaled integer with the point put in: ('-5', 2) is '-0.05'. */
export function unscaledText(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const negative = digits.startsWith('-');
  const padded = (negative ? digits.slice(1) : digits).padStart(scale + 1, '0');
  const at = padded.length - scale;
  return `${negative ? '-' : ''}${padded.slice(0, at)}.${padded.slice(at)}`;
}

/** Days since 1970 as YYYY-MM-DD, within the years that a JavaScript Date knows. */
function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? `epoch + ${days} days` : date.toISOString().slice(0, 10);
}
