import { formatTimestamp } from '../functions/date/strftime.ts';
import { dayMicros } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import type { RawValue } from '../types/raw-value.ts';
import { UNITS_PER_SECOND } from '../types/timestamp-unit.ts';

/** Prints dates or timestamps in a format that was asked for; undefined for other types, and without format. */
export function dateText(
  type: DataType,
  dateFormat: string | undefined,
  timestampFormat: string | undefined,
): ((value: RawValue) => string) | undefined {
  if (type.kind === 'date' && dateFormat !== undefined) {
    return value => formatTimestamp(dateFormat, dayMicros(value as number));
  }
  if (type.kind !== 'timestamp' || timestampFormat === undefined) return undefined;
  const perSecond = UNITS_PER_SECOND[type.unit];
  return value => formatTimestamp(timestampFormat, toMicros(value as bigint, perSecond));
}

const toMicros = (ticks: bigint, perSecond: bigint): bigint =>
  perSecond > 1_000_000n ? ticks / (perSecond / 1_000_000n) : ticks * (1_000_000n / perSecond);
