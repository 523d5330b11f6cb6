import { unscaledText } from '../../src/types/explain-scalar.ts';
import type { Scalar } from '../../src/types/scalar.ts';

/** A constant as plain text: what SET takes. */
export function scalarText({ type, value }: Scalar): string {
  if (type.kind === 'decimal' && value !== null) return unscaledText(String(value), type.scale);
  return String(value);
}
