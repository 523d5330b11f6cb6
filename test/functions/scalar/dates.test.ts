import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitNamed } from '../../../src/functions/date/date-unit.ts';
import { instantUnitOf } from '../../../src/functions/date/unit-of.ts';
import { dateFunctions } from '../../../src/functions/scalar/dates.ts';
import {
  addMonths,
  civilFromDays,
  daysFromCivil,
  INFINITE_DAYS,
  INFINITE_MICROS,
  isoWeek,
  splitMicros,
} from '../../../src/types/calendar.ts';
import * as t from '../../../src/types/data-type.ts';
import type { RawInterval, RawValue } from '../../../src/types/raw-value.ts';
import { type Argument, runScalar } from '../run-scalar.ts';

const fn = (name: string) => dateFunctions.find(f => f.name === name)!;
const run = (name: string, ...args: (readonly [t.DataType, RawValue])[]): RawValue => {
  const columns: Argument[] = args.map(([type, value], i) =>
    i === 0 && type === t.UTF8 ? { type, constant: value } : { type, values: [value] },
  );
  return runScalar(fn(name), { args: columns, count: 1 })[0]!;
};

const day = fc.oneof(fc.integer({ min: -800_000, max: 3_000_000 }), fc.integer({ min: -30_000, max: 30_000 }));
/** Also the first and last dates of all. */
const anyDay = fc.oneof(
  day,
  fc.integer({ min: -2_147_483_646, max: 2_147_483_646 }),
  fc.integer({ min: -2_147_483_646, max: -2_147_440_000 }),
);
const micros = fc.bigInt(-70_000_000_000_000_000n, 250_000_000_000_000_000n);
const interval: fc.Arbitrary<RawInterval> = fc.record({
  months: fc.integer({ min: -500, max: 500 }),
  days: fc.integer({ min: -5000, max: 5000 }),
  micros: fc.bigInt(-(10n ** 15n), 10n ** 15n),
});

describe('calendar', () => {
  it('agrees with Date', () => {
    fc.assert(
      fc.property(day, days => {
        const date = new Date(days * 86_400_000);
        const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
        expect(civilFromDays(days)).toEqual(civil);
        expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days);
      }),
    );
  });
  it('counts ISO weeks', () => {
    expect(isoWeek(daysFromCivil(2021, 1, 3))).toEqual({ year: 2020, week: 53 });
    expect(isoWeek(daysFromCivil(2021, 1, 4))).toEqual({ year: 2021, week: 1 });
    expect(isoWeek(daysFromCivil(2018, 12, 31))).toEqual({ year: 2019, week: 1 });
  });
});

const UNITS = [
  'year',
  'month',
  'day',
  'decade',
  'century',
  'millennium',
  'quarter',
  'week',
  'isoyear',
  'yearweek',
  'dow',
  'isodow',
  'doy',
  'era',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
];

describe.each(UNITS)('date_part of %s', unit => {
  const name: Argument = { type: t.UTF8, constant: unit };
  const oracle = (v: number | bigint | null): RawValue =>
    v === null ? null : BigInt(instantUnitOf(unitNamed(unit), v)!);
  it('is computed alike by kernels and calendar', () => {
    fc.assert(
      fc.property(fc.array(fc.option(anyDay), { minLength: 1, maxLength: 20 }), values => {
        expect(runScalar(fn('date_part'), { args: [name, { type: t.DATE, values }], count: values.length })).toEqual(
          values.map(oracle),
        );
      }),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(fc.array(fc.option(micros), { minLength: 1, maxLength: 20 }), values => {
        expect(
          runScalar(fn('date_part'), { args: [name, { type: t.TIMESTAMP, values }], count: values.length }),
        ).toEqual(values.map(oracle));
      }),
      { numRuns: 50 },
    );
  });
});

describe('date_part', () => {
  it('gives doubles for epoch, and for parts known row by row', () => {
    expect(run('epoch', [t.TIMESTAMP, 1_500_000n])).toBe(1.5);
    const args: Argument[] = [
      { type: t.UTF8, values: ['year', 'epoch'] },
      { type: t.DATE, values: [365, 1] },
    ];
    expect(runScalar(fn('date_part'), { args, count: 2 })).toEqual([1971, 86_400]);
  });
  it('is NULL for infinite dates', () => {
    expect(run('year', [t.DATE, INFINITE_DAYS])).toBe(null);
    expect(run('epoch', [t.TIMESTAMP, -INFINITE_MICROS])).toBe(null);
  });
  it('refuses unknown parts, and parts that a type does not have', () => {
    expect(() => run('date_part', [t.UTF8, 'yaer'], [t.DATE, 1])).toThrow(/no date part "yaer"[\s\S]*year/);
    expect(() => run('date_part', [t.UTF8, 'year'], [t.TIME, 1n])).toThrow(/TIME has no part "year"/);
    expect(() => run('date_part', [t.UTF8, 'dow'], [t.INTERVAL, { months: 1, days: 1, micros: 1n }])).toThrow(
      /INTERVAL has no part "dow"/,
    );
  });
});

describe('date_trunc', () => {
  it.each(['year', 'month', 'day', 'quarter', 'week', 'isoyear', 'hour', 'minute', 'second'])(
    'to %s gives the first instant with the same part',
    unit => {
      fc.assert(
        fc.property(micros, v => {
          const cut = run('date_trunc', [t.UTF8, unit], [t.TIMESTAMP, v]) as bigint;
          expect(cut).toBeLessThanOrEqual(v);
          const same = (x: bigint): string => {
            const { days } = splitMicros(x);
            const parts = {
              year: ['year'],
              month: ['year', 'month'],
              quarter: ['year', 'quarter'],
              week: ['yearweek'],
              isoyear: ['isoyear'],
            }[unit];
            if (parts !== undefined) return parts.map(p => instantUnitOf(unitNamed(p), x)).join();
            const clock = { day: [], hour: ['hour'], minute: ['hour', 'minute'], second: ['hour', 'minute', 'second'] }[
              unit
            ]!;
            return [days, ...clock.map(p => instantUnitOf(unitNamed(p), x))].join();
          };
          expect(same(cut)).toBe(same(v));
          expect(same(cut - 1n)).not.toBe(same(v));
        }),
        { numRuns: 60 },
      );
    },
  );
  it('takes another unit in each row', () => {
    const args: Argument[] = [
      { type: t.UTF8, values: ['day', 'hour', 'day', null] },
      { type: t.TIMESTAMP, values: [90_000_000_001n, 90_000_000_001n, null, 1n] },
    ];
    expect(runScalar(fn('date_trunc'), { args, count: 4 })).toEqual([86_400_000_000n, 90_000_000_000n, null, null]);
  });
});

describe('arithmetic', () => {
  it('adds intervals: months, then days, then time', () => {
    const oracle = (v: bigint, { months, days, micros: time }: RawInterval, sign: bigint): bigint => {
      const start = splitMicros(v);
      const moved = addMonths(start.days, months * Number(sign)) + days * Number(sign);
      return BigInt(moved) * 86_400_000_000n + start.time + time * sign;
    };
    fc.assert(
      fc.property(day, micros, interval, (d, ts, i) => {
        expect(run('+', [t.TIMESTAMP, ts], [t.INTERVAL, i])).toBe(oracle(ts, i, 1n));
        expect(run('+', [t.INTERVAL, i], [t.TIMESTAMP, ts])).toBe(oracle(ts, i, 1n));
        expect(run('-', [t.TIMESTAMP, ts], [t.INTERVAL, i])).toBe(oracle(ts, i, -1n));
        expect(run('+', [t.DATE, d], [t.INTERVAL, i])).toBe(oracle(BigInt(d) * 86_400_000_000n, i, 1n));
        expect(run('-', [t.DATE, d], [t.DATE, 17])).toBe(BigInt(d - 17));
        expect(run('-', [t.DATE, d], [t.INT32, 17])).toBe(d - 17);
      }),
    );
  });
  it('keeps to the range of timestamps', () => {
    const max = INFINITE_MICROS - 1n;
    const micro = (micros: bigint): readonly [t.DataType, RawValue] => [t.INTERVAL, { months: 0, days: 0, micros }];
    expect(run('+', [t.TIMESTAMP, max - 5n], micro(5n))).toBe(max);
    expect(() => run('+', [t.TIMESTAMP, max - 5n], micro(6n))).toThrow(/out of range/);
    expect(run('-', [t.TIMESTAMP, 5n - max], micro(5n))).toBe(-max);
    expect(() => run('-', [t.TIMESTAMP, 5n - max], micro(6n))).toThrow(/out of range/);
    expect(() => run('+', [t.DATE, 2_147_483_000], [t.INTERVAL, { months: 12, days: 0, micros: 0n }])).toThrow(
      /out of range/,
    );
    expect(() => run('+', [t.DATE, 2_147_483_640], [t.INT32, 10])).toThrow(/out of range/);
    expect(run('+', [t.DATE, INFINITE_DAYS], [t.INT32, 10])).toBe(INFINITE_DAYS);
    expect(() => run('-', [t.TIMESTAMP, max], [t.TIMESTAMP, -max])).toThrow(/out of range/);
  });
});

describe('text', () => {
  it('strftime and strptime are inverse', () => {
    fc.assert(
      fc.property(fc.bigInt(-60_000_000_000_000_000n, 250_000_000_000_000_000n), v => {
        for (const format of [
          '%Y-%m-%d %H:%M:%S.%f',
          '%A, %-d %B %Y, %I:%M:%S.%f %p',
          '%Y|%j|%H:%M:%S.%f',
          '%G-W%V-%u %T.%f',
          '%Y %U %w %X.%f',
          '%Y %W %w %X.%f',
        ]) {
          const text = run('strftime', [t.TIMESTAMP, v], [t.UTF8, format]);
          const args: Argument[] = [
            { type: t.UTF8, values: [text] },
            { type: t.UTF8, constant: format },
          ];
          expect([format, text, runScalar(fn('strptime'), { args, count: 1 })[0]]).toEqual([format, text, v]);
        }
      }),
      { numRuns: 100 },
    );
  });
  it('refuses bad formats and texts', () => {
    expect(() => run('strftime', [t.DATE, 1], [t.UTF8, '%Q'])).toThrow(/%Q is unknown/);
    expect(() => run('strftime', [t.DATE, 1], [t.UTF8, '100%'])).toThrow(/ends with %/);
    const parse = (name: string, text: string): unknown =>
      runScalar(fn(name), {
        args: [
          { type: t.UTF8, values: [text] },
          { type: t.UTF8, constant: '%Y-%m-%d' },
        ],
        count: 1,
      });
    expect(() => parse('strptime', '2024-02-30')).toThrow(/does not fit/);
    expect(parse('try_strptime', '2024-02-30')).toEqual([null]);
    expect(parse('strptime', ' 2024-2-3 ')).toEqual([BigInt(daysFromCivil(2024, 2, 3)) * 86_400_000_000n]);
  });
});
