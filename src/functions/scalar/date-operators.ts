import { dateArithmeticOverloads } from '../date/date-arithmetic.ts';
import { dateDoc } from '../date/documented.ts';
import type { ScalarFunction } from '../function.ts';

const { '+': add, '-': subtract, '*': multiply, '/': divide, negate } = dateArithmeticOverloads;
const args = ['left', 'right'];

/** The operators of dates, times and intervals. */
export const dateOperators: readonly ScalarFunction[] = [
  {
    name: '+',
    aliases: ['add'],
    doc: dateDoc('A date or time moved by days or an interval.', args, [
      "DATE '2024-01-31' + INTERVAL '1 month'",
      '2024-02-29 00:00:00',
    ]),
    overloads: add,
  },
  {
    name: 'date_add',
    doc: dateDoc(
      'A date or time moved by days or an interval.',
      ['value', 'by'],
      ["date_add(DATE '2024-01-31', INTERVAL '1 month')", '2024-02-29 00:00:00'],
    ),
    overloads: add.filter(({ key }) => !['intervals', 'date-time', 'time-date'].includes(key)),
  },
  {
    name: '-',
    aliases: ['subtract'],
    doc: dateDoc('A date or time moved back; the days or the interval between two.', args, [
      "DATE '2024-03-01' - DATE '2024-02-28'",
      '2',
    ]),
    overloads: subtract,
  },
  {
    name: '*',
    aliases: ['multiply'],
    doc: dateDoc('A multiple of an interval.', args, ["INTERVAL '1 month' * 1.5", '1 month 15 days']),
    overloads: multiply,
  },
  {
    name: '/',
    aliases: ['divide'],
    doc: dateDoc('A part of an interval.', args, ["INTERVAL '3 days' / 2", '1 day 12:00:00']),
    overloads: divide,
  },
  {
    name: 'negate',
    doc: dateDoc('The interval turned around.', ['interval'], ["-(INTERVAL '1 day')", '-1 day']),
    overloads: negate,
  },
];
