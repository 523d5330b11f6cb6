import { DATE, type DataType, INT64, INTERVAL, TIME, TIMESTAMP, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import { ageBetween, unitsBetween, wholeUnitsBetween } from '../date/date-diff.ts';
import { type DateUnit, unitNamed } from '../date/date-unit.ts';
import { dateDoc } from '../date/documented.ts';
import { asMicros, isInfinite } from '../date/infinite.ts';
import { timeUnitOf } from '../date/unit-of.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type Distance = (unit: DateUnit, from: bigint, to: bigint) => bigint;

function distances(distance: Distance): readonly ScalarOverload[] {
  const overload = (key: string, type: DataType): ScalarOverload =>
    fixed(
      key,
      [UTF8, type, type],
      INT64,
      (ctx, call) =>
        mapRows(ctx, call, (unit, from, to) => {
          const named = unitNamed(unit as string);
          if (type === TIME) timeUnitOf(named, 0n);
          return isInfinite(from) || isInfinite(to) ? null : distance(named, asMicros(from), asMicros(to));
        }),
      { canFail: true },
    );
  return [
    overload('date', DATE),
    overload('timestamp', TIMESTAMP),
    overload('timestamptz', TIMESTAMPTZ),
    overload('time', TIME),
  ];
}

/** Distances between dates and times. */
export const dateDiffFunctions: readonly ScalarFunction[] = [
  {
    name: 'date_diff',
    aliases: ['datediff'],
    doc: dateDoc(
      'How many boundaries of the unit lie between two dates or times.',
      ['unit', 'from', 'to'],
      ["date_diff('month', DATE '2024-01-31', DATE '2024-02-01')", '1'],
    ),
    overloads: distances(unitsBetween),
  },
  {
    name: 'date_sub',
    aliases: ['datesub'],
    doc: dateDoc(
      'How many whole units lie between two dates or times.',
      ['unit', 'from', 'to'],
      ["date_sub('month', DATE '2024-01-31', DATE '2024-02-01')", '0'],
    ),
    overloads: distances(wholeUnitsBetween),
  },
  {
    name: 'age',
    doc: dateDoc(
      'The time from the second timestamp to the first in years, months, days and time.',
      ['later', 'earlier'],
      ["age(TIMESTAMP '2001-04-10', TIMESTAMP '1957-06-13')", '43 years 9 months 27 days'],
    ),
    overloads: [TIMESTAMP, TIMESTAMPTZ].map(type =>
      fixed(type === TIMESTAMP ? 'timestamp' : 'timestamptz', [type, type], INTERVAL, (ctx, call) =>
        mapRows(ctx, call, (a, b) => (isInfinite(a) || isInfinite(b) ? null : ageBetween(a as bigint, b as bigint))),
      ),
    ),
  },
];
