import { RayexecError } from '../../common/errors.ts';
import {
  addMonths,
  civilFromDays,
  dayMicros,
  INFINITE_MICROS,
  MICROS_PER_DAY,
  microsDay,
  splitMicros,
} from '../../types/calendar.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  UTF8,
} from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import { checkedDay } from '../date/checked-day.ts';
import { lastDayOfMonth } from '../date/date-diff.ts';
import { dateDoc } from '../date/documented.ts';
import { floorToMicros } from '../date/floor-to-micros.ts';
import { asMicros, isInfinite } from '../date/infinite.ts';
import { checkedInterval, repeatInterval } from '../date/interval-arithmetic.ts';
import { formatTimestamp } from '../date/strftime.ts';
import { timeBucket } from '../date/time-bucket.ts';
import { timeOfDay } from '../date/time-of-day.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

function rows(
  key: string,
  args: readonly DataType[],
  returns: DataType,
  compute: (...args: never[]) => RawValue,
): ScalarOverload {
  return fixed(key, args, returns, (ctx, call) => mapRows(ctx, call, compute as (...args: RawValue[]) => RawValue), {
    canFail: true,
  });
}

/** @throws RayexecError `conversion` for what is no finite timestamp */
function checkedMicros(micros: bigint): bigint {
  if (micros < INFINITE_MICROS && micros > -INFINITE_MICROS) return micros;
  throw new RayexecError('conversion', 'a timestamp is out of range');
}

const dayOf = (y: bigint, m: bigint, d: bigint): number => checkedDay(Number(y), Number(m), Number(d));

const interval = (name: string, unit: RawInterval, summary: string, example: string): ScalarFunction => ({
  name,
  doc: dateDoc(summary, ['count'], [`${name}(2)`, example]),
  overloads: [rows('integer', [INT64], INTERVAL, (n: bigint) => repeatInterval(unit, n))],
});

const fraction = (name: string, unitMicros: number, summary: string, example: string): ScalarFunction => ({
  name,
  doc: dateDoc(summary, ['count'], [`${name}(1.5)`, example]),
  overloads: [
    rows('number', [FLOAT64], INTERVAL, (n: number) => {
      const micros = Math.round(n * unitMicros);
      if (!Number.isFinite(micros)) throw new RayexecError('overflow', 'an interval is out of range');
      return checkedInterval(0, 0, BigInt(micros));
    }),
  ],
});

const months = (count: number): RawInterval => ({ months: count, days: 0, micros: 0n });
const days = (count: number): RawInterval => ({ months: 0, days: count, micros: 0n });
const time = (micros: bigint): RawInterval => ({ months: 0, days: 0, micros });

const instants: readonly (readonly [string, DataType])[] = [
  ['date', DATE],
  ['timestamp', TIMESTAMP],
  ['timestamptz', TIMESTAMPTZ],
];

/** A timestamp moved by an interval: months first. */
function shiftMicros(micros: bigint, { months, days, micros: time }: RawInterval, sign: 1 | -1): bigint {
  const start = splitMicros(micros);
  return dayMicros(addMonths(start.days, sign * months) + sign * days) + start.time + BigInt(sign) * time;
}

const asDay = (value: RawValue | undefined): number => (typeof value === 'number' ? value : microsDay(value as bigint));

/** A function of days, which an infinite one has not. */
const ofFinite =
  (compute: (value: RawValue) => RawValue) =>
  (value: RawValue): RawValue =>
    isInfinite(value) ? null : compute(value);

/** A function of a date or timestamp. */
function ofInstant(
  name: string,
  summary: string,
  returns: DataType,
  example: readonly [string, string],
  compute: (value: RawValue) => RawValue,
): ScalarFunction {
  return {
    name,
    doc: dateDoc(summary, ['value'], example),
    overloads: instants.map(([key, type]) => rows(key, [type], returns, compute as (v: never) => RawValue)),
  };
}

/**
 * Microseconds since the epoch ÷ divisor × factor: instants are rounded half away from zero, the rest cut.
 * Throws RayexecError `overflow` for what no BIGINT holds.
 */
function epochIn(divisor: bigint, factor: bigint): readonly ScalarOverload[] {
  const convert = (micros: bigint): bigint => {
    const count = (micros / divisor) * factor;
    if (BigInt.asIntN(64, count) === count) return count;
    throw new RayexecError('overflow', `${count}, since 1970, does not fit BIGINT`);
  };
  const half = divisor / 2n;
  return [
    ...instants.map(([key, type]) =>
      rows(
        key,
        [type],
        INT64,
        ofFinite(v => {
          const micros = asMicros(v);
          return convert(micros < 0n ? micros - half : micros + half);
        }),
      ),
    ),
    ...(factor === 1n
      ? [
          rows(
            'nanos',
            [TIMESTAMP_NS],
            INT64,
            ofFinite(v => floorToMicros(v as bigint) / divisor),
          ),
        ]
      : []),
    rows('time', [TIME], INT64, (t: bigint) => convert(t)),
    rows('interval', [INTERVAL], INT64, ({ months, days, micros }: RawInterval) =>
      convert(BigInt(months * 30 + days) * MICROS_PER_DAY + micros),
    ),
  ];
}

/** Making dates, times and intervals, and functions of a day. */
export const dateMakeFunctions: readonly ScalarFunction[] = [
  {
    name: 'make_date',
    doc: dateDoc(
      'A date from year, month and day, or days since 1970-01-01.',
      ['year', 'month', 'day'],
      ['make_date(2024, 5, 6)', '2024-05-06'],
    ),
    overloads: [rows('parts', [INT64, INT64, INT64], DATE, dayOf), rows('days', [INT32], DATE, (d: number) => d)],
  },
  {
    name: 'make_time',
    doc: dateDoc(
      'A time from hour, minute and second.',
      ['hour', 'minute', 'second'],
      ['make_time(13, 4, 5.5)', '13:04:05.5'],
    ),
    overloads: [rows('parts', [INT64, INT64, FLOAT64], TIME, timeOfDay)],
  },
  {
    name: 'make_timestamp',
    doc: dateDoc(
      'A timestamp from its parts, or microseconds since 1970-01-01.',
      ['year', 'month', 'day', 'hour', 'minute', 'second'],
      ['make_timestamp(2024, 5, 6, 13, 4, 5.5)', '2024-05-06 13:04:05.5'],
    ),
    overloads: [
      rows(
        'parts',
        [INT64, INT64, INT64, INT64, INT64, FLOAT64],
        TIMESTAMP,
        (y: bigint, mo: bigint, d: bigint, h: bigint, mi: bigint, s: number) =>
          dayMicros(dayOf(y, mo, d)) + timeOfDay(h, mi, s),
      ),
      rows('micros', [INT64], TIMESTAMP, checkedMicros),
    ],
  },
  {
    name: 'make_timestamp_ms',
    doc: dateDoc(
      'A timestamp from milliseconds since 1970-01-01.',
      ['milliseconds'],
      ['make_timestamp_ms(5)', '1970-01-01 00:00:00.005'],
    ),
    overloads: [rows('millis', [INT64], TIMESTAMP, (n: bigint) => checkedMicros(n * 1000n))],
  },
  {
    name: 'make_timestamp_ns',
    doc: dateDoc(
      'A TIMESTAMP_NS from nanoseconds since 1970-01-01.',
      ['nanoseconds'],
      ['make_timestamp_ns(1000)', '1970-01-01 00:00:00.000001'],
    ),
    overloads: [rows('nanos', [INT64], TIMESTAMP_NS, checkedMicros)],
  },
  {
    name: 'to_timestamp',
    doc: dateDoc(
      'An instant from seconds since 1970-01-01.',
      ['seconds'],
      ['to_timestamp(1.5)', '1970-01-01 00:00:01.5+00'],
    ),
    overloads: [
      rows('seconds', [FLOAT64], TIMESTAMPTZ, (n: number) =>
        checkedMicros(Number.isFinite(n) ? BigInt(Math.round(n * 1e6)) : INFINITE_MICROS),
      ),
    ],
  },
  interval('to_millennia', months(12_000), 'An interval of so many thousand years.', '2000 years'),
  interval('to_centuries', months(1200), 'An interval of so many hundred years.', '200 years'),
  interval('to_decades', months(120), 'An interval of so many ten years.', '20 years'),
  interval('to_years', months(12), 'An interval of so many years.', '2 years'),
  interval('to_quarters', months(3), 'An interval of so many quarters.', '6 months'),
  interval('to_months', months(1), 'An interval of so many months.', '2 months'),
  interval('to_weeks', days(7), 'An interval of so many weeks.', '14 days'),
  interval('to_days', days(1), 'An interval of so many days.', '2 days'),
  interval('to_hours', time(3_600_000_000n), 'An interval of so many hours.', '02:00:00'),
  interval('to_minutes', time(60_000_000n), 'An interval of so many minutes.', '00:02:00'),
  fraction('to_seconds', 1e6, 'An interval of so many seconds.', '00:00:01.5'),
  fraction('to_milliseconds', 1000, 'An interval of so many milliseconds.', '00:00:00.0015'),
  interval('to_microseconds', time(1n), 'An interval of so many microseconds.', '00:00:00.000002'),
  ofInstant(
    'last_day',
    'The last day of the month.',
    DATE,
    ["last_day(DATE '2024-02-10')", '2024-02-29'],
    ofFinite(v => lastDayOfMonth(asDay(v))),
  ),
  ofInstant(
    'days_in_month',
    'How many days the month has.',
    INT64,
    ["days_in_month(DATE '2024-02-10')", '29'],
    ofFinite(v => BigInt(civilFromDays(lastDayOfMonth(asDay(v))).day)),
  ),
  {
    name: 'nanosecond',
    doc: dateDoc(
      'The nanoseconds of the minute.',
      ['value'],
      ["nanosecond(TIMESTAMP '2024-01-01 00:00:01.5')", '1500000000'],
    ),
    overloads: [
      rows('nanos', [TIMESTAMP_NS], INT64, (v: bigint) =>
        isInfinite(v) ? null : ((v % 60_000_000_000n) + 60_000_000_000n) % 60_000_000_000n,
      ),
      ...instants.map(([key, type]) =>
        rows(key, [type], INT64, (v: RawValue) => {
          const micros = asMicros(v);
          return isInfinite(v) ? null : (((micros % 60_000_000n) + 60_000_000n) % 60_000_000n) * 1000n;
        }),
      ),
      rows('interval', [INTERVAL], INT64, ({ micros }: RawInterval) => (micros % 60_000_000n) * 1000n),
    ],
  },
  ofInstant(
    'dayname',
    'The name of the day of the week.',
    UTF8,
    ["dayname(DATE '2024-05-06')", 'Monday'],
    ofFinite(v => formatTimestamp('%A', asMicros(v))),
  ),
  ofInstant(
    'monthname',
    'The name of the month.',
    UTF8,
    ["monthname(DATE '2024-05-06')", 'May'],
    ofFinite(v => formatTimestamp('%B', asMicros(v))),
  ),
  ofInstant(
    'isfinite',
    'Whether the date is not infinite.',
    BOOLEAN,
    ["isfinite(DATE '2024-05-06')", 'true'],
    v => !isInfinite(v),
  ),
  ofInstant('isinf', 'Whether the date is infinite.', BOOLEAN, ["isinf(DATE 'infinity')", 'true'], isInfinite),
  {
    name: 'epoch_ms',
    doc: dateDoc(
      'Milliseconds since 1970-01-01; of a number, the timestamp so many after it.',
      ['value'],
      ["epoch_ms(TIMESTAMP '1970-01-01 00:00:01')", '1000'],
    ),
    overloads: [...epochIn(1000n, 1n), rows('millis', [INT64], TIMESTAMP, (n: bigint) => checkedMicros(n * 1000n))],
  },
  {
    name: 'epoch_s',
    aliases: ['epoch'],
    doc: dateDoc(
      'The timestamp so many seconds after 1970-01-01.',
      ['seconds'],
      ['epoch_s(1675209600)', '2023-02-01 00:00:00'],
    ),
    overloads: [rows('seconds', [INT64], TIMESTAMP, (n: bigint) => checkedMicros(n * 1_000_000n))],
  },
  {
    name: 'epoch_us',
    doc: dateDoc('Microseconds since 1970-01-01.', ['value'], ["epoch_us(TIMESTAMP '1970-01-01 00:00:01')", '1000000']),
    overloads: epochIn(1n, 1n),
  },
  {
    name: 'epoch_ns',
    doc: dateDoc(
      'Nanoseconds since 1970-01-01.',
      ['value'],
      ["epoch_ns(TIMESTAMP '1970-01-01 00:00:01')", '1000000000'],
    ),
    overloads: [rows('nanos', [TIMESTAMP_NS], INT64, (v: bigint) => (isInfinite(v) ? null : v)), ...epochIn(1n, 1000n)],
  },
  {
    name: 'time_bucket',
    aliases: ['date_bin'],
    doc: dateDoc(
      'The start of the bucket of a width that a date or timestamp lies in; buckets may be moved by an offset or begin at an origin.',
      ['width', 'value', 'origin'],
      ["time_bucket(INTERVAL '15 minutes', TIMESTAMP '2024-05-06 13:04:05')", '2024-05-06 13:00:00'],
    ),
    overloads: [...instants.flatMap(([key, type]) => buckets(key, type)), ...bucketsOfTimes()],
  },
];

/** The time of day at which a bucket begins, when the time is one of the first day of 1970. */
const timeOf = (micros: bigint): bigint => ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;

function bucketsOfTimes(): readonly ScalarOverload[] {
  return [
    rows('time', [INTERVAL, TIME], TIME, (width: RawInterval, v: bigint) => timeOf(timeBucket(width, v))),
    rows('time-offset', [INTERVAL, TIME, INTERVAL], TIME, (width: RawInterval, v: bigint, offset: RawInterval) =>
      timeOf(shiftMicros(timeBucket(width, shiftMicros(v, offset, -1)), offset, 1)),
    ),
    rows('time-origin', [INTERVAL, TIME, TIME], TIME, (width: RawInterval, v: bigint, origin: bigint) =>
      timeOf(timeBucket(width, v, origin)),
    ),
  ];
}

function buckets(key: string, type: DataType): readonly ScalarOverload[] {
  // The start of an infinite value's bucket is that value.
  const start = (value: RawValue, of: (micros: bigint) => bigint): RawValue => {
    if (isInfinite(value)) return value;
    const micros = of(asMicros(value));
    return type === DATE ? microsDay(micros) : micros;
  };
  return [
    rows(key, [INTERVAL, type], type, (width: RawInterval, v: RawValue) => start(v, m => timeBucket(width, m))),
    rows(`${key}-offset`, [INTERVAL, type, INTERVAL], type, (width: RawInterval, v: RawValue, offset: RawInterval) =>
      start(v, m => shiftMicros(timeBucket(width, shiftMicros(m, offset, -1)), offset, 1)),
    ),
    rows(`${key}-origin`, [INTERVAL, type, type], type, (width: RawInterval, v: RawValue, origin: RawValue) =>
      isInfinite(origin) ? null : start(v, m => timeBucket(width, m, asMicros(origin))),
    ),
  ];
}
