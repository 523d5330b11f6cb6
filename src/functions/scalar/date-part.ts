import { implicitCastCost, literalText } from '../../types/coercion.ts';
import {
  DATE,
  type DataType,
  FLOAT64,
  INTERVAL,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  TIMETZ,
  UTF8,
} from '../../types/data-type.ts';
import { namedPartOf, partOf, typeWithParts, unitType } from '../date/date-part.ts';
import { truncateIntervals, truncateTimestamps } from '../date/date-trunc.ts';
import { type DateUnit, findUnit } from '../date/date-unit.ts';
import { dateDoc } from '../date/documented.ts';
import { inZone } from '../date/in-zone.ts';
import type { Fit, ScalarFunction } from '../function.ts';
import { fixed, generic } from '../overload.ts';

/** (VARCHAR, value): the part's name decides the type; one that is only known row by row gives DOUBLE. */
function fitPart([name, value, ...rest]: readonly DataType[]): Fit | undefined {
  if (name === undefined || value === undefined || rest.length > 0) return undefined;
  const type = typeWithParts(value);
  if (type === undefined || (name.kind !== 'utf8' && implicitCastCost(name, UTF8) === undefined)) return undefined;
  const unit = findUnit(literalText(name) ?? '');
  return { args: [UTF8, type], returns: unit === undefined ? FLOAT64 : unitType(unit), cost: 0 };
}

/** Functions of one part: name, unit, summary, whether times have it, example. */
const SINGLE: readonly [name: string, aliases: readonly string[], unit: DateUnit, summary: string][] = [
  ['year', [], 'year', 'The year.'],
  ['month', [], 'month', 'The month, 1 to 12.'],
  ['day', ['dayofmonth'], 'day', 'The day of the month.'],
  ['decade', [], 'decade', 'The year divided by ten.'],
  ['century', [], 'century', 'The century; 1901 to 2000 is the 20th.'],
  ['millennium', [], 'millennium', 'The millennium; 1001 to 2000 is the second.'],
  ['quarter', [], 'quarter', 'The quarter of the year, 1 to 4.'],
  ['week', ['weekofyear'], 'week', 'The ISO week.'],
  ['isoyear', [], 'isoyear', 'The year of the ISO week.'],
  ['yearweek', [], 'yearweek', 'ISO year and week as one number.'],
  ['dayofweek', ['weekday'], 'dow', 'The day of the week, Sunday 0.'],
  ['isodow', [], 'isodow', 'The day of the week, Monday 1 to Sunday 7.'],
  ['dayofyear', [], 'doy', 'The day of the year.'],
  ['era', [], 'era', '1, or 0 before Christ.'],
  ['hour', [], 'hour', 'The hour.'],
  ['minute', [], 'minute', 'The minute.'],
  ['second', [], 'second', 'The second.'],
  ['millisecond', [], 'millisecond', 'The milliseconds of the minute.'],
  ['microsecond', [], 'microsecond', 'The microseconds of the minute.'],
  ['epoch', [], 'epoch', 'Seconds since 1970-01-01, or of an interval.'],
  ['julian', [], 'julian', 'The Julian day.'],
];

const TIME_UNITS: readonly DateUnit[] = ['hour', 'minute', 'second', 'millisecond', 'microsecond', 'epoch'];
const DATE_ONLY: readonly DateUnit[] = ['week', 'isoyear', 'yearweek', 'dow', 'isodow', 'doy', 'era', 'julian'];

function typesWith(unit: DateUnit): readonly [string, DataType][] {
  const types: [string, DataType][] = [
    ['date', DATE],
    ['timestamp', TIMESTAMP],
    ['timestamp-ns', TIMESTAMP_NS],
    ['timestamptz', TIMESTAMPTZ],
  ];
  if (TIME_UNITS.includes(unit)) types.push(['time', TIME], ['timetz', TIMETZ]);
  if (!DATE_ONLY.includes(unit)) types.push(['interval', INTERVAL]);
  return types;
}

const example = (name: string, unit: DateUnit): [string, string] => {
  const values: Partial<Record<DateUnit, string>> = {
    year: '2024',
    month: '5',
    day: '6',
    decade: '202',
    century: '21',
    millennium: '3',
    quarter: '2',
    week: '19',
    isoyear: '2024',
    yearweek: '202419',
    dow: '1',
    isodow: '1',
    doy: '127',
    era: '1',
    hour: '13',
    minute: '4',
    second: '5',
    millisecond: '5678',
    microsecond: '5678000',
    epoch: '1715000645.678',
    julian: '2460437.544510162',
  };
  return [`${name}(TIMESTAMP '2024-05-06 13:04:05.678')`, values[unit]!];
};

/** Parts of dates and times, and cutting them to units. */
export const datePartFunctions: readonly ScalarFunction[] = [
  {
    name: 'date_part',
    aliases: ['datepart'],
    doc: dateDoc(
      'A part of a date, time, timestamp or interval; `extract(part FROM value)` is the same.',
      ['part', 'value'],
      ["date_part('year', DATE '2024-05-06')", '2024'],
      ["extract(epoch FROM INTERVAL '1 minute')", '60.0'],
    ),
    overloads: [generic('part', '(VARCHAR, TIMESTAMP) -> BIGINT', fitPart, namedPartOf, { canFail: true })],
  },
  ...SINGLE.map(
    ([name, aliases, unit, summary]): ScalarFunction => ({
      name,
      aliases,
      doc: dateDoc(summary, ['value'], example(name, unit)),
      overloads: [
        ...typesWith(unit).map(([key, type]) =>
          fixed(key, [type], unitType(unit), (ctx, call) => partOf(ctx, call, unit, call.args[0]!)),
        ),
        ...(unit === 'epoch'
          ? []
          : [inZone('zone', [TIMESTAMPTZ], unitType(unit), (ctx, call) => partOf(ctx, call, unit, call.args[0]!))]),
      ],
    }),
  ),
  {
    name: 'date_trunc',
    aliases: ['datetrunc'],
    doc: dateDoc(
      'The start of the unit that a timestamp lies in; an interval cut to a unit.',
      ['unit', 'value'],
      ["date_trunc('month', TIMESTAMP '2024-05-06 13:04:05')", '2024-05-01 00:00:00'],
    ),
    overloads: [
      fixed('timestamp', [UTF8, TIMESTAMP], TIMESTAMP, truncateTimestamps, { canFail: true }),
      fixed('timestamptz', [UTF8, TIMESTAMPTZ], TIMESTAMPTZ, truncateTimestamps, { canFail: true }),
      fixed('interval', [UTF8, INTERVAL], INTERVAL, truncateIntervals, { canFail: true }),
    ],
  },
];
