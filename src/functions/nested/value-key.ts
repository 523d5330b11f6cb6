import type { RawValue } from '../../types/raw-value.ts';

/** A text that is the same for equal values of one type, and for no others. */
export function valueKey(value: RawValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'bigint' || (typeof v === 'number' && !Number.isFinite(v))
      ? `${v}`
      : v instanceof Uint8Array
        ? [...v]
        : v,
  );
}

/** The different values, without NULL, in the order of the first of each. */
export function distinctValues(values: readonly RawValue[]): readonly RawValue[] {
  const seen = new Map<string, RawValue>();
  for (const value of values) {
    if (value === null) continue;
    const key = valueKey(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}
