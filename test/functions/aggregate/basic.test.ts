import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avg } from '../../../src/functions/aggregate/avg.ts';
import { count } from '../../../src/functions/aggregate/count.ts';
import { max } from '../../../src/functions/aggregate/max.ts';
import { min } from '../../../src/functions/aggregate/min.ts';
import { sum } from '../../../src/functions/aggregate/sum.ts';
import type { AggregateFunction } from '../../../src/functions/function.ts';
import * as t from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { agrees, type Case, type Values } from './agrees.ts';
import { runAggregate } from './run-aggregate.ts';

const signed = (bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'a', 'aa', 'aaaaaaaaa', 'aaaaaaaab'),
);
const small: Case[] = [
  { type: t.INT8, value: fc.integer({ min: -128, max: 127 }) },
  { type: t.INT16, value: fc.integer({ min: -32768, max: 32767 }) },
  { type: t.INT32, value: fc.integer() },
  { type: t.UINT8, value: fc.integer({ min: 0, max: 255 }) },
  { type: t.UINT16, value: fc.integer({ min: 0, max: 65535 }) },
  { type: t.UINT32, value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  { type: t.INT64, value: signed(64) },
  { type: t.UINT64, value: fc.bigInt(0n, (1n << 64n) - 1n) },
  { type: t.decimal(18, 3), value: signed(60) },
  { type: t.INT128, value: signed(100) },
  { type: t.decimal(38, 5), value: signed(100) },
];
const floats: Case[] = [
  { type: t.FLOAT64, value: fc.double() },
  { type: t.FLOAT32, value: fc.float() },
];
const others: Case[] = [
  { type: t.BOOLEAN, value: fc.boolean() },
  { type: t.UTF8, value: text },
  { type: t.DATE, value: fc.integer() },
  { type: t.TIMESTAMP, value: signed(64) },
  { type: t.UUID, value: fc.uuid() },
  {
    type: t.INTERVAL,
    value: fc.record({
      months: fc.integer({ min: -9, max: 9 }),
      days: fc.integer({ min: -99, max: 99 }),
      micros: signed(38),
    }),
  },
];

const fold = (values: Values, better: (a: RawValue, b: RawValue) => boolean): RawValue =>
  values.length === 0 ? null : values.reduce((a, b) => (better(b, a) ? b : a));

/** A key whose `<` is the type's order. */
function order(type: t.DataType): (a: RawValue, b: RawValue) => number {
  if (type.kind === 'utf8') return (a, b) => Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  if (type.kind === 'float') {
    return (a, b) => {
      const [x, y] = [a as number, b as number];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return x < y ? -1 : x > y ? 1 : 0;
    };
  }
  const key = (v: RawValue): bigint | number | string | boolean => {
    if (type.kind !== 'interval') return v as bigint | number | string | boolean;
    const { months, days, micros } = v as { months: number; days: number; micros: bigint };
    return BigInt(months * 30 + days) * 86_400_000_000n + micros;
  };
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

describe.each([...small, ...floats, ...others])('min and max of $type', c => {
  const compare = order(c.type);
  it('is the extreme in the order of the type', () => {
    agrees(min, c, values => fold(values, (a, b) => compare(a, b) < 0));
    agrees(max, c, values => fold(values, (a, b) => compare(a, b) > 0));
  });
});

describe.each(small)('sum and avg of $type', c => {
  it('sums exactly', () => {
    agrees(sum, c, values =>
      values.length === 0 ? null : values.reduce((s: bigint, v) => s + BigInt(v as bigint), 0n),
    );
  });
  it('averages as exactly as a double can', () => {
    const scale = c.type.kind === 'decimal' ? c.type.scale : 0;
    agrees(avg, c, values => {
      if (values.length === 0) return null;
      const total = values.reduce((s: bigint, v) => s + BigInt(v as bigint), 0n);
      return nearestQuotient(total, BigInt(values.length) * 10n ** BigInt(scale));
    });
  });
});

/** The double nearest to a / b. */
function nearestQuotient(a: bigint, b: bigint): number {
  const negative = a < 0n;
  const scaled = (negative ? -a : a) << 1100n;
  const q = scaled / b;
  const bits = q.toString(2).length;
  const drop = BigInt(Math.max(0, bits - 53));
  const kept = q >> drop;
  const rest = q - (kept << drop);
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  const up = drop > 0n && (rest > half || (rest === half && (scaled % b > 0n || (kept & 1n) === 1n)));
  const exponent = Number(drop) - 1100;
  const value =
    Number(kept + (up ? 1n : 0n)) * 2 ** Math.max(-1000, exponent) * 2 ** (exponent - Math.max(-1000, exponent));
  return negative ? -value : value;
}

describe.each(floats)('sum and avg of $type', c => {
  it('adds doubles', () => {
    const finite = {
      ...c,
      value: fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(v => (c.type === t.FLOAT32 ? Math.fround(v) : v)),
    };
    const close = (fn: AggregateFunction, values: Values): void => {
      const plain = values as readonly number[];
      const expected = plain.reduce((s, v) => s + v, 0) / (fn === avg ? plain.length : 1);
      const [found] = runAggregate(fn, { columns: [{ type: c.type, values }], count: values.length, parts: 2 });
      expect(found).toBeCloseTo(expected, 3);
    };
    fc.assert(
      fc.property(fc.array(finite.value, { minLength: 1, maxLength: 50 }), values =>
        [sum, avg].forEach(fn => {
          close(fn, values);
        }),
      ),
    );
  });
});

describe('sum', () => {
  it('reports sums beyond 128 bits', () => {
    const values = [2n ** 127n - 1n, 1n];
    const run = (parts: number): unknown =>
      runAggregate(sum, { columns: [{ type: t.INT128, values }], count: 2, parts });
    expect(() => run(1)).toThrow(/128-bit/);
    expect(() => run(2)).toThrow(/128-bit/);
  });
  it('sums constants and booleans', () => {
    expect(runAggregate(sum, { columns: [{ type: t.INT32, constant: -3 }], count: 5 })).toEqual([-15n]);
    expect(runAggregate(sum, { columns: [{ type: t.BOOLEAN, values: [true, null, true] }], count: 3 })).toEqual([2n]);
  });
});

describe('avg', () => {
  it('of instants is an instant', () => {
    const columns = [{ type: t.TIMESTAMP, values: [10n, 21n, null] }];
    expect(runAggregate(avg, { columns, count: 3 })).toEqual([15n]);
  });
});

describe('count', () => {
  it('counts values, and rows', () => {
    agrees(count, { type: t.UTF8, value: text }, values => BigInt(values.length));
    expect(runAggregate(count, { columns: [], count: 7 })).toEqual([7n]);
    expect(runAggregate(count, { columns: [], count: 5, groups: [0, 1, 1, 0, 1], groupCount: 2, parts: 2 })).toEqual([
      2n,
      3n,
    ]);
  });
});
