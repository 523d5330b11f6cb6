import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RawValue, type ValueOptions, valueReader } from '../../frontends/dataframe/index.ts';
import * as types from '../../src/types/data-type.ts';
import { nearestDouble } from '../../src/types/raw-to-js.ts';

const { decimal, INT64, INT128, DATE, TIMESTAMP, TIMESTAMPTZ } = types;
const NS: types.DataType = { kind: 'timestamp', unit: 'ns', zone: false };
const read = (type: types.DataType, raw: RawValue, options: ValueOptions = {}): unknown =>
  valueReader('c', type, options)(raw);

describe('integers', () => {
  it('of 64 and 128 bits are numbers while they fit, and never round', () => {
    expect(read(INT64, 42n)).toBe(42);
    expect(read(INT128, -(2n ** 53n) + 1n)).toBe(-(2 ** 53) + 1);
    expect(() => read(INT64, 9007199254740993n)).toThrow(
      "column 'c': 9007199254740993 is an integer beyond 2^53 - 1\nhint: ask for another form: collect({ int64: 'bigint' }) or collect({ int64: 'string' })",
    );
    expect(read(INT64, 9007199254740993n, { int64: 'bigint' })).toBe(9007199254740993n);
    expect(read(INT128, 2n ** 100n, { int64: 'string' })).toBe(String(2n ** 100n));
  });

  it('are exact or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), raw => {
        const fits = raw <= BigInt(Number.MAX_SAFE_INTEGER) && raw >= BigInt(Number.MIN_SAFE_INTEGER);
        if (fits) expect(BigInt(read(INT64, raw) as number)).toBe(raw);
        else expect(() => read(INT64, raw)).toThrow('2^53');
      }),
    );
  });
});

describe('decimals', () => {
  it('are the nearest double', () => {
    expect(read(decimal(15, 2), 5n)).toBe(0.05);
    expect(read(decimal(38, 10), -12345678901234567890123456789n)).toBe(Number('-1234567890123456789.0123456789'));
    expect(read(decimal(4, 0), 12n)).toBe(12);
    expect(read(decimal(4, 2), 150)).toBe(1.5);
  });

  it('round as the text does, at every scale', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.integer({ min: 0, max: 38 }), (raw, scale) => {
        expect(nearestDouble(raw, scale)).toBe(Number(`${raw}e-${scale}`));
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 38 }), (raw, scale) => {
        expect(nearestDouble(raw, scale)).toBe(Number(`${raw}e-${scale}`));
      }),
    );
  });

  it("are refused under 'exact' where a double prints other digits", () => {
    const exact: ValueOptions = { decimal: 'exact' };
    expect(read(decimal(15, 2), 123456789012345n, exact)).toBe(1234567890123.45);
    expect(read(decimal(38, 2), 10n ** 30n, exact)).toBe(1e28);
    expect(read(decimal(38, 20), 1n, exact)).toBe(1e-20);
    expect(() => read(decimal(20, 2), 12345678901234567891n, exact)).toThrow(
      "column 'c': 123456789012345678.91 is a decimal with more digits than a double keeps",
    );
  });

  it('are exact as text', () => {
    expect(read(decimal(20, 2), 12345678901234567891n, { decimal: 'string' })).toBe('123456789012345678.91');
    expect(read(decimal(3, 2), -5n, { decimal: 'string' })).toBe('-0.05');
    expect(read(decimal(3, 0), -5n, { decimal: 'string' })).toBe('-5');
  });
});

describe('dates and times', () => {
  it('are Dates at UTC', () => {
    expect(read(DATE, 10471)).toEqual(new Date('1998-09-02T00:00:00Z'));
    expect(read(TIMESTAMP, 1_500n)).toEqual(new Date(1));
    expect(read(TIMESTAMP, -1n)).toEqual(new Date(-1)); // 1969-12-31 23:59:59.999999, cut to milliseconds
    expect(read(NS, 1_999_999n)).toEqual(new Date(1));
    expect(read({ kind: 'timestamp', unit: 's', zone: false }, 2n)).toEqual(new Date(2000));
  });

  it('keep all digits as text or microseconds', () => {
    expect(read(DATE, 10471, { date: 'string' })).toBe('1998-09-02');
    expect(read(DATE, 10471, { date: 'days' })).toBe(10471);
    expect(read(TIMESTAMP, -1n, { timestamp: 'string' })).toBe('1969-12-31 23:59:59.999999');
    expect(read(TIMESTAMPTZ, 500_000n, { timestamp: 'string' })).toBe('1970-01-01 00:00:00.5+00');
    expect(read(NS, 1_999n, { timestamp: 'micros' })).toBe(1n);
    expect(read(types.TIME, 45_296_120_000n)).toBe('12:34:56.12');
  });

  it('outside the range of Date are refused', () => {
    expect(() => read(DATE, 2_000_000_000)).toThrow('is a date outside the range of Date');
    expect(() => read(TIMESTAMP, 2n ** 63n - 1n)).toThrow(
      "column 'c': infinity is a timestamp outside the range of Date",
    );
  });

  it('agree with Date wherever that goes', () => {
    const day = fc.integer({ min: -719_162, max: 2_932_896 }); // the years 1 to 9999
    fc.assert(
      fc.property(day, days => {
        expect(read(DATE, days, { date: 'string' })).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  it('are Temporal objects where there are any', () => {
    const from = (text: string): object => ({ from: text });
    const scope = globalThis as { Temporal?: unknown };
    const before = scope.Temporal;
    try {
      scope.Temporal = { PlainDate: { from }, PlainDateTime: { from }, Instant: { from } };
      expect(read(DATE, 0, { date: 'temporal' })).toEqual({ from: '1970-01-01' });
      expect(read(TIMESTAMP, 1n, { timestamp: 'temporal' })).toEqual({ from: '1970-01-01 00:00:00.000001' });
      expect(read(TIMESTAMPTZ, 1n, { timestamp: 'temporal' })).toEqual({ from: '1970-01-01T00:00:00.000001Z' });
      scope.Temporal = undefined;
      expect(() => read(DATE, 0, { date: 'temporal' })).toThrow('this runtime has no Temporal');
    } finally {
      scope.Temporal = before;
    }
  });
});

describe('nested values', () => {
  it('are arrays, objects and Maps, with the options inside', () => {
    expect(read(types.list(INT64), [1n, null])).toEqual([1, null]);
    expect(read(types.list(INT64), [1n], { int64: 'bigint' })).toEqual([1n]);
    const struct = types.struct([
      { name: 'a', type: INT64 },
      { name: 'b', type: types.list(DATE) },
    ]);
    expect(read(struct, [1n, [0]])).toEqual({ a: 1, b: [new Date(0)] });
    expect(read({ kind: 'map', key: types.UTF8, value: INT64 }, [['k', 1n]])).toEqual(new Map([['k', 1]]));
    const union: types.DataType = {
      kind: 'union',
      members: [
        { name: 'n', type: INT64 },
        { name: 's', type: types.UTF8 },
      ],
    };
    expect(read(union, [1, 'x'])).toBe('x');
    expect(() => read(struct, [2n ** 60n, []])).toThrow("column 'c.a'");
  });

  it('pass through what JavaScript has', () => {
    expect(read(types.UTF8, 'x')).toBe('x');
    expect(read(types.BOOLEAN, false)).toBe(false);
    expect(read(types.FLOAT64, Number.NaN)).toBeNaN();
    expect(read(types.INTERVAL, { months: 1, days: 2, micros: 3n })).toEqual({ months: 1, days: 2, micros: 3 });
    expect(read(INT64, null)).toBe(null);
  });
});
