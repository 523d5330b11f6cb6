import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

const MICROS_A_DAY = 86_400_000_000;
const UNITS_A_DAY = { s: 86_400, ms: 86_400_000, us: MICROS_A_DAY, ns: MICROS_A_DAY * 1000 } as const;

/**
 * Where a constant lies on its type's number line, roughly, for interpolating between minimum and maximum; dates and
 * timestamps share one line (days). Undefined for NULL and for types without order.
 */
export function positionOfScalar({ type, value }: Scalar): number | undefined {
  if (value === null) return undefined;
  switch (type.kind) {
    case 'boolean':
      return value === true ? 1 : 0;
    case 'int':
    case 'float':
    case 'date':
      return finite(Number(value));
    case 'decimal':
      return finite(Number(value) / 10 ** type.scale);
    case 'timestamp':
      return finite(Number(value) / UNITS_A_DAY[type.unit]);
    case 'time':
    case 'timetz':
      return finite(Number(value));
    case 'utf8':
      return textPosition(String(value));
    default:
      return undefined;
  }
}

/** How many different values lie between two positions, ends included; undefined where the type's steps are unknown. */
export function valuesBetween(type: DataType, min: number, max: number): number | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'int':
    case 'date':
      return max - min + 1;
    case 'decimal':
      return (max - min) * 10 ** type.scale + 1;
    default:
      return undefined;
  }
}

const finite = (x: number): number | undefined => (Number.isFinite(x) ? x : undefined);

/** The first characters as digits of a number: near enough to the order of strings to interpolate. */
function textPosition(text: string): number {
  let position = 0;
  for (let i = 0; i < 6; i++) position = position * 256 + Math.min(255, i < text.length ? text.charCodeAt(i) : 0);
  return position;
}
