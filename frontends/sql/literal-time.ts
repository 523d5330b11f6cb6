import type { TimestampUnit } from '../../src/types/data-type.ts';
import type { ScalarValue } from '../../src/types/scalar.ts';

const MICROS_PER_DAY = 86_400_000_000n;
const MICROS_PER_UNIT: Readonly<Record<Exclude<TimestampUnit, 'ns'>, bigint>> = { s: 1_000_000n, ms: 1000n, us: 1n };

/** Days since 1970-01-01 of `YYYY-MM-DD` (years 1 to 9999); undefined for anything else, which a cast then reads. */
export function readDate(text: string): number | undefined {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (found === null) return undefined;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / 86_400_000;
}

/** Microseconds since midnight of `HH:MM[:SS[.ffffff]]`. */
export function readTime(text: string): bigint | undefined {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text.trim());
  if (found === null) return undefined;
  const [, hour, minute, second = '0', fraction = ''] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return (
    BigInt((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
  );
}

/** The count of `unit`s since the epoch of `date[ T]time`; with `zone` only if the text says its offset. */
export function readTimestamp(text: string, unit: TimestampUnit, zone: boolean): string | undefined {
  const found = /^(\d{4}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\S*?))?(Z|[+-]\d{2}(?::\d{2})?)?$/.exec(text.trim());
  if (found === null || (found[3] !== undefined) !== zone) return undefined;
  const days = readDate(found[1]!);
  const time = found[2] === undefined ? 0n : readTime(found[2]);
  if (days === undefined || time === undefined) return undefined;
  const micros = BigInt(days) * MICROS_PER_DAY + time - readOffset(found[3] ?? 'Z');
  if (unit === 'ns') return String(micros * 1000n);
  const perUnit = MICROS_PER_UNIT[unit];
  return micros % perUnit === 0n ? String(micros / perUnit) : undefined;
}

function readOffset(text: string): bigint {
  if (text === 'Z') return 0n;
  const [hours, minutes = 0] = text.slice(1).split(':').map(Number) as [number, number?];
  return BigInt((hours * 60 + minutes) * 60_000_000) * (text.startsWith('-') ? -1n : 1n);
}

type Interval = Extract<ScalarValue, { readonly months: number }>;
type Part = 'months' | 'days' | 'micros';

const UNITS: readonly (readonly [names: string, part: Part, size: bigint, call: string])[] = [
  ['microsecond us usec microsec', 'micros', 1n, 'to_microseconds'],
  ['millisecond ms msec millisec', 'micros', 1000n, 'to_milliseconds'],
  ['second s sec', 'micros', 1_000_000n, 'to_seconds'],
  ['minute m min', 'micros', 60_000_000n, 'to_minutes'],
  ['hour h hr', 'micros', 3_600_000_000n, 'to_hours'],
  ['day d', 'days', 1n, 'to_days'],
  ['week w', 'days', 7n, 'to_weeks'],
  ['month mon', 'months', 1n, 'to_months'],
  ['quarter q', 'months', 3n, 'to_quarters'],
  ['year y yr', 'months', 12n, 'to_years'],
  ['decade dec', 'months', 120n, 'to_decades'],
  ['century centurie cent c', 'months', 1200n, 'to_centuries'],
  ['millennium millennia mil', 'months', 12_000n, 'to_millennia'],
];

export type IntervalUnit = { readonly part: Part; readonly size: bigint; readonly call: string };

const UNIT_BY_NAME: ReadonlyMap<string, IntervalUnit> = new Map(
  UNITS.flatMap(([names, part, size, call]) =>
    names.split(' ').flatMap(name => [name, `${name}s`].map(n => [n, { part, size, call }] as const)),
  ),
);

/** The unit of that name, singular or plural, in lower case. */
export const intervalUnit = (word: string): IntervalUnit | undefined => UNIT_BY_NAME.get(word);

/** `count` units; fractions of months and days are cut, as in DuckDB. Undefined when `count` is no number. */
export function intervalOf(count: string, unit: IntervalUnit): Interval | undefined {
  const found = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/.exec(count);
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = ''] = found;
  let amount = BigInt(whole) * unit.size;
  if (unit.part === 'micros' && fraction !== '')
    amount += (BigInt(fraction) * unit.size) / 10n ** BigInt(fraction.length);
  return interval({ months: 0n, days: 0n, micros: 0n, [unit.part]: sign === '-' ? -amount : amount });
}

/** `3 months 2 days 04:05:06`, `1-2` (years-months), ISO 8601 `P1Y2M3DT4H`; undefined for anything else. */
export function readInterval(text: string): Interval | undefined {
  const sum = { months: 0n, days: 0n, micros: 0n };
  const iso = /^\s*P(?=\S)((?:\d+[YMWD])*)(?:T((?:\d+[HMS])+))?\s*$/i.exec(text);
  if (iso !== null) {
    for (const [, n, unit] of (iso[1] ?? '').matchAll(/(\d+)(\D)/g))
      add(sum, n!, { Y: 'year', M: 'month', W: 'week', D: 'day' }[unit!.toUpperCase()]!);
    for (const [, n, unit] of (iso[2] ?? '').matchAll(/(\d+)(\D)/g))
      add(sum, n!, { H: 'hour', M: 'minute', S: 'second' }[unit!.toUpperCase()]!);
    return interval(sum);
  }
  const part =
    /\s*(?:([+-]?)(\d+):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?=\s|$)|([+-]?)(\d+)-(\d+)(?=\s|$)|([+-]?)\s*(\d+)(?:\.(\d+))?\s*([a-z]+)(?=[\s\d+-]|$))/iy;
  let end = 0;
  while (part.lastIndex < text.trimEnd().length) {
    const found = part.exec(text);
    if (found === null) return undefined;
    end = part.lastIndex;
    const [
      ,
      timeSign,
      hours,
      minutes,
      seconds = '0',
      micros = '',
      yearSign,
      years,
      months,
      sign,
      whole,
      fraction = '',
      name,
    ] = found;
    if (hours !== undefined) {
      if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
      const total =
        ((BigInt(hours) * 60n + BigInt(minutes!)) * 60n + BigInt(seconds)) * 1_000_000n + BigInt(micros.padEnd(6, '0'));
      sum.micros += timeSign === '-' ? -total : total;
    } else if (years !== undefined) {
      const total = BigInt(years) * 12n + BigInt(months!);
      sum.months += yearSign === '-' ? -total : total;
    } else {
      const unit = intervalUnit(name!.toLowerCase());
      if (unit === undefined || (fraction !== '' && unit.part !== 'micros')) return undefined;
      let amount = BigInt(whole!) * unit.size;
      if (fraction !== '') amount += (BigInt(fraction) * unit.size) / 10n ** BigInt(fraction.length);
      sum[unit.part] += sign === '-' ? -amount : amount;
    }
  }
  return end === 0 ? undefined : interval(sum);
}

function add(sum: Record<Part, bigint>, count: string, name: string): void {
  const unit = intervalUnit(name)!;
  sum[unit.part] += BigInt(count) * unit.size;
}

function interval({ months, days, micros }: Record<Part, bigint>): Interval | undefined {
  const limit = 2n ** 31n;
  if (months >= limit || months < -limit || days >= limit || days < -limit) return undefined;
  return { months: Number(months), days: Number(days), micros: String(micros) };
}

/** `3 months 2 days 5 microseconds`, which `readInterval` reads back exactly. */
export function writeInterval({ months, days, micros }: Interval): string {
  const parts = [
    months === 0 ? '' : `${months} months`,
    days === 0 ? '' : `${days} days`,
    micros === '0' ? '' : `${micros} microseconds`,
  ].filter(part => part !== '');
  return parts.length === 0 ? '0 days' : parts.join(' ');
}
