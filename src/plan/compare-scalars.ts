import type { Scalar } from '../types/scalar.ts';

/**
 * The order of two constants of one type, as the comparison operators see it: negative, 0 or positive; undefined for
 * NULLs and for types whose order is not known here.
 */
export function compareScalars(a: Scalar, b: Scalar): number | undefined {
  if (a.value === null || b.value === null || a.type.kind !== b.type.kind) return undefined;
  switch (a.type.kind) {
    case 'boolean':
    case 'date':
      return Number(a.value) - Number(b.value);
    case 'int':
    case 'time':
    case 'timetz':
      return compareBigints(BigInt(a.value as string | number), BigInt(b.value as string | number));
    case 'timestamp':
    case 'decimal':
      if (JSON.stringify(a.type) !== JSON.stringify(b.type)) return undefined;
      return compareBigints(BigInt(a.value as string), BigInt(b.value as string));
    case 'float':
      return typeof a.value === 'number' && typeof b.value === 'number' ? a.value - b.value : undefined;
    case 'utf8':
      return compareText(String(a.value), String(b.value));
    default:
      return undefined;
  }
}

const compareBigints = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** By code points, which is the order of the UTF-8 bytes; UTF-16 units would put surrogates before U+E000. */
function compareText(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (order !== 0) return order;
  }
  return x.length - y.length;
}
