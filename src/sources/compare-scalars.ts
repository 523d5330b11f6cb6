import { type DataType, sameType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

/**
 * Orders two constants as the engine orders values of their type: negative, 0 or positive; undefined when they are
 * not comparable here (NULL, other types, nested values).
 */
export function compareScalars(a: Scalar, b: Scalar): number | undefined {
  if (a.value === null || b.value === null || !areComparable(a.type, b.type)) return undefined;
  switch (a.type.kind) {
    case 'boolean':
    case 'date':
      return Number(a.value) - Number(b.value);
    case 'float':
      return compareFloats(Number(a.value), Number(b.value));
    case 'int':
    case 'decimal':
    case 'time':
    case 'timetz':
    case 'timestamp': {
      const difference = BigInt(a.value as string | number) - BigInt(b.value as string | number);
      return difference < 0n ? -1 : difference > 0n ? 1 : 0;
    }
    case 'utf8':
      return compareText(a.value as string, b.value as string);
    default:
      return undefined;
  }
}

/** Text of any collation-free kind, integers of any width, decimals of the same scale, or the same type. */
function areComparable(a: DataType, b: DataType): boolean {
  if (a.kind === 'int' || a.kind === 'float') return a.kind === b.kind;
  if (a.kind === 'decimal') return b.kind === 'decimal' && a.scale === b.scale;
  return sameType(a, b);
}

function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points, as UTF-8 bytes compare; UTF-16 code units would put U+E000 above U+10000. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
