import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { dayMicros, MICROS_PER_DAY } from '../../types/calendar.ts';
import { implicitCastCost, literalText } from '../../types/coercion.ts';
import { DATE, type DataType, FLOAT64, INT64, INTERVAL, TIMESTAMP, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import { TimeZone } from '../../types/time-zone.ts';
import { checkedDay } from '../date/checked-day.ts';
import { ageBetween, lastDayOfMonth, unitsBetween, wholeUnitsBetween } from '../date/date-diff.ts';
import { inType, unitType, unitValue } from '../date/date-part.ts';
import { truncateTimestamps } from '../date/date-trunc.ts';
import { type DateUnit, findUnit, unitNamed, unitNumber } from '../date/date-unit.ts';
import { dateDoc } from '../date/documented.ts';
import { inZone } from '../date/in-zone.ts';
import { isInfinite } from '../date/infinite.ts';
import { checkedInterval } from '../date/interval-arithmetic.ts';
import { formatTimestamp } from '../date/strftime.ts';
import { timeBucket } from '../date/time-bucket.ts';
import { timeOfDay } from '../date/time-of-day.ts';
import { shiftEach } from '../date/zone-shift.ts';
import { instantsBetween, moveInstant } from '../date/zoned-interval.ts';
import type { EvalContext, Fit, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed, generic } from '../overload.ts';
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

const zoneOf = (name: RawValue | undefined): TimeZone => TimeZone.named(name as string);
const microsOf = (value: RawValue | undefined): bigint => value as bigint;

const OFFSET_UNITS: readonly DateUnit[] = ['timezone', 'timezone_hour', 'timezone_minute'];
/** Parts that all zones have in common. */
const SHARED_UNITS: readonly DateUnit[] = ['epoch'];

function partInZone(unit: DateUnit, instant: bigint, zone: TimeZone): number | null {
  if (isInfinite(instant)) return null;
  if (SHARED_UNITS.includes(unit)) return unitValue(unit, TIMESTAMP, instant);
  if (!OFFSET_UNITS.includes(unit)) return unitValue(unit, TIMESTAMP, zone.toClock(instant));
  const seconds = Number(zone.offsetAt(instant) / 1_000_000n);
  if (unit === 'timezone') return seconds;
  return unit === 'timezone_hour' ? Math.trunc(seconds / 3600) : Math.trunc(seconds / 60) % 60;
}

function fitPart([name, value, zone, ...rest]: readonly DataType[]): Fit | undefined {
  if (name === undefined || value?.kind !== 'timestamp' || !value.zone || zone === undefined || rest.length > 0)
    return undefined;
  if (implicitCastCost(name, UTF8) === undefined || implicitCastCost(zone, UTF8) === undefined) return undefined;
  const unit = findUnit(literalText(name) ?? '');
  return { args: [UTF8, TIMESTAMPTZ, UTF8], returns: unit === undefined ? FLOAT64 : unitType(unit), cost: 0 };
}

/** `date_trunc(unit, instant, zone)`: units within an hour are cut off the instant, whose clock may show that hour twice. */
function truncate(ctx: EvalContext, call: ScalarCall): Vector {
  const [names, instants, zone] = call.args as readonly [Vector, Vector, Vector];
  const clocks = shiftEach(ctx, instants, zone, call.rows, 'clock');
  const cut = truncateTimestamps(ctx, { ...call, args: [names, clocks], type: TIMESTAMP });
  const { data } = shiftEach(ctx, cut, zone, call.rows, 'instant');
  if (!mayBeWithinHour(ctx, names)) return Vector.flat(TIMESTAMPTZ, call.rows.count, data, call.validity);
  return mapRows(
    ctx,
    { ...call, args: [names, instants, clocks, cut, Vector.flat(TIMESTAMPTZ, call.rows.count, data)] },
    (name, instant, clock, start, back) => {
      const isWithin = unitNumber(unitNamed(name as string)) >= unitNumber('minute');
      return isWithin ? microsOf(instant) - (microsOf(clock) - microsOf(start)) : (back as RawValue);
    },
  );
}

function mayBeWithinHour({ memory }: EvalContext, names: Vector): boolean {
  if (names.form !== 'constant') return true;
  const [address, length] = memory.u32.subarray(names.data >>> 2, (names.data >>> 2) + 2);
  const unit = findUnit(new TextDecoder().decode(memory.u8.slice(address!, address! + length!)));
  return unit === undefined || unitNumber(unit) >= unitNumber('minute');
}

/** The start of the unit that an instant lies in, for what counts units. */
function unitStart(unit: DateUnit, instant: bigint, zone: TimeZone): bigint {
  const length = unit === 'hour' ? 3_600_000_000n : unit === 'minute' ? 60_000_000n : 1n;
  const clock = zone.toClock(instant);
  const rest = clock % length;
  return instant - (rest < 0n ? rest + length : rest);
}

const isTimeUnit = (unit: DateUnit): boolean =>
  unit === 'epoch' || (unitNumber(unit) >= unitNumber('hour') && unitNumber(unit) <= unitNumber('microsecond'));

function distances(compute: (unit: DateUnit, from: bigint, to: bigint, zone: TimeZone) => bigint): ScalarOverload {
  return rows(
    'zone',
    [UTF8, TIMESTAMPTZ, TIMESTAMPTZ, UTF8],
    INT64,
    (name: string, from: bigint, to: bigint, zone: string) => {
      const unit = unitNamed(name);
      return isInfinite(from) || isInfinite(to) ? null : compute(unit, from, to, zoneOf(zone));
    },
  );
}

const negated = ({ months, days, micros }: RawInterval): RawInterval => checkedInterval(-months, -days, -micros);

const formatIn = (instant: RawValue | undefined, format: RawValue | undefined, zone: RawValue | undefined): string => {
  const micros = microsOf(instant);
  if (isInfinite(micros)) return micros > 0n ? 'infinity' : '-infinity';
  const known = zoneOf(zone);
  return formatTimestamp(format as string, known.toClock(micros), {
    name: known.name,
    offset: Number(known.offsetAt(micros) / 1_000_000n),
  });
};

const dayInZone = (
  name: string,
  summary: string,
  returns: DataType,
  example: readonly [string, string],
  compute: (days: number) => RawValue,
): ScalarFunction => ({
  name,
  doc: dateDoc(summary, ['value', 'zone'], example),
  overloads: [
    inZone('zone', [TIMESTAMPTZ], returns, (ctx, call) =>
      mapRows(ctx, { ...call, args: [call.args[0]!] }, v => (isInfinite(v) ? null : compute(dayNumber(microsOf(v))))),
    ),
  ],
});

const dayNumber = (micros: bigint): number =>
  Number((micros - (((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY)) / MICROS_PER_DAY);

const instantOf = (y: bigint, mo: bigint, d: bigint, h: bigint, mi: bigint, s: number, zone: string): bigint =>
  zoneOf(zone).toInstant(dayMicros(checkedDay(Number(y), Number(mo), Number(d))) + timeOfDay(h, mi, s));

const SUMMER = "TIMESTAMPTZ '2024-07-01 12:00:00+00'";
const BERLIN = "'Europe/Berlin'";

/**
 * Instants by the calendar and clocks of a time zone, which the last argument names. In a session with a time zone of its
 * own, calls without one mean that.
 */
export const zoneFunctions: readonly ScalarFunction[] = [
  {
    name: 'timezone',
    doc: dateDoc(
      '`value AT TIME ZONE zone`: what clocks show there at an instant; the instant at which they show a timestamp.',
      ['zone', 'value'],
      [`timezone(${BERLIN}, ${SUMMER})`, '2024-07-01 14:00:00'],
      [`TIMESTAMP '2024-07-01 12:00:00' AT TIME ZONE ${BERLIN}`, '2024-07-01 10:00:00+00'],
    ),
    overloads: [zoneShift('timestamp', TIMESTAMP, TIMESTAMPTZ), zoneShift('timestamptz', TIMESTAMPTZ, TIMESTAMP)],
  },
  ...OFFSET_UNITS.map(
    (unit): ScalarFunction => ({
      name: unit === 'timezone' ? 'timezone_offset' : unit,
      doc: dateDoc(
        unit === 'timezone'
          ? 'Seconds that clocks of a zone are ahead of UTC at an instant.'
          : `The ${unit === 'timezone_hour' ? 'hours' : 'minutes within the hour'} that clocks of a zone are ahead of UTC at an instant.`,
        ['value', 'zone'],
        [
          `${unit === 'timezone' ? 'timezone_offset' : unit}(${SUMMER}, 'Asia/Kolkata')`,
          unit === 'timezone' ? '19800' : unit === 'timezone_hour' ? '5' : '30',
        ],
      ),
      overloads: [
        rows('utc', [TIMESTAMPTZ], INT64, (t: bigint) => (isInfinite(t) ? null : 0n)),
        rows('zone', [TIMESTAMPTZ, UTF8], INT64, (t: bigint, zone: string) =>
          inType(INT64, partInZone(unit, t, zoneOf(zone))),
        ),
      ],
    }),
  ),
  {
    name: 'date_part',
    doc: dateDoc('A part of an instant.', ['part', 'value', 'zone'], [`date_part('hour', ${SUMMER}, ${BERLIN})`, '14']),
    overloads: [
      generic(
        'zone',
        '(VARCHAR, TIMESTAMP WITH TIME ZONE, VARCHAR) -> BIGINT',
        fitPart,
        (ctx, call) =>
          mapRows(ctx, call, (name, instant, zone) =>
            inType(call.type, partInZone(unitNamed(name as string), microsOf(instant), zoneOf(zone))),
          ),
        { canFail: true },
      ),
    ],
  },
  {
    name: 'date_trunc',
    doc: dateDoc(
      'The start of the unit that an instant lies in.',
      ['unit', 'value', 'zone'],
      [`date_trunc('day', ${SUMMER}, ${BERLIN})`, '2024-06-30 22:00:00+00'],
    ),
    overloads: [fixed('zone', [UTF8, TIMESTAMPTZ, UTF8], TIMESTAMPTZ, truncate, { canFail: true })],
  },
  dayInZone(
    'last_day',
    'The last day of the month.',
    DATE,
    [`last_day(${SUMMER}, ${BERLIN})`, '2024-07-31'],
    lastDayOfMonth,
  ),
  dayInZone('dayname', 'The name of the day of the week.', UTF8, [`dayname(${SUMMER}, ${BERLIN})`, 'Monday'], d =>
    formatTimestamp('%A', dayMicros(d)),
  ),
  dayInZone('monthname', 'The name of the month.', UTF8, [`monthname(${SUMMER}, ${BERLIN})`, 'July'], d =>
    formatTimestamp('%B', dayMicros(d)),
  ),
  {
    name: 'date_diff',
    aliases: ['datediff'],
    doc: dateDoc(
      'How many boundaries of the unit lie between two instants.',
      ['unit', 'from', 'to', 'zone'],
      [`date_diff('day', ${SUMMER}, TIMESTAMPTZ '2024-07-01 22:00:00+00', ${BERLIN})`, '1'],
    ),
    overloads: [
      distances((unit, from, to, zone) =>
        isTimeUnit(unit)
          ? unitsBetween(unit, unitStart(unit, from, zone), unitStart(unit, to, zone))
          : unitsBetween(unit, zone.toClock(from), zone.toClock(to)),
      ),
    ],
  },
  {
    name: 'date_sub',
    aliases: ['datesub'],
    doc: dateDoc(
      'How many whole units lie between two instants.',
      ['unit', 'from', 'to', 'zone'],
      [`date_sub('hour', ${SUMMER}, TIMESTAMPTZ '2024-07-01 22:30:00+00', ${BERLIN})`, '10'],
    ),
    overloads: [
      distances((unit, from, to, zone) =>
        isTimeUnit(unit)
          ? wholeUnitsBetween(unit, from, to)
          : wholeUnitsBetween(unit, zone.toClock(from), zone.toClock(to)),
      ),
    ],
  },
  {
    name: 'age',
    doc: dateDoc(
      'The time between two instants in years, months, days and time.',
      ['later', 'earlier', 'zone'],
      [`age(${SUMMER}, TIMESTAMPTZ '2024-01-01 12:00:00+00', ${BERLIN})`, '6 months 01:00:00'],
    ),
    overloads: [
      rows('zone', [TIMESTAMPTZ, TIMESTAMPTZ, UTF8], INTERVAL, (a: bigint, b: bigint, zone: string) =>
        isInfinite(a) || isInfinite(b) ? null : ageBetween(zoneOf(zone).toClock(a), zoneOf(zone).toClock(b)),
      ),
    ],
  },
  {
    name: 'date_add',
    doc: dateDoc(
      'An instant moved by an interval; the time of day stays when it is moved by days.',
      ['value', 'by', 'zone'],
      [`date_add(TIMESTAMPTZ '2024-03-30 12:00:00+00', INTERVAL 1 DAY, ${BERLIN})`, '2024-03-31 11:00:00+00'],
    ),
    overloads: [
      rows('zone', [TIMESTAMPTZ, INTERVAL, UTF8], TIMESTAMPTZ, (t: bigint, by: RawInterval, zone: string) =>
        checkedInstant(moveInstant(t, by, zoneOf(zone))),
      ),
      rows('zone-swapped', [INTERVAL, TIMESTAMPTZ, UTF8], TIMESTAMPTZ, (by: RawInterval, t: bigint, zone: string) =>
        checkedInstant(moveInstant(t, by, zoneOf(zone))),
      ),
    ],
  },
  {
    name: 'date_subtract',
    doc: dateDoc(
      'An instant moved back by an interval; the days and the time between two instants.',
      ['value', 'by', 'zone'],
      [`date_subtract(TIMESTAMPTZ '2024-03-31 12:00:00+00', INTERVAL 1 DAY, ${BERLIN})`, '2024-03-30 13:00:00+00'],
    ),
    overloads: [
      rows('zone', [TIMESTAMPTZ, INTERVAL, UTF8], TIMESTAMPTZ, (t: bigint, by: RawInterval, zone: string) =>
        checkedInstant(moveInstant(t, negated(by), zoneOf(zone))),
      ),
      rows('zone-instants', [TIMESTAMPTZ, TIMESTAMPTZ, UTF8], INTERVAL, (a: bigint, b: bigint, zone: string) => {
        if (isInfinite(a) || isInfinite(b))
          throw new RayexecError('invalid-argument', 'infinite timestamps have no distance');
        return instantsBetween(a, b, zoneOf(zone));
      }),
    ],
  },
  {
    name: 'strftime',
    doc: dateDoc(
      'An instant as text, with the clocks of a zone.',
      ['value', 'format', 'zone'],
      [`strftime(${SUMMER}, '%H:%M %z %Z', ${BERLIN})`, '14:00 +02 Europe/Berlin'],
    ),
    overloads: [
      rows('zone', [TIMESTAMPTZ, UTF8, UTF8], UTF8, (t: bigint, format: string, zone: string) =>
        formatIn(t, format, zone),
      ),
      rows('format-zone', [UTF8, TIMESTAMPTZ, UTF8], UTF8, (format: string, t: bigint, zone: string) =>
        formatIn(t, format, zone),
      ),
    ],
  },
  {
    name: 'time_bucket',
    aliases: ['date_bin'],
    doc: dateDoc(
      'The start of the bucket that an instant lies in, where buckets begin by the clocks of a zone.',
      ['width', 'value', 'zone'],
      [`time_bucket(INTERVAL 1 DAY, ${SUMMER}, ${BERLIN})`, '2024-06-30 22:00:00+00'],
    ),
    overloads: [
      inZone('zone', [INTERVAL, TIMESTAMPTZ], TIMESTAMPTZ, (ctx, call) =>
        mapRows(ctx, { ...call, args: call.args.slice(0, 2) }, (width, v) =>
          isInfinite(v) ? v : timeBucket(width as RawInterval, microsOf(v)),
        ),
      ),
    ],
  },
  {
    name: 'make_timestamptz',
    doc: dateDoc(
      'An instant from what clocks of a zone show then, or from microseconds since 1970-01-01.',
      ['year', 'month', 'day', 'hour', 'minute', 'second', 'zone'],
      [`make_timestamptz(2024, 7, 1, 14, 0, 0, ${BERLIN})`, '2024-07-01 12:00:00+00'],
    ),
    overloads: [
      rows(
        'parts',
        [INT64, INT64, INT64, INT64, INT64, FLOAT64],
        TIMESTAMPTZ,
        (y: bigint, mo: bigint, d: bigint, h: bigint, mi: bigint, s: number) => instantOf(y, mo, d, h, mi, s, 'UTC'),
      ),
      rows('zone', [INT64, INT64, INT64, INT64, INT64, FLOAT64, UTF8], TIMESTAMPTZ, instantOf),
      rows('micros', [INT64], TIMESTAMPTZ, checkedInstant),
    ],
  },
];

function zoneShift(key: string, from: DataType, to: DataType): ScalarOverload {
  return fixed(
    key,
    [UTF8, from],
    to,
    (ctx, call) => {
      const [zone, value] = call.args as readonly [Vector, Vector];
      const { data } = shiftEach(ctx, value, zone, call.rows, to === TIMESTAMP ? 'clock' : 'instant');
      return Vector.flat(to, call.rows.count, data, call.validity);
    },
    { canFail: true },
  );
}

function checkedInstant(micros: bigint): bigint {
  if (BigInt.asIntN(64, micros) === micros) return micros;
  throw new RayexecError('overflow', 'a timestamp is out of range');
}
