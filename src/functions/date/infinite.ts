import { dayMicros, INFINITE_DAYS, INFINITE_MICROS } from '../../types/calendar.ts';
import type { RawValue } from '../../types/raw-value.ts';

/** Whether a date (days) or timestamp (micros) is one of the two that mean "before, after all". */
export const isInfinite = (value: RawValue | undefined): boolean =>
  value === INFINITE_DAYS || value === -INFINITE_DAYS || value === INFINITE_MICROS || value === -INFINITE_MICROS;

/** A date or timestamp in microseconds. */
export function asMicros(value: RawValue | undefined): bigint {
  if (typeof value !== 'number') return value as bigint;
  if (value === INFINITE_DAYS) return INFINITE_MICROS;
  return value === -INFINITE_DAYS ? -INFINITE_MICROS : dayMicros(value);
}
