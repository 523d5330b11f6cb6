import { RayexecError } from '../../common/errors.ts';
import { dayMicros, INFINITE_DAYS, INFINITE_MICROS, MICROS_PER_DAY } from '../../types/calendar.ts';
import { DATE, type DataType, INT64, INTERVAL, TIMESTAMPTZ, TIMETZ, UINT64, UTF8 } from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import { TimeZone } from '../../types/time-zone.ts';
import {
  currentOffset,
  MAX_OFFSET_SECONDS,
  packZonedTime,
  unpackZonedTime,
  type ZonedTime,
} from '../../types/zoned-time.ts';
import { dateDoc } from '../date/documented.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { rowOverload } from './row-overload.ts';

const inDay = (micros: bigint): bigint => ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;

function move(packed: bigint, micros: bigint): bigint {
  const time = unpackZonedTime(packed);
  return packZonedTime({ ...time, micros: inDay(time.micros + micros) });
}

/** The time at which clocks elsewhere show what these show. */
function moveTo(packed: bigint, offset: number): bigint {
  if (Math.abs(offset) > MAX_OFFSET_SECONDS)
    throw new RayexecError('invalid-argument', 'clocks are less than 16 hours ahead of UTC or behind it');
  const time = unpackZonedTime(packed);
  return packZonedTime({ micros: inDay(time.micros + BigInt(offset - time.offset) * 1_000_000n), offset });
}

/** The instant of a time on a day. */
function onDay(date: number, packed: bigint): bigint {
  if (Math.abs(date) === INFINITE_DAYS) return date < 0 ? -INFINITE_MICROS : INFINITE_MICROS;
  const { micros, offset } = unpackZonedTime(packed);
  const instant = dayMicros(date) + micros - BigInt(offset) * 1_000_000n;
  if (instant >= INFINITE_MICROS || instant <= -INFINITE_MICROS)
    throw new RayexecError('overflow', 'a timestamp is out of range');
  return instant;
}

const add: readonly ScalarOverload[] = [
  rowOverload('timetz-interval', [TIMETZ, INTERVAL], TIMETZ, (t: bigint, by: RawInterval) => move(t, by.micros)),
  rowOverload('interval-timetz', [INTERVAL, TIMETZ], TIMETZ, (by: RawInterval, t: bigint) => move(t, by.micros)),
  rowOverload('date-timetz', [DATE, TIMETZ], TIMESTAMPTZ, onDay),
  rowOverload('timetz-date', [TIMETZ, DATE], TIMESTAMPTZ, (t: bigint, date: number) => onDay(date, t)),
];

const parts = (name: string, summary: string, result: string, compute: (offset: number) => number): ScalarFunction => ({
  name,
  doc: dateDoc(summary, ['time'], [`${name}(TIMETZ '12:00:00+05:30')`, result]),
  overloads: [part(t => BigInt(compute(t.offset)))],
});

const part = (compute: (time: ZonedTime) => RawValue, returns: DataType = INT64): ScalarOverload =>
  rowOverload('timetz', [TIMETZ], returns, (t: bigint) => compute(unpackZonedTime(t)));

/** What has no unit of its own in `date_part`, in nanoseconds or counts of others. */
const counted = (
  name: string,
  summary: string,
  result: string,
  compute: (micros: bigint) => bigint,
): ScalarFunction => ({
  name,
  doc: dateDoc(summary, ['time'], [`${name}(TIMETZ '00:00:01.5+02')`, result]),
  overloads: [part(t => compute(t.micros))],
});

/** Times with a zone: moving them, and what they alone have. */
export const zonedTimes: readonly ScalarFunction[] = [
  {
    name: '+',
    doc: dateDoc(
      'A time with its zone moved by an interval, within the day; its instant on a day.',
      ['left', 'right'],
      ["TIMETZ '23:30:00+02' + INTERVAL '1 hour'", '00:30:00+02'],
      ["DATE '2024-05-06' + TIMETZ '12:00:00+02'", '2024-05-06 10:00:00+00'],
    ),
    overloads: add,
  },
  {
    name: 'date_add',
    doc: dateDoc(
      'A time moved by an interval.',
      ['value', 'by'],
      ["date_add(TIMETZ '12:00:00+02', INTERVAL '1 hour')", '13:00:00+02'],
    ),
    overloads: add.slice(0, 2),
  },
  {
    name: '-',
    doc: dateDoc(
      'A time with its zone moved back, within the day.',
      ['left', 'right'],
      ["TIMETZ '00:30:00+02' - INTERVAL '1 hour'", '23:30:00+02'],
    ),
    overloads: [
      rowOverload('timetz-interval', [TIMETZ, INTERVAL], TIMETZ, (t: bigint, by: RawInterval) => move(t, -by.micros)),
    ],
  },
  {
    name: 'timezone',
    doc: dateDoc(
      '`time AT TIME ZONE zone`: the same time by the clocks of a zone now, or of an offset; seconds that its own are ahead of UTC.',
      ['zone', 'time'],
      ["timezone('UTC', TIMETZ '12:00:00+02')", '10:00:00+00'],
      ["timezone(INTERVAL '1 hour', TIMETZ '12:00:00+02')", '11:00:00+01'],
      ["timezone(TIMETZ '12:00:00+02')", '7200'],
    ),
    overloads: [
      rowOverload('zone-timetz', [UTF8, TIMETZ], TIMETZ, (zone: string, t: bigint) =>
        moveTo(t, currentOffset(TimeZone.named(zone))),
      ),
      rowOverload('interval-timetz', [INTERVAL, TIMETZ], TIMETZ, ({ micros }: RawInterval, t: bigint) =>
        moveTo(t, Number(micros / 1_000_000n)),
      ),
      part(t => BigInt(t.offset)),
    ],
  },
  parts('timezone_hour', 'The whole hours that the clocks of a time are ahead of UTC.', '5', s => Math.trunc(s / 3600)),
  parts(
    'timezone_minute',
    'The minutes within the hour that the clocks of a time are ahead of UTC.',
    '30',
    s => Math.trunc(s / 60) % 60,
  ),
  counted('nanosecond', 'The nanoseconds of the minute.', '1500000000', t => (t % 60_000_000n) * 1000n),
  counted('epoch_ms', 'Milliseconds since midnight.', '1500', t => t / 1000n),
  counted('epoch_us', 'Microseconds since midnight.', '1500000', t => t),
  counted('epoch_ns', 'Nanoseconds since midnight.', '1500000000', t => t * 1000n),
  {
    name: 'timetz_byte_comparable',
    doc: dateDoc(
      'A number in the order of times with a zone.',
      ['time'],
      ["timetz_byte_comparable(TIMETZ '12:00:00+02') < timetz_byte_comparable(TIMETZ '12:00:00+01')", 'true'],
    ),
    overloads: [
      rowOverload('timetz', [TIMETZ], UINT64, (t: bigint) => t + ((BigInt(MAX_OFFSET_SECONDS) * 1_000_000n) << 24n)),
    ],
  },
];
